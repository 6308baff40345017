"""All questions at hand: the built-in bank with the user's own laid over it."""

from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from essaydrill import paths
from essaydrill.bank.index import Index
from essaydrill.bank.layer import PROMPTS, REFERENCES, Layer
from essaydrill.bank.problems import InvalidFileError, Problem
from essaydrill.errors import BankError, UsageError

if TYPE_CHECKING:
    from essaydrill.bank.item import Item
    from essaydrill.bank.load import Loaded
    from essaydrill.bank.models import Prompt, Reference
    from essaydrill.bank.shown import ShownPrompt
    from essaydrill.bank.topics import Topic

_TITLE_LENGTH = 24  # a prompt without a title is listed by the beginning of its task


@dataclass(frozen=True)
class Entry:
    """What a listing shows of a prompt. `limit` is the length requirement as in JSON: {"max": 200}."""

    id: str
    topic: str
    kind: str
    genre: str | None
    title: str
    max_score: float
    minutes: int | None
    difficulty: int
    limit: dict[str, int] | None
    path: str
    source: str


class Bank:
    """Prompts and references by id. Files are read when asked for, and only those of the prompt asked for."""

    def __init__(self, layers: tuple[Layer, ...]) -> None:
        """`layers` from the lowest to the topmost; `Bank.open` is the usual way to make a bank."""
        self.layers = layers

    @classmethod
    def open(cls, folder: str | Path | None = None, *, builtin: bool = True) -> Self:
        """The built-in bank, over it the user's own, over that `folder`; `builtin=False` takes `folder` alone.

        `folder` contains `prompts/` and `reference_answers/`. Raises `BankError` where it has no `prompts/`.
        """
        layers: list[Layer] = []
        if builtin:
            layers.append(Layer(paths.shipped_data().absolute(), "builtin"))
            own = (paths.user_data() / "bank").absolute()
            if (own / PROMPTS).is_dir():
                layers.append(Layer(own, "user"))
        elif folder is None:
            raise UsageError("不用内置题库时（builtin=False）要给出题库目录")
        if folder is not None:
            layers.append(Layer(_bank_folder(Path(folder)).absolute(), str(folder)))
        return cls(tuple(layers))

    def __getitem__(self, identifier: str) -> "Item":
        """The item with this id; `UsageError` names near ids where there is none, `BankError` a file's faults."""
        from essaydrill.bank.item import Item

        return Item(self.load_prompt(identifier).model, self.load_reference(identifier).model)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._homes

    def __len__(self) -> int:
        return len(self._homes)

    def __iter__(self) -> Iterator[str]:
        """The ids of all prompt files in alphabetical order, those of broken files among them."""
        return iter(sorted(self._homes))

    def prompt(self, identifier: str) -> "Prompt":
        """The prompt alone; its reference file is not read."""
        return self.load_prompt(identifier).model

    def shown(self, identifier: str) -> "ShownPrompt":
        """The prompt for showing it alone: quicker than `prompt`, from the index where its file has not changed."""
        from essaydrill.bank.shown import load_shown

        layer = self._home(identifier)
        path = layer.prompts[identifier][0]
        return load_shown(path, layer.shown(path))

    def load_prompt(self, identifier: str) -> "Loaded[Prompt]":
        """The prompt with the places of its fields in the file."""
        from essaydrill.bank.load import load_prompt

        layer = self._home(identifier)
        path = layer.prompts[identifier][0]
        return load_prompt(Path(path), layer.shown(path))

    def load_reference(self, identifier: str) -> "Loaded[Reference]":
        """The reference with the places of its fields; it stands in the prompt's layer or in one above."""
        from essaydrill.bank.load import load_reference

        home = self._home(identifier)
        for layer in reversed(self.layers[self.layers.index(home) :]):
            if identifier in layer.references:
                path = layer.references[identifier][0]
                return load_reference(Path(path), layer.shown(path))
        wanted = home.root / REFERENCES / Path(home.prompts[identifier][0]).relative_to(home.root / PROMPTS)
        raise InvalidFileError((Problem(home.shown(wanted), f"文件不存在，题目 {identifier} 要有参考答案"),))

    def entries(self) -> "tuple[Entry, ...]":
        """All prompts whose files are valid, ordered by topic and id; from the index where files have not changed."""
        return self._listing[0]

    def problems(self) -> tuple[Problem, ...]:
        """What keeps prompt files out of `entries()`."""
        return self._listing[1]

    def topics(self) -> "tuple[Topic, ...]":
        """The listed topics, then those that only prompts of this bank name, each its own slug."""
        from essaydrill.bank.topics import Topic, listed_topics

        listed = listed_topics()
        known = {topic.slug for topic in listed}
        own = sorted({entry.topic for entry in self.entries()} - known)
        return (*listed, *(Topic(slug, slug) for slug in own))

    def topic(self, name: str) -> "Topic":
        """The topic with this slug, Chinese name or alias; `UsageError` with near names where there is none."""
        from essaydrill.bank.topics import find_topic

        return find_topic(name, self.topics())

    def notes(self) -> dict[str, Path]:
        """Topic slug → its study notes `notes/<slug>.md`; those of a higher layer win."""
        found = {path.stem: path for layer in self.layers for path in (layer.root / "notes").glob("*.md")}
        return dict(sorted(found.items()))

    @cached_property
    def _homes(self) -> ChainMap[str, Layer]:
        """Id → the topmost layer that has its prompt."""
        return ChainMap(*(dict.fromkeys(layer.prompts, layer) for layer in reversed(self.layers)))

    def _home(self, identifier: str) -> Layer:
        if identifier in self._homes:
            return self._homes[identifier]
        import difflib

        near = difflib.get_close_matches(identifier.lower(), list(self), n=3, cutoff=0.5)
        hint = f"，相近的有 {'、'.join(near)}" if near else "，用 essaydrill list 看全部题目"
        raise UsageError(f"没有题目“{identifier}”{hint}")

    @cached_property
    def _listing(self) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
        entries: list[Entry] = []
        problems: list[Problem] = []
        for layer in self.layers:
            index = Index("prompts", layer.root)
            for identifier, (path, *_) in layer.prompts.items():
                found = _entry(index, layer, path)
                if self._homes[identifier] is not layer:
                    continue
                if isinstance(found, Entry):
                    entries.append(found)
                else:
                    problems += found
            index.save()
        entries.sort(key=lambda entry: (entry.topic, entry.id))
        return tuple(entries), tuple(problems)


def _bank_folder(folder: Path) -> Path:
    folder = folder.expanduser()
    if not folder.is_dir():
        raise BankError(f"{folder}：找不到这个题库目录")
    if not (folder / PROMPTS).is_dir():
        raise BankError(f"{folder}：不是题库目录，里面应有 {PROMPTS}/ 和 {REFERENCES}/")
    return folder


def _entry(index: Index, layer: Layer, path: str) -> Entry | list[Problem]:
    """The prompt at `path` as the index has it or as it is read now; its problems where it is not valid."""
    try:
        return _from_summary(index.get(path, _summary), layer, path)
    except TypeError:  # the index was written by something else
        return _from_summary(_summary(path), layer, path)


def _from_summary(found: dict[str, Any], layer: Layer, path: str) -> Entry | list[Problem]:
    if "problems" not in found:
        return Entry(**found, path=path, source=layer.source)
    return [Problem(**{**problem, "file": layer.shown(path)}) for problem in found["problems"]]


def _summary(path: str) -> dict[str, Any]:
    """What the index keeps of a prompt file."""
    from dataclasses import asdict

    from essaydrill.bank.shown import load_shown

    try:
        prompt = load_shown(path)
    except InvalidFileError as invalid:
        return {"problems": [asdict(problem) for problem in invalid.problems]}
    fields = ("id", "topic", "kind", "genre", "max_score", "minutes", "difficulty")
    task = " ".join(prompt.task.split())
    short = task if len(task) <= _TITLE_LENGTH else task[:_TITLE_LENGTH] + "…"
    limit = asdict(prompt.limit) if prompt.limit else {}
    return {
        **{name: getattr(prompt, name) for name in fields},
        "title": prompt.title or short,
        "limit": {bound: cells for bound, cells in limit.items() if cells is not None} or None,
    }
