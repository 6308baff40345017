"""Whatever a stranger wrote, feedback shows it and does nothing else."""

import re

from hypothesis import given
from hypothesis import strategies as st

from essaydrill.bank import Item
from essaydrill.reports.feedback import Feedback, MarkedScript, UnmarkedScript
from essaydrill.reports.feedback_html import feedback_html
from essaydrill.reports.feedback_markdown import feedback_markdown
from essaydrill.scoring import Scorer

ITEM = Item.from_references("简述问题", ["一是投入不足；二是人手不够。"])
SIGNS = "<>&\"'`*_{}[]()#+-=.!|~$@^\\: \t\n1a一。\u202e\x1b\ud800"
TEXTS = st.text(st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=40)
RESULT = Scorer(ITEM).score("")


def feedback(text: str) -> Feedback:
    """`text` wherever a stranger's text may stand; nothing of it is marked."""
    return Feedback(text, [MarkedScript(ITEM, RESULT, text), UnmarkedScript(text, text, text)])


@given(TEXTS)
def test_nothing_acts_in_markdown(text: str) -> None:
    own = feedback_markdown(feedback("")).count("\n\n")
    shown = feedback_markdown(feedback(text))
    shown.encode("utf-8")
    assert not re.search(r"(?<!\\)(?:\\\\)*[<`*\[~$@]", shown)
    assert shown.count("\n\n") - own <= text.count("\n") + 20
    for block in shown.split("\n\n"):
        assert not block.startswith(("    ", "\t", "---", "===", "+ ", "- ", "+\n"))


@given(TEXTS)
def test_nothing_acts_in_html(text: str) -> None:
    plain, shown = (feedback_html(feedback(each)).partition("</style>")[2] for each in ("某", text))
    shown.encode("utf-8")
    assert set(re.findall("<[^>]*>", shown)) <= set(re.findall("<[^>]*>", plain))


def test_signs_are_escaped_and_words_are_not() -> None:
    text = feedback_markdown(feedback("1. 一*二* <b> http://x.cn www.x.cn [a](b)"))
    assert "# 1\\. 一\\*二\\* \\<b\\> http\\://x.cn www\\.x.cn \\[a\\](b)" in text
    assert "## - " not in feedback_markdown(feedback("- 破折号"))
