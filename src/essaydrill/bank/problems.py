"""What is wrong with a bank file, with its place."""

from dataclasses import dataclass
from typing import Any

from essaydrill.errors import BankError

_SHOWN = 6  # more problems than this in one file usually have one cause


@dataclass(frozen=True)
class Problem:
    """One problem of one file: `line` and `column` count from 1, `field` is like `points[p1].marks`."""

    file: str
    message: str
    line: int | None = None
    column: int | None = None
    field: str = ""

    def __str__(self) -> str:
        place = f" 第 {self.line} 行" if self.line else ""
        place += f"第 {self.column} 列" if self.line and self.column else ""
        field = f"，{self.field}" if self.field else ""
        return f"{self.file}{place}{field}：{self.message}"


class InvalidFileError(BankError):
    """A bank file cannot be used; `str` has one line per problem, `problems` has them all."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = [str(problem) for problem in problems[:_SHOWN]]
        if len(problems) > _SHOWN:
            lines.append(f"……这个文件另有 {len(problems) - _SHOWN} 处问题")
        super().__init__("\n".join(lines))
        self.problems = problems

    def __reduce__(self) -> tuple[Any, ...]:
        return (InvalidFileError, (self.problems,))
