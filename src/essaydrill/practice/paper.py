"""A mock paper (模拟卷): which prompts it asks, what they are worth together, and where saved papers lie."""

import re
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field

from essaydrill.bank.models import Frozen, Identifier, Marks
from essaydrill.errors import StoreError, UsageError
from essaydrill.paths import user_data

_NAME = re.compile(r"[^\W_][\w \-.]{0,59}")


class Paper(Frozen):
    """The prompts of a mock paper in their order. `total` is what they are worth, `wanted` what was asked for;
    `minutes` is the time for the whole paper; `seed` repeats the choice as long as the bank does not change."""

    prompts: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    total: Marks
    wanted: Marks
    minutes: int = Field(gt=0)
    seed: int


class Papers:
    """Saved papers: one file `<name>.yaml` each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls) -> Self:
        """The user's own."""
        return cls(user_data() / "papers")

    def save(self, name: str, paper: Paper, *, force: bool = False) -> Path:
        """Write the paper; one of this name is replaced only by `force`. Raises `UsageError` or `StoreError`."""
        import yaml

        path = self._path(name)
        text = yaml.safe_dump(paper.model_dump(mode="json"), allow_unicode=True, sort_keys=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            raise UsageError(f"已有名为“{name}”的试卷，换个名字，或加上 --force 换掉它") from None
        except OSError as error:
            raise StoreError(f"{path}：试卷存不下来（{error.strerror}）") from error
        return path

    def load(self, name: str) -> Paper:
        """The saved paper of this name; raises `UsageError` where there is none, `BankError` for a broken file."""
        from essaydrill.bank.load import load_file

        path = self._path(name)
        if not path.is_file():
            names = "、".join(self.names())
            hint = f"现有：{names}" if names else "还没有存过试卷，用 essaydrill paper --save 名字 存一份"
            raise UsageError(f"没有名为“{name}”的试卷，{hint}")
        return load_file(path, Paper).model

    def names(self) -> list[str]:
        """The names of the saved papers in alphabetical order."""
        return sorted(path.stem for path in self.folder.glob("*.yaml") if _NAME.fullmatch(path.stem))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"试卷名“{name}”不行：用汉字、字母、数字、空格和 - _ .，以汉字、字母或数字开头，最多 60 个字"
            )
        return self.folder / f"{name}.yaml"
