"""What is told of a class, against figures worked out by hand or the slow way."""

import itertools
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essaydrill.agreement.metrics import mae, qwk
from essaydrill.grading import ClassSummary, Results, grade, students, summarise
from essaydrill.grading.distribution import agreement_of, distribution_of
from essaydrill.grading.duplicates import ALIKE, RUN, Sketches, duplicate_pairs
from essaydrill.grading.gradebook import Sheet
from essaydrill.grading.model import Record, Source, Student
from essaydrill.grading.point_summary import PointTally, Quote
from essaydrill.grading.tally import Tally
from essaydrill.scoring import Evidence, PointResult
from essaydrill.scoring.result import Status
from grading_samples import GOOD, HALF, SCHOOL, VILLAGE, WORTHLESS, make_plan, put

NEAR = "一是村级财政困难，治理的投入太少了。\n二是干部作风需要改进。\n"


@pytest.fixture
def summary(tmp_path: Path) -> ClassSummary:
    answers = {f"{n}.txt": text for n, text in enumerate([GOOD, GOOD, GOOD, HALF, HALF, WORTHLESS])}
    put(
        tmp_path / "in",
        {
            **answers,
            "空白.txt": "",
            f"{SCHOOL}/a.txt": HALF,
            "手.csv": f'姓名,答案,人工分\n甲,"{GOOD}",9\n乙,"{HALF}",7\n',
        },
    )
    return grade(make_plan(tmp_path)).summary


def test_counts_and_marks(summary: ClassSummary) -> None:
    assert summary.counts == {"marked": 9, "empty": 1}
    school, village = summary.prompts
    assert (school.prompt, village.prompt) == (SCHOOL, VILLAGE)
    assert village.counts == {"marked": 8, "empty": 1}
    assert village.marks is not None
    assert village.marks.n == 8
    assert sum(bar.count for bar in village.marks.bars) == 8
    assert sum(village.bands.values()) == 8
    assert [case.status for case in village.unmarked] == ["empty"]
    assert village.signature.startswith("essaydrill:")


def test_points_come_worst_first_with_what_was_written_instead(summary: ClassSummary) -> None:
    worst, best = summary.prompts[1].points
    assert (worst.id, best.id) == ("p2", "p1")
    assert (best.hits, best.missed) == (7, 1)
    assert worst.hits == 4
    assert worst.rate == pytest.approx((worst.hits + worst.partials / 2) / 8)
    assert worst.hits + worst.partials + worst.missed == 8


def test_agreement_with_the_persons_marks(summary: ClassSummary) -> None:
    agreement = summary.prompts[1].agreement
    assert agreement is not None
    assert agreement.n == 2
    assert agreement.mean_human == 8
    assert summary.prompts[0].agreement is None


def test_typical_wrong_answers_are_quoted() -> None:
    tally = PointTally("p2", "网格员年龄偏大，队伍力量不强", 4)
    wages, weather = "一是缺钱。二是网格员的工资发得太迟。", "一是缺钱。二是今天天气太热。"
    for number, answer in enumerate([wages, weather, wages, GOOD, weather, wages]):
        status: Status = "missed"
        evidence: tuple[Evidence, ...] = ()
        missing: tuple[str, ...] = ()
        if answer == GOOD:
            status, missing = "partial", ("年龄偏大",)
            evidence = (Evidence(start=0, end=7, text="队伍的力量还不强"),)
        point = PointResult(
            id="p2",
            text="",
            marks=4,
            credit=0,
            status=status,
            awarded=0,
            confidence=1,
            evidence=evidence,
            missing=missing,
        )
        tally.add(point, record(number, answer))
    found = tally.summary()
    assert found.quotes == (Quote("二是网格员的工资发得太迟。", "missed"), Quote("队伍的力量还不强", "partial"))
    assert found.lacking == (("年龄偏大", 1),)
    assert (found.hits, found.partials, found.missed, found.rate) == (0, 1, 5, 0)


def test_a_quotation_is_the_same_whoever_comes_first() -> None:
    answers = [f"二是网格员{chr(0x4E00 + 7 * n) * 6}。" for n in range(200)]
    records = [record(n * 7919 % 2**40 << 88, answer) for n, answer in enumerate(answers)]
    quotes = set()
    point = PointResult(id="p2", text="", marks=4, credit=0, status="missed", awarded=0, confidence=1)
    for order in (records, records[::-1]):
        tally, other = (PointTally("p2", "网格员年龄偏大", 4) for _ in range(2))
        for each in order[:90]:
            tally.add(point, each)
        for each in order[90:]:
            other.add(point, each)
        tally.merge(other)
        quotes.add(tally.summary().quotes)
    assert len(quotes) == 1


def test_tallies_of_parts_make_that_of_the_whole(tmp_path: Path) -> None:
    texts = {f"{n:02}.txt": [GOOD, HALF, NEAR, WORTHLESS, ""][n % 5] * (1 + n % 3) for n in range(40)}
    put(tmp_path / "in", {**texts, "手.csv": f'姓名,答案,人工分\n甲,"{GOOD}",9\n乙,"{HALF}",7\n'})
    put(tmp_path / "in" / SCHOOL, {"a.txt": HALF})
    whole = grade(make_plan(tmp_path)).summary
    results = Results(tmp_path / "out" / "results.jsonl")
    sheets = {each.prompt: Sheet(each.title) for each in whole.prompts if each.prompt}
    for size in (1, 7, 50):
        tally = Tally()
        for part in results.parts(size):
            tally.merge(Tally.of(results.of(part), part.first))
        assert summarise(tally, results, sheets) == whole


@given(st.lists(st.integers(0, 40).map(lambda n: n / 2), min_size=1))
def test_distribution_is_that_of_the_values(values: list[float]) -> None:
    found = distribution_of(Counter(values), 20.0)
    assert found is not None
    assert found.n == len(values)
    assert found.mean == pytest.approx(sum(values) / len(values))
    assert (
        found.low == min(values) <= found.quartile <= found.median <= found.upper_quartile <= found.high == max(values)
    )
    assert sum(value <= found.median for value in values) * 2 >= len(values)
    assert sum(bar.count for bar in found.bars) == len(values)
    assert all(a.high == b.low for a, b in itertools.pairwise(found.bars))


def test_distribution_of_nothing() -> None:
    assert distribution_of(Counter(), 20.0) is None
    assert agreement_of([]) is None


def test_agreement_is_that_of_the_agreement_room() -> None:
    pairs = [(8.0, 9.0), (3.5, 3.0), (10.0, 6.0), (0.0, 0.0)]
    found = agreement_of(pairs)
    assert found is not None
    machine, human = zip(*pairs, strict=True)
    assert (found.mae, found.qwk) == (mae(machine, human), qwk(machine, human))
    assert found.adjacent == 0.75


def record(number: int, answer: str, student: str | None = None) -> Record:
    name = student or f"学生{number}"
    return Record(
        key=f"{number:032x}",
        status="marked",
        source=Source(path=f"{number}.txt"),
        student=Student(name=name),
        answer=answer,
    )


def letters(rng: random.Random, count: int) -> str:
    return "".join(chr(rng.randrange(0x4E00, 0x5000)) for _ in range(count))


def found_pairs(answers: list[str], students: list[str] | None = None) -> dict[tuple[int, int], float]:
    sketches = Sketches()
    for first in range(0, len(answers), 40):  # in parts, as workers make them
        part = Sketches()
        part.add([*enumerate(answers)][first : first + 40])
        sketches.merge(part)
    records = {n: record(n, answer, students[n] if students else None) for n, answer in enumerate(answers)}
    pairs = duplicate_pairs(sketches.candidates(), records)
    return {(int(p.first.key, 16), int(p.second.key, 16)): p.similarity for p in pairs}


def test_copies_are_found_and_others_are_not() -> None:
    rng = random.Random(1)
    own = [letters(rng, 300) for _ in range(60)]
    common = letters(rng, 60)  # everybody quotes the materials
    answers = [common + text for text in own]
    answers[7] = answers[3][:180] + letters(rng, 30) + answers[3][210:]
    answers[30] = "，".join([answers[20][:100], answers[20][100:250], letters(rng, 60)])
    answers[41] = answers[40]
    assert set(found_pairs(answers)) == {(3, 7), (20, 30), (40, 41)}
    assert found_pairs(answers)[40, 41] == 1


def test_similarity_is_the_share_of_the_shorter_answers_runs() -> None:
    rng = random.Random(2)
    whole = letters(rng, 400)
    part = whole[:200] + letters(rng, 50)
    (similarity,) = found_pairs([whole, part]).values()
    runs = [{text[n : n + RUN] for n in range(len(text) - RUN + 1)} for text in (whole, part)]
    assert similarity == pytest.approx(len(runs[0] & runs[1]) / len(runs[1]))
    assert similarity >= ALIKE


def test_shared_spans_point_into_the_answers() -> None:
    rng = random.Random(3)
    shared = letters(rng, 120)
    answers = ["开头。" + shared[:60] + "，\n" + shared[60:] + letters(rng, 40), letters(rng, 30) + "。" + shared]
    sketches = Sketches()
    sketches.add([*enumerate(answers)])
    (pair,) = duplicate_pairs(sketches.candidates(), {n: record(n, text) for n, text in enumerate(answers)})
    for copy in (pair.first, pair.second):
        texts = ["".join(filter(str.isalnum, copy.answer[start:end])) for start, end in copy.shared]
        assert texts == [shared]


def test_a_students_own_second_script_is_no_copy() -> None:
    text = letters(random.Random(4), 200)
    assert found_pairs([text, text], ["张三", "张三"]) == {}
    assert found_pairs([text, text], ["张三", "李四"]) == {(0, 1): 1.0}


def test_a_class_that_hands_in_one_text_is_found_in_time() -> None:
    text = letters(random.Random(5), 300)
    found = found_pairs([text] * 500)
    assert len(found) == 200
    assert all(first == 0 for first, _ in found)


def test_short_answers_are_alike_by_chance() -> None:
    assert found_pairs(["没有办法。", "没有办法。", "", ""]) == {}


def test_every_student_gets_their_own_scripts_and_no_others(tmp_path: Path) -> None:
    put(
        tmp_path / "in",
        {
            "2023001_张三.txt": GOOD,
            f"{SCHOOL}/张三 2023001.txt": HALF,
            "一班/李四.txt": GOOD,
            "二班/李四.txt": HALF,
            f"{SCHOOL}/李四.txt": HALF,
            "lisi.txt": GOOD,
            "LISI.md": GOOD,
            "con.txt": GOOD,
            "a.csv": f'答案\n"{GOOD}"\n"{HALF}"\n',
            "坏.txt": bytes(range(256)) * 20,
        },
    )
    put(tmp_path, {"名册.txt": "2023009 缺交生\n"})
    grade(make_plan(tmp_path, roster=tmp_path / "名册.txt"))
    results = Results(tmp_path / "out" / "results.jsonl")
    found = {each.file_name: sorted(record.source.shown for record in each.records) for each in students(results)}
    assert found == {
        "2023001_张三": ["2023001_张三.txt", f"{SCHOOL}/张三 2023001.txt"],
        "a_2": ["a.csv 第 2 行"],
        "a_3": ["a.csv 第 3 行"],
        "_con": ["con.txt"],
        "LISI": ["LISI.md"],
        "lisi~2": ["lisi.txt"],
        "李四": [f"{SCHOOL}/李四.txt", "一班/李四.txt"],
        "李四~2": ["二班/李四.txt"],
        "坏": ["坏.txt"],
    }
    records = list(results)
    assert results.at([5, 0, 5]) == [records[5], records[0], records[5]]
