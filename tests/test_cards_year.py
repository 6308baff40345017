"""A simulated year: forgetting by FSRS's own model, reviews by the functions that `essaydrill review` uses."""

import importlib.util
import sys
from datetime import timedelta
from pathlib import Path
from statistics import mean

import pytest

from essaydrill.practice.cards import TARGET_RETENTION

_FILE = Path(__file__).parent.parent / "benchmarks" / "retention.py"
_SPEC = importlib.util.spec_from_file_location("retention_benchmark", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
benchmark = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = benchmark
_SPEC.loader.exec_module(benchmark)

LAST = benchmark.FIRST_DAY + timedelta(days=benchmark.DAYS - 1)
DAILY, *_, NEVER = benchmark.LEARNERS


@pytest.fixture(scope="module")
def year():
    return benchmark.live(DAILY, seed=1)


def test_every_missed_point_is_covered_and_held_at_the_target(year) -> None:
    assert len(year.cards) > 600
    assert benchmark.covered(year, LAST) == 1
    assert benchmark.held(year, LAST) >= TARGET_RETENTION
    # Intervals are whole days, so that what sits least well (a day is too long for it) is recalled a little less often.
    assert mean(year.later_recalls) == pytest.approx(TARGET_RETENTION, abs=0.03)
    assert max(year.waits) <= 2


def test_it_is_ten_minutes_a_day(year) -> None:
    assert mean(year.reviews_per_day) * benchmark.SECONDS_PER_REVIEW / 60 < 15


def test_without_reviews_most_of_it_is_lost() -> None:
    assert benchmark.held(benchmark.live(NEVER, seed=1), LAST) < 0.5


def test_the_same_seed_is_the_same_year() -> None:
    assert benchmark.live(DAILY, seed=3, days=40) == benchmark.live(DAILY, seed=3, days=40)


def test_the_docs_say_what_the_benchmark_says() -> None:
    docs = (_FILE.parent.parent / "docs" / "study-loop.md").read_text("utf-8")
    assert "\n".join(benchmark.table([DAILY], range(5))) in docs
