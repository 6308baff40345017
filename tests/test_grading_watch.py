"""A drop folder: every file is marked when it has arrived whole."""

from collections.abc import Callable
from pathlib import Path

from essaydrill.grading import watch
from grading_samples import GOOD, HALF, by_name, make_plan, put


def scripted(*steps: Callable[[], object]) -> Callable[[], bool]:
    """Does one thing between two looks, and ends after the last."""
    left = list(steps)

    def wait() -> bool:
        if not left:
            return False
        left.pop(0)()
        return True

    return wait


def nothing() -> None:
    pass


def test_files_are_marked_as_they_arrive(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {})
    rounds = []

    def add(name: str, text: str) -> Callable[[], object]:
        return lambda: put(folder, {name: text})

    wait = scripted(
        add("a.txt", GOOD), nothing, add("b.txt", HALF), nothing, nothing, (folder / "a.txt").unlink, nothing
    )
    for finished in watch(make_plan(tmp_path), wait):
        rounds.append((finished.summary.counts.get("marked", 0), finished.reused))
    assert rounds == [(1, 0), (2, 1), (1, 1)]
    assert list(by_name(tmp_path / "out")) == ["b.txt"]


def test_a_file_that_is_still_growing_waits_alone(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"whole.txt": GOOD, "growing.txt": "一"})
    seen = []

    def grow() -> None:
        with (folder / "growing.txt").open("a", encoding="utf-8") as file:
            file.write("是村级财政困难。")

    for _ in watch(make_plan(tmp_path), scripted(grow, grow, grow, nothing, nothing)):
        seen.append(sorted(by_name(tmp_path / "out")))
    assert seen == [["whole.txt"], ["growing.txt", "whole.txt"]]
    assert by_name(tmp_path / "out")["growing.txt"].answer == "一" + "是村级财政困难。" * 3


def test_force_holds_for_the_first_round_alone(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", {"a.txt": GOOD})
    steps = (nothing, lambda: put(folder, {"b.txt": HALF}), nothing, nothing)
    reused = [finished.reused for finished in watch(make_plan(tmp_path, force=True), scripted(*steps))]
    assert reused == [0, 1]


def test_an_empty_folder_makes_no_round(tmp_path: Path) -> None:
    put(tmp_path / "in", {})
    assert list(watch(make_plan(tmp_path), scripted(nothing, nothing))) == []
    assert not (tmp_path / "out").exists()
