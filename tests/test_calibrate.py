"""`essaydrill calibrate`: what is learnt from a tutor's marks, what it gains, and how it is applied."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from essaydrill.agreement.adjust import ridge
from essaydrill.agreement.calibrate import HandMarked, NoGainError, calibrate, calibrate_own
from essaydrill.agreement.calibration_file import load_calibration
from essaydrill.agreement.metrics import mae
from essaydrill.bank import Item
from essaydrill.cli.app import run
from essaydrill.errors import UsageError
from essaydrill.scoring import Scorer
from essaydrill.scoring.advice import next_steps

TASK = "为什么红色的衣服看上去是红色的？"
GOOD = ("因为它反射红光", "红衣服只反射红色的光", "它把红光反射到我们的眼睛里", "红光被反射，其他色光被吸收")
FAIR = ("因为光的反射", "它会反射光", "光照在上面反射回来")
POOR = ("因为染了红色的染料", "布料本来就是红的", "红色好看，大家都喜欢", "老师没有讲过")
TAILS = ("", "。", "，所以是红的", "，这是光学知识", "，我这样想", "，书上这样写", "吧", "，大概")
MARKED = [
    HandMarked(text + tail, mark)
    for texts, mark in ((GOOD, 2.0), (FAIR, 1.0), (POOR, 0.0))
    for text in texts
    for tail in TAILS
]
LIST = Item.from_references("仓库盘点的内容有哪些？", ["数量盘点、重量盘点、账实核对、账卡核对"], 8)
ITEMS = ("数量盘点", "重量盘点", "账实核对", "账卡核对")


def own() -> list[HandMarked]:
    return [MARKED[i] for i in np.random.default_rng(0).permutation(len(MARKED))[:50]]


def strict(count: int = 40) -> list[HandMarked]:
    """A tutor who gives half of what the scheme gives."""
    random = np.random.default_rng(3)
    sets = [[item for item in ITEMS if random.random() < 0.6] or ["没有"] for _ in range(count)]
    return [HandMarked("、".join(found), sum(item in ITEMS for item in found)) for found in sets]


def write(path: Path, marked: list[HandMarked]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["作答", "得分"], *([answer.text, answer.mark] for answer in marked)])
    return str(path)


def test_ridge_equals_scikit_learn() -> None:
    from sklearn.linear_model import Ridge

    random = np.random.default_rng(4)
    rows, targets = random.random((30, 80)), random.random(30)
    expected = Ridge(2.0, fit_intercept=False).fit(rows, targets).coef_
    assert ridge(rows, targets, 2.0) == pytest.approx(expected, abs=1e-9)


def test_marked_answers_alone_make_a_question() -> None:
    known = own()
    others = [answer for answer in MARKED if answer not in known]
    found = calibrate_own(TASK, "红衣服", 2.0, known)
    item = found.item()
    assert item is not None
    assert {reference.text for reference in item.reference.references} <= {a.text for a in known if a.mark == 2}
    assert found.after.qwk > max(0.7, found.before.qwk)
    before, after = Scorer(item), Scorer(item, calibration=found)
    human = [answer.mark for answer in others]
    plain, adjusted = (
        [result.score for result in scorer.score_many(answer.text for answer in others)] for scorer in (before, after)
    )
    assert mae(adjusted, human) < mae(plain, human)
    again = calibrate_own(TASK, "红衣服", 2.0, known)
    assert again.model_dump_json() == found.model_dump_json()


def test_a_strict_tutor_moves_the_total_and_not_the_points() -> None:
    found = calibrate(LIST, strict())
    assert found.method in ("scale", "points")
    assert not found.ngrams
    assert found.after.mae < 0.5 * found.before.mae
    before, after = Scorer(LIST), Scorer(LIST, calibration=found)
    answer = "、".join(ITEMS)
    plain, adjusted = before.score(answer), after.score(answer)
    assert plain.score == pytest.approx(8)
    assert adjusted.score == pytest.approx(4, abs=0.7)
    assert adjusted.points == plain.points
    flag = adjusted.flags[-1]
    assert flag.code == "calibrated"
    assert "原评 8 分" in flag.message
    assert adjusted.interval[0] <= adjusted.score <= adjusted.interval[1]
    assert adjusted.signature == f"{plain.signature}|cal:{found.hash}"
    assert after.score("").score == 0
    assert all("封顶" not in step.advice for step in next_steps(after.score("数量盘点"), LIST))


def test_points_marked_by_hand_change_what_they_are_worth() -> None:
    reference = {
        "prompt": "q",
        "points": [
            {"id": f"p{n}", "text": text, "marks": 4} for n, text in enumerate(("资金投入不足", "干部作风漂浮"))
        ],
        "references": [{"label": "A", "text": "一是资金投入不足。二是干部作风漂浮。"}],
    }
    from essaydrill.bank.models import Prompt, Reference

    item = Item(Prompt(id="q", task="概括问题。", max_score=8), Reference.model_validate(reference))
    answers = {
        "一是资金投入不足。": (4, 0),
        "二是干部作风漂浮。": (0, 1),
        "一是资金投入不足。二是干部作风漂浮。": (4, 1),
    }
    texts = [
        f"{text}{tail}"
        for text in answers
        for tail in ("", "要改。", "很严重。", "群众不满。", "亟待解决。", "请重视。", "拖了多年。")
    ]
    marked = []
    for text in texts:
        first, second = next(
            marks
            for beginning, marks in sorted(answers.items(), key=lambda x: -len(x[0]))
            if text.startswith(beginning)
        )
        marked.append(HandMarked(text, first + second, {"p0": first / 4, "p1": second / 4}))
    found = calibrate(item, marked)
    assert found.credits["p0"]["hit"] > 0.9
    assert found.credits["p1"]["hit"] < 0.5
    result = Scorer(item, calibration=found).score("二是干部作风漂浮。要改。")
    assert result.score < Scorer(item).score("二是干部作风漂浮。要改。").score
    assert result.points[1].status == "hit"


def test_it_refuses_what_teaches_nothing() -> None:
    agreed = [HandMarked(a.text, 2 * a.mark) for a in strict()]
    with pytest.raises(NoGainError, match="没有让机器评分更准"):
        calibrate(LIST, agreed)
    with pytest.raises(UsageError, match="只有 12 份"):
        calibrate(LIST, strict(12))
    with pytest.raises(UsageError, match="不在 0 到 8 之间"):
        calibrate(LIST, [*strict(), HandMarked("数量盘点", 9)])
    with pytest.raises(UsageError, match="全都一样"):
        calibrate(LIST, [HandMarked("数量盘点", 1)] * 30)


def test_another_question_or_model_is_refused() -> None:
    found = calibrate(LIST, strict())
    other = Item.from_references("别的题。", ["数量盘点、重量盘点"], 8)
    with pytest.raises(UsageError, match="请重新校准"):
        Scorer(other, calibration=found)
    with pytest.raises(UsageError, match="评分模型"):
        Scorer(LIST, calibration=found.model_copy(update={"model": "2000.01"}))


def test_answers_judged_as_a_whole_are_not_raised() -> None:
    item = Item.from_references("判断是否正确并说明理由：个体户不用纳税。", ["错误。有收入就要依法纳税。"])
    found = calibrate(LIST, strict()).model_copy(update={"digest": item.digest, "constant": 0.5})
    result = Scorer(item, calibration=found).score("正确，个体户不用纳税。")
    assert result.score == 0
    assert [flag.code for flag in result.flags] == ["contradiction", "calibrated"]


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out, answer = write(tmp_path / "m.csv", own()), tmp_path / "cal.json", tmp_path / "a.txt"
    answer.write_text("红色的光被它反射了", "utf-8")
    made = ["calibrate", "红衣服", table, "--task", TASK, "--max-score", "2", "--out", str(out)]
    assert run(made) == 0
    said = capsys.readouterr().out
    assert "用 50 份人工评分校准" in said
    assert "QWK" in said
    content = json.loads(out.read_text("utf-8"))
    references = content["question"].pop("references")
    assert content["schema"] == 1
    assert content["answers"] == 50
    # Of other answers there is nothing longer than two characters, and nothing that a single one has.
    assert all(len(ngram) <= 2 for ngram in content["ngrams"])
    rest = json.dumps(content, ensure_ascii=False)
    assert not any(a.text in rest for a in own() if a.text not in references)
    assert run(made) == 2
    assert "已经有" in capsys.readouterr().err
    assert run(["score", "红衣服", str(answer), "--calibration", str(out), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["max_score"] == 2
    assert result["flags"][-1]["code"] == "calibrated"
    assert f"|cal:{load_calibration(out).hash}" in result["signature"]
    assert run(["score", "红衣服", str(answer), "--calibration", str(out)]) == 0
    assert "校准" in capsys.readouterr().out
    assert run(["score", "蓝衣服", str(answer), "--calibration", str(out)]) == 2
    assert "是给“红衣服”做的" in capsys.readouterr().err.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--task", "题"], "用 --task 时要写明满分"),
        (["--max-score", "5"], "要和 --task 一起用"),
        (["--task", "题", "--max-score", "1"], "请检查列名和满分"),
        ([], "没有"),
    ],
)
def test_misuse_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    table = write(tmp_path / "m.csv", own())
    assert run(["calibrate", "没有这题", table, "--out", str(tmp_path / "c.json"), *arguments]) == 2
    assert said in capsys.readouterr().err.replace("\n", "")
    assert not (tmp_path / "c.json").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "读不出 JSON"), ("{}", "不对"), ('{"schema": 1, "prompt": "x", "extra": 1}', "不对"), (None, "没有校准文件")],
)
def test_a_file_that_is_no_calibration(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "cal.json"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(UsageError, match=said):
        load_calibration(path)
