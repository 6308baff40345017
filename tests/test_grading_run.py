"""Whole runs: what comes out, what is kept, what is marked again, and what a killed run leaves."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from essaydrill.errors import EssaydrillError, UsageError
from essaydrill.grading import Finished, Progress, grade
from essaydrill.grading.lock import locked
from essaydrill.grading.shelf import WORKING
from essaydrill.scoring import Result, Scorer
from essaydrill.scoring.calibration import Calibration, Figures, OwnQuestion
from grading_samples import (
    GOOD,
    HALF,
    SCHOOL,
    VILLAGE,
    WORTHLESS,
    by_name,
    docx,
    make_bank,
    make_plan,
    put,
    records,
    settled_bytes,
    xlsx,
)

MIXED = {
    "张三.txt": GOOD,
    "2023002_李四.txt": HALF,
    "零分.txt": WORTHLESS,
    "空白.txt": " \n\u200b\n",
    "坏的.txt": bytes(range(256)) * 20,
    f"{SCHOOL}/王五.docx": docx(*GOOD.split()),
    "village-summary-77__赵六.txt": GOOD,
}
ROSTER = "学号,姓名,班级\n2023001,张三,一班\n2023002,李四,一班\n2023009,缺交生,二班\n"


def statuses(out: Path) -> dict[str, str]:
    return {record.source.shown or f"{record.prompt}/{record.student.name}": record.status for record in records(out)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "in", MIXED)
    put(tmp_path, {"名册.csv": ROSTER})
    return tmp_path


def test_six_things_stay_six_things(folder: Path) -> None:
    finished = grade(make_plan(folder, roster=folder / "名册.csv"))
    assert statuses(folder / "out") == {
        "张三.txt": "marked",
        "2023002_李四.txt": "marked",
        "零分.txt": "marked",
        "空白.txt": "empty",
        "坏的.txt": "unreadable",
        f"{SCHOOL}/王五.docx": "marked",
        "village-summary-77__赵六.txt": "wrong_prompt",
        f"{SCHOOL}/张三": "missing",
        f"{SCHOOL}/李四": "missing",
        f"{SCHOOL}/缺交生": "missing",
        f"{VILLAGE}/缺交生": "missing",
    }
    assert by_name(folder / "out")["零分.txt"].result is not None
    counts = json.loads((folder / "out" / "run.json").read_text("utf-8"))["counts"]
    assert counts == {"marked": 4, "empty": 1, "unreadable": 1, "wrong_prompt": 1, "failed": 0, "missing": 4}
    assert finished.summary.counts == {status: n for status, n in counts.items() if n}
    assert finished.failed == 2


def test_results_are_what_score_gives(folder: Path) -> None:
    grade(make_plan(folder))
    scorer = Scorer(make_bank(folder / "bank")[VILLAGE])
    record = by_name(folder / "out")["张三.txt"]
    assert record.result == scorer.score(GOOD)
    assert record.answer == GOOD
    (line, *_) = [x for x in (folder / "out" / "results.jsonl").read_text("utf-8").splitlines() if "张三" in x]
    data = json.loads(line)
    assert data["schema"] == 1
    assert json.dumps(data["result"]) == json.dumps(json.loads(scorer.score(GOOD).model_dump_json()))
    assert Result.model_validate(data["result"]) == record.result


def test_the_roster_gives_names_and_numbers(folder: Path) -> None:
    grade(make_plan(folder, roster=folder / "名册.csv"))
    found = by_name(folder / "out")
    assert found["张三.txt"].student.model_dump() == {"id": "2023001", "name": "张三", "group": "一班", "listed": True}
    assert found["2023002_李四.txt"].student.name == "李四"
    assert found["零分.txt"].student.listed is False
    assert found["空白.txt"].student.id is None


def test_names_that_two_share_are_nobodys(tmp_path: Path) -> None:
    put(tmp_path / "in", {"张三.txt": GOOD, "7002 张三.txt": GOOD})
    put(tmp_path, {"名册.txt": "7001 张三\n7002 张三\n"})
    grade(make_plan(tmp_path, roster=tmp_path / "名册.txt"))
    found = by_name(tmp_path / "out")
    assert found["张三.txt"].student.listed is False
    assert found["7002 张三.txt"].student.id == "7002"
    assert [r.student.id for r in records(tmp_path / "out") if r.status == "missing"] == ["7001"]


def test_again_nothing_is_marked_and_nothing_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grade(make_plan(folder, roster=folder / "名册.csv"))
    before = settled_bytes(folder / "out")
    monkeypatch.setattr(Scorer, "score", None)
    monkeypatch.setattr(Scorer, "score_many", None)
    finished = grade(make_plan(folder, roster=folder / "名册.csv"))
    assert finished.reused == 4
    assert settled_bytes(folder / "out") == before


def marked_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The answers that are marked from now on."""
    texts: list[str] = []
    original = Scorer.score_many

    def spy(self: Scorer, answers: list[str]) -> list[Result]:
        texts.extend(answers)
        return original(self, answers)

    monkeypatch.setattr(Scorer, "score_many", spy)
    return texts


def test_only_what_changed_is_marked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grade(make_plan(folder))
    texts = marked_texts(monkeypatch)
    put(folder / "in", {"张三.txt": HALF, "新来的.txt": GOOD})
    (folder / "in" / "2023002_李四.txt").rename(folder / "in" / "改名.txt")
    grade(make_plan(folder))
    assert sorted(texts) == sorted([HALF, GOOD, HALF])
    found = by_name(folder / "out")
    assert "2023002_李四.txt" not in found
    assert found["改名.txt"].result == found["张三.txt"].result


def test_another_roster_marks_nothing_but_names_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grade(make_plan(folder))
    texts = marked_texts(monkeypatch)
    grade(make_plan(folder, roster=folder / "名册.csv"))
    assert texts == []
    assert by_name(folder / "out")["张三.txt"].student.id == "2023001"
    fresh = folder / "fresh"
    grade(make_plan(folder, roster=folder / "名册.csv", out=fresh))
    assert settled_bytes(fresh) == settled_bytes(folder / "out")


def test_force_another_prompt_and_an_edited_scheme_mark_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grade(make_plan(folder))
    texts = marked_texts(monkeypatch)
    grade(make_plan(folder, force=True))
    assert len(texts) == 4
    grade(make_plan(folder, prompt=SCHOOL))
    assert len(texts) == 7
    reference = folder / "bank" / "reference_answers" / "governance" / f"{SCHOOL}.yaml"
    plan = make_plan(folder, prompt=SCHOOL)
    reference.write_text(reference.read_text("utf-8").replace("老龄化", "老化"), "utf-8")
    grade(plan)
    assert len(texts) == 11


def test_calibrations_adjust_the_marks_and_bring_their_own_questions(folder: Path) -> None:
    figures = Figures(qwk=0.5, mae=0.2)
    item = make_bank(folder / "bank")[VILLAGE]
    kept: dict[str, Any] = {"answers": 30, "method": "scale", "half_width": 0.1, "before": figures, "after": figures}
    scorer = Scorer(item)
    lower = Calibration(prompt=VILLAGE, digest=item.digest, model=scorer.model_version, constant=-0.2, **kept)
    question = OwnQuestion(task="谈谈村里的困难", max_score=5, references=("财政困难，投入不足。队伍老龄化。",))
    own_item = question.item("村里的困难")
    own_model = Scorer(own_item).model_version
    own = Calibration(prompt="村里的困难", digest=own_item.digest, model=own_model, question=question, **kept)
    put(folder / "in", {"村里的困难/孙八.txt": GOOD})
    grade(make_plan(folder))
    before = by_name(folder / "out")["张三.txt"].result
    grade(make_plan(folder, calibrations=(lower, own)))
    found = by_name(folder / "out")
    assert found["张三.txt"].result == Scorer(item, calibration=lower).score(GOOD)
    assert before is not None
    assert found["张三.txt"].result != before
    assert found["村里的困难/孙八.txt"].prompt == "村里的困难"
    assert found["村里的困难/孙八.txt"].result == Scorer(own_item, calibration=own).score(GOOD)
    settings = json.loads((folder / "out" / "run.json").read_text("utf-8"))["settings"]
    assert settings["calibrations"] == {VILLAGE: lower.hash, "村里的困难": own.hash}
    with pytest.raises(UsageError, match="校准"):
        grade(make_plan(folder, calibrations=(lower.model_copy(update={"digest": "other"}),)))


def test_failures_are_tried_again(folder: Path) -> None:
    grade(make_plan(folder))
    put(folder / "in", {"坏的.txt": GOOD})
    assert grade(make_plan(folder)).summary.counts.get("unreadable", 0) == 0


def test_a_script_that_breaks_the_marking_is_a_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Scorer.score

    def score(self: Scorer, text: str) -> Result:
        if text == HALF:
            raise ZeroDivisionError
        if text == WORTHLESS:
            time.sleep(30)
        return original(self, text)

    def score_many(self: Scorer, texts: Iterable[str]) -> list[Result]:
        return [score(self, text) for text in texts]

    monkeypatch.setattr(Scorer, "score", score)
    monkeypatch.setattr(Scorer, "score_many", score_many)
    finished = grade(make_plan(folder, seconds=0.3))
    found = by_name(folder / "out")
    assert finished.summary.counts["failed"] == 2
    assert "ZeroDivisionError" in found["2023002_李四.txt"].reason
    assert "0.3 秒" in found["零分.txt"].reason
    assert found["张三.txt"].status == "marked"


def test_a_broken_bank_file_fails_its_scripts_alone(folder: Path) -> None:
    plan = make_plan(folder)
    file = folder / "bank" / "reference_answers" / "governance" / f"{SCHOOL}.yaml"
    file.write_text("prompt: [", "utf-8")
    grade(plan)
    found = by_name(folder / "out")
    assert found[f"{SCHOOL}/王五.docx"].status == "failed"
    assert found["张三.txt"].status == "marked"


def test_plans_that_cannot_be_carried_out(tmp_path: Path) -> None:
    put(tmp_path / "in", {"a.txt": GOOD})
    for changes in (
        {"prompt": "village-summary-02"},
        {"inputs": (tmp_path / "nowhere",)},
        {"formats": ("pdf",)},
        {"roster": tmp_path / "in" / "a.txt", "prompt": "x"},
    ):
        with pytest.raises(UsageError):
            grade(make_plan(tmp_path, **changes))
    with pytest.raises(EssaydrillError, match="名册"):
        grade(make_plan(tmp_path, roster=put(tmp_path, {"r.csv": "答案\nx\n"}) / "r.csv"))
    assert not (tmp_path / "out").exists()


def test_packages_that_are_not_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder / "in", {"a.xlsx": xlsx([["答案"], [GOOD]])})
    for module in ("openpyxl", "lxml.etree"):
        monkeypatch.setitem(sys.modules, module, None)
    grade(make_plan(folder))
    found = by_name(folder / "out")
    assert "essaydrill[grade]" in found["a.xlsx"].reason
    assert "essaydrill[import]" in found[f"{SCHOOL}/王五.docx"].reason
    assert found["张三.txt"].status == "marked"


def test_two_runs_do_not_mix(folder: Path) -> None:
    with locked(folder / "out" / WORKING / "lock"), pytest.raises(UsageError, match="另一个"):
        grade(make_plan(folder))
    grade(make_plan(folder))


def test_progress_ends_at_all_of_a_table_with_long_cells(tmp_path: Path) -> None:
    put(tmp_path / "in", {"a.csv": "姓名,答案\n" + "".join(f'张{n},"{GOOD}\n第二段"\n' for n in range(3))})
    told: list[Progress] = []
    grade(make_plan(tmp_path), told.append)
    assert (told[-1].done, told[-1].total) == (3, 3)


def test_progress_ends_at_all(folder: Path) -> None:
    told: list[Progress] = []
    grade(make_plan(folder), told.append)
    last = told[-1]
    assert (last.done, last.total, last.reused, last.failed) == (7, 7, 0, 2)
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)


def test_two_processes_give_the_same_bytes(folder: Path) -> None:
    put(folder / "in", {f"班/{n}.txt": GOOD * (n % 3) + HALF + str(n) for n in range(90)})
    grade(make_plan(folder))
    grade(make_plan(folder, jobs=2, out=folder / "two"))
    assert settled_bytes(folder / "two") == settled_bytes(folder / "out")


def interrupted(plan_folder: Path, after: int) -> None:
    """A run that dies when `after` chunks are done."""

    def tell(_: Progress) -> None:
        nonlocal after
        after -= 1
        if after < 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(make_plan(plan_folder), tell)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_interrupted_run_goes_on(folder: Path, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder / "in", {f"班/{n}.txt": HALF + str(n) for n in range(70)})
    grade(make_plan(folder, out=folder / "whole"))
    interrupted(folder, after)
    journal = folder / "out" / WORKING / "journal.jsonl"
    assert not (folder / "out" / "results.jsonl").exists()
    kept = journal.read_bytes().count(b'"status":"marked"')
    with journal.open("ab") as file:
        file.write(b'{"schema":1,"key":"0123')  # what a killed process was writing
    texts = marked_texts(monkeypatch)
    finished = grade(make_plan(folder))
    assert len(texts) == 74 - kept
    assert finished.reused == kept
    assert settled_bytes(folder / "out") == settled_bytes(folder / "whole")
    assert not journal.exists()


@pytest.mark.parametrize(
    "garbage", [b"\x00" * 5000, b"not json\n", b'{"schema":1,"key":"' + b"z" * 32 + b'","status":"marked",}\n']
)
def test_a_damaged_journal_costs_time_and_nothing_else(folder: Path, garbage: bytes) -> None:
    grade(make_plan(folder, out=folder / "whole"))
    interrupted(folder, 1)
    with (folder / "out" / WORKING / "journal.jsonl").open("ab") as file:
        file.write(garbage)
    grade(make_plan(folder))
    assert settled_bytes(folder / "out") == settled_bytes(folder / "whole")


def test_earlier_results_of_another_make_are_not_believed(folder: Path) -> None:
    grade(make_plan(folder))
    before = settled_bytes(folder / "out")
    results = folder / "out" / "results.jsonl"
    results.write_bytes(results.read_bytes().replace(b'"band":', b'"bond":').replace(b"essaydrill:", b"other:"))
    assert grade(make_plan(folder)).reused == 0
    assert settled_bytes(folder / "out") == before


def test_a_full_disk_leaves_the_old_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grade(make_plan(folder))
    before = settled_bytes(folder / "out")
    put(folder / "in", {"张三.txt": HALF})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            grade(make_plan(folder))
    assert settled_bytes(folder / "out") == before
    assert [path.name for path in (folder / "out").iterdir() if path.name.endswith(".new")] == []
    grade(make_plan(folder))
    assert settled_bytes(folder / "out") != before


SCRIPT = """
import sys
from pathlib import Path
from grading_samples import make_plan
from essaydrill.grading import grade
if __name__ == "__main__":
    grade(make_plan(Path(sys.argv[1]), jobs=2))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_killed_at_random_moments_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    put(tmp_path / "in", {f"{n:03}.txt": (GOOD if n % 2 else HALF) + f"第{n}份。" * 20 for n in range(500)})
    grade(make_plan(tmp_path, out=tmp_path / "whole"))
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    journal = tmp_path / "out" / WORKING / "journal.jsonl"
    rng = random.Random(5)
    for _ in range(2):
        before = journal.stat().st_size if journal.exists() else 0
        wanted = before + rng.randrange(150_000)
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, start_new_session=True)
        while process.poll() is None and (not journal.exists() or journal.stat().st_size <= wanted):
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert journal.stat().st_size > wanted
    finished: Finished = grade(make_plan(tmp_path))
    assert 0 < finished.reused < 500
    assert finished.summary.counts == {"marked": 500}
    assert settled_bytes(tmp_path / "out") == settled_bytes(tmp_path / "whole")
