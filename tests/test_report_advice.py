"""The few changes that would have earned the most marks."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from essaydrill.bank.item import Item
from essaydrill.bank.models import Length, Prompt, Reference
from essaydrill.scoring.advice import next_steps
from essaydrill.scoring.result import LengthResult, PointResult, PresentationResult, Result

ITEM = Item(
    Prompt(id="q", task="概述问题。", max_score=20),
    Reference.model_validate(
        {
            "prompt": "q",
            "points": [{"id": f"p{n}", "text": f"要点{n}", "marks": 4, "found_in": [f"材料{n}"]} for n in range(1, 5)],
            "references": [{"label": "A", "text": "略"}],
        }
    ),
)


def result(credits: list[float], **changes: Any) -> Result:
    points = [
        PointResult(
            id=f"p{number}",
            text=f"要点{number}",
            marks=4,
            credit=credit,
            status="hit" if credit == 1 else "partial" if credit else "missed",
            awarded=4 * credit,
            confidence=1,
            missing=("精准",) if credit == 0.5 else (),
        )
        for number, credit in enumerate(credits, 1)
    ]
    fields: dict[str, Any] = {
        "prompt": "q",
        "score": 4 * sum(credits) + 4,
        "max_score": 20,
        "band": "二类",
        "points": points,
        "presentation": PresentationResult(score=4, max=4),
        "length": LengthResult(cells=100),
        "interval": (0, 20),
        "signature": "s",
    }
    return Result(**fields | changes)


def test_most_marks_first_and_equal_gains_in_the_order_of_the_scheme() -> None:
    steps = next_steps(result([0.5, 1, 0, 0]), ITEM)
    assert [(step.action, step.point, step.gain, step.reaches) for step in steps] == [
        ("add", "p3", 4, 14),
        ("add", "p4", 4, 18),
    ]
    assert "材料3" in steps[0].advice


def test_partial_says_what_is_lacking() -> None:
    [step] = next_steps(result([0.5, 1, 1, 1]), ITEM)
    assert (step.action, step.gain) == ("complete", 2)
    assert "精准" in step.advice


def test_presentation_and_length_count_too() -> None:
    steps = next_steps(
        result(
            [1, 1, 1, 1],
            score=15,
            presentation=PresentationResult(score=1, max=4),
            length=LengthResult(cells=150, limit=Length(max=100), status="over", deduction=2),
        ),
        ITEM,
    )
    assert [(step.action, step.gain, step.reaches) for step in steps] == [("present", 3, 18), ("fit", 2, 20)]
    assert "100 格以内" in steps[1].advice


def test_full_marks_leave_nothing_to_do() -> None:
    assert next_steps(result([1, 1, 1, 1]), ITEM) == []


def test_fragment_is_written_out_before_anything_else_helps() -> None:
    steps = next_steps(result([1, 1, 0, 1], score=9), ITEM)
    assert [(step.action, step.gain, step.reaches) for step in steps] == [("fit", 7, 16), ("add", 4, 20)]


@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=4, max_size=4),
    st.floats(0, 4),
    st.floats(0, 6),
    st.integers(0, 6),
)
def test_steps_are_few_and_never_promise_more_than_the_full_mark(
    credits: list[float], presentation: float, deduction: float, limit: int
) -> None:
    score = max(0, 4 * sum(credits) + presentation - deduction)
    given_result = result(
        credits,
        score=score,
        presentation=PresentationResult(score=presentation, max=4),
        length=LengthResult(cells=1, status="over", deduction=deduction),
    )
    steps = next_steps(given_result, ITEM, limit)
    assert len(steps) <= limit
    reached = [score, *(step.reaches for step in steps)]
    assert all(after >= before - 0.01 for before, after in pairwise(reached))
    assert all(step.gain > 0 and step.reaches <= 20 for step in steps)
