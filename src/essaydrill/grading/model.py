"""What is known of one script: where it came from, who wrote it, and its mark or the reason why it has none."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from essaydrill.scoring.result import Result

Status = Literal["marked", "empty", "unreadable", "wrong_prompt", "failed", "missing"]
KnownBy = Literal["column", "front_matter", "file_name", "folder", "option"]

STATUS_NAMES: dict[Status, str] = {
    "marked": "已评分",
    "empty": "空白",
    "unreadable": "读不出",
    "wrong_prompt": "题目不明",
    "failed": "评分出错",
    "missing": "缺交",
}
"""Six things that are never mixed up: a script marked 0 is `marked`, all others have no mark at all."""

STATUS_NOTES: dict[Status, str] = {
    "marked": "有分数；0 分也是评出来的分数",
    "empty": "交了，但没有写字：没有分数，请老师定",
    "unreadable": "交了，但文件读不出：没有分数，请让学生重交",
    "wrong_prompt": "交了，但看不出答的是题库里的哪道题：没有分数",
    "failed": "读得出，但评分没有完成（超时或出错）：没有分数",
    "missing": "名册里有这名学生，没有找到作答：没有分数",
}

FAILURES: tuple[Status, ...] = ("unreadable", "wrong_prompt", "failed")
"""What makes a run end with exit code 1."""

KNOWN_BY_NAMES: dict[KnownBy, str] = {
    "column": "表格的列",
    "front_matter": "文首的“题目：”",
    "file_name": "文件名",
    "folder": "文件夹名",
    "option": "--prompt",
}


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Frozen):
    """Where a script lies: a file, in it a member of an archive, in that a sheet, a row (as counted in the file, the
    header included) and, where a row holds several answers, a column. Names are readable text, whatever the disk has.
    """

    path: str
    member: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    @property
    def shown(self) -> str:
        parts = [self.path, *filter(None, (self.member, self.sheet))]
        place = " › ".join(parts)
        if self.row is not None:
            place += f" 第 {self.row} 行"
        return f"{place} “{self.column}”" if self.column else place


class Said(Frozen):
    """What a script says of itself, in its first lines or in the columns beside it."""

    prompt: str | None = None
    student_id: str | None = None
    student_name: str | None = None
    group: str | None = None


NOTHING_SAID = Said()


class Student(Frozen):
    """Who wrote a script. `listed` tells whether the roster has them; None where there is no roster."""

    id: str | None = None
    name: str | None = None
    group: str | None = None
    listed: bool | None = None

    @property
    def shown(self) -> str:
        return " ".join(filter(None, (self.id, self.name))) or "（没有姓名）"


class Record(Frozen):
    """One line of `results.jsonl`, schema 1. `result` is there exactly when `status` is `marked`, and is what
    `essaydrill score --json` prints; its evidence points into `answer`.

    `key` identifies place and content of the script, `sha256` its content alone. `repeat` is 2 for the second script of
    the same student on the same prompt. `hand_mark` is a person's mark, from a column.
    """

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    schema_version: Literal[1] = Field(default=1, alias="schema")
    key: str
    status: Status
    source: Source
    student: Student
    repeat: int = 1
    prompt: str | None = None
    known_by: KnownBy | None = None
    reason: str = ""
    sha256: str | None = None
    said: Said = NOTHING_SAID
    hand_mark: float | None = None
    answer: str | None = None
    result: Result | None = None
