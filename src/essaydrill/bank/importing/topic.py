"""Which of the listed topics a document is about."""

from collections.abc import Sequence

from essaydrill.bank.topics import Topic, listed_topics

GENERAL = "general"

_TITLE, _TASKS = 8, 4  # times that a word of the title, of the tasks counts as much as one of the text


def guess_topic(title: str, tasks: Sequence[str], text: Sequence[str]) -> str:
    """The slug of the topic whose names stand most often in the document; `GENERAL` where none does.

    A longer name says more: 社会治理 is a topic, 创新 is a word that any text may use.
    """
    said = ((title, _TITLE), ("\n".join(tasks), _TASKS), ("\n".join(text), 1))

    def weight(topic: Topic) -> int:
        names = {topic.name, *topic.aliases}
        return sum(times * part.count(name) * len(name) ** 2 for part, times in said for name in names)

    best = max(listed_topics(), key=weight)
    return best.slug if weight(best) else GENERAL
