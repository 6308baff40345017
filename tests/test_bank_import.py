"""`essaydrill bank import`: what it makes of a lesson page and of exam papers, through the command line."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from essaydrill.bank import Bank, check_bank
from essaydrill.cli.app import run

LESSON = """\
某某教育

官方微信公众号

某某APP

您现在的位置: 首页 > 课程中心 > 热点精讲 > 【省直】推进社区养老服务

【省直】推进社区养老服务

2024-03-05| 来源:某某教育 浏览:2301

一、热点链接

近年来,各地把养老服务送到家门口,社区食堂、日间照料中心越来越多,老人足不出社区就能吃上热饭、看上小病。

二、深度解读

★推进社区养老的重要意义

对老人来说:社区养老让老人在熟悉的环境里安享晚年,扫码登录智能设备也有人手把手地教。

★如何推进社区养老服务

1.完善设施

一是建好阵地。要把闲置房屋改成日间照料中心,做到步行十五分钟可达。

二是用好队伍。要招募低龄老人服务高龄老人,让养老服务有人做。

三、实战应用

例题1:结合给定材料,请你概述当前社区养老服务存在的问题。要求:全面准确,逻辑清晰,300字左右。

【参考作答】

一是设施布局不合理。部分社区没有日间照料中心,老人吃饭要走两站路。二是服务项目单一。多数中心只管吃饭,康复护理几乎空白。三是人员力量不足。护理员工资低、流动快,持证上岗的不到三成。四是资金来源单薄。主要靠财政补贴,企业不愿进来等。

例题2:县民政局对社区养老情况进行调研,形成了调研报告。请你补充调研报告中“三、推进社区养老的建议”部分内容。要求:格式规范,800字左右。

【参考作答】

三、推进社区养老的建议

(一)聚焦设施,织密服务的“一张网”。盘活闲置房屋,分批改建日间照料中心,实现步行十五分钟可达。

二)聚焦项目,丰富服务的“一张单”。在助餐之外增加康复、陪诊和家庭病床,由老人按需点单。

(三)聚焦队伍,建强服务的“一支队”。提高护理员待遇,开展技能培训,推行积分互助。

(四)聚焦投入,用好资金的“一本账”。设立专项资金,吸引企业参与运营,完善长期护理保险制度等。


四、高分框架

★讲话稿框架

在社区养老服务推进会上的讲话

一是进一步统一思想认识。

二是进一步补齐设施短板。

抱歉哦,本篇为vip章节,需要本站VIP会员才可以继续阅读哦~

推荐课程

视频教学 更多

关注

图书

2025预定【笔试考题12期】

388.00

销售 0件
浏览 4265人

2025预定【时政热点6期】

198.00

销售 4322件
浏览 2077人

2025预定【笔试考题12期】

388.00

销售 0件
浏览 4265人

2025预定【笔试考题12期】

388.00

销售 0件
浏览 4265人
某某教育 -专注于考试培训
在线客服 在线咨询

商务合作:13900000000

微信扫码登录

没有账号?立即注册
VIP会员
一个月
¥9.9
支付宝支付
"""
SHOP = ("某某教育", "推荐课程", "388.00", "扫码登录\n", "VIP", "¥9.9", "商务合作", "笔试考题", "立即注册", "浏览")

PAPER = """\
2024年度某省公务员录用考试
《申论》试卷
注意事项
1.本题本由给定资料与作答要求两部分构成,考试时限为150分钟,满分100分。
2.请用黑色字迹的钢笔或签字笔作答。
一、给定资料
给定资料1
云岭镇是个山区镇,群众办一件事往往要跑三四个窗口。
一、去年,镇里把服务中心搬到一层,设了综合窗口,一个窗口受理全部事项。
每村选两名代办员,上门收件、免费代办,全年代办4300多件。
给定资料2
滨河夜市油烟、噪声投诉一年有600多件,城管队员与摊主天天“猫捉老鼠”。
2022年,街道牵头成立摊主自治会,由摊主选出9名理事,制定《夜市公约》。
二、作答要求
(一)请根据“给定资料1”,概括云岭镇提升便民服务水平的主要做法。(15分)
要求:
(1)全面、准确、有条理;
(2)不超过200字。
(二)假如你是滨河街道工作人员,请根据“给定资料2”,拟写一份经验交流会上的发言提纲。(25分)
要求:紧扣资料,不超过400字。
(三)“给定资料1”中的变化让人深思,请自拟题目,联系实际,写一篇文章。(40分)
要求:(1)观点明确;(2)总字数1000—1200字。
参考答案
第一题
【参考答案】
云岭镇的主要做法:1.优化场所,服务中心搬到一层。2.整合窗口,一窗受理全部事项。3.上门代办,每村配两名代办员。
【解析】
本题要抓住做法,不写成效。
第二题
【参考答案】
关于夜市自治的发言提纲
各位领导:
一、成立自治会。由摊主选出理事,自我管理。
二、制定公约。划定区域和时间。
三、守住底线。政府管好食品和消防安全。
滨河街道办事处
2024年5月10日
第三题
【参考范文】
小切口里有大民生
民生无小事,枝叶总关情,治理的温度往往藏在细微之处,把小事办好就是把民生办实。
办好小事,要俯下身子听,云岭镇把窗口搬到一层,靠的就是听群众说。
办好小事,要撸起袖子干,滨河夜市的变化是一户一户谈出来的。
小切口连着大民生,愿更多的干部从小事做起。
"""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def prompts(self) -> list[dict[str, Any]]:
        """The questions of the first file, of a run with --json."""
        prompts: list[dict[str, Any]] = json.loads(self.out)["files"][0]["prompts"]
        return prompts


Command = Callable[..., Done]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of an author who has nothing yet."""
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def imported(mine: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `bank import` on texts, each written to a file of its own: `imported(TEXT, "--json")`."""

    def run_command(*arguments: str) -> Done:
        line: list[str] = []
        for number, argument in enumerate(arguments):
            if "\n" in argument:
                path = mine / f"source-{number}.txt"
                path.write_text(argument, encoding="utf-8")
                argument = path.name
            line.append(argument)
        if "--topic" not in line:  # one that the built-in bank has no questions of
            line += ["--topic", "street"]
        code = run(["bank", "import", *line])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run_command


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def answer_of(page: str, number: int) -> str:
    """The answer number `number` of a page whose answers stand behind 【参考作答】, to the last character."""
    behind = page.split("【参考作答】")[number]
    body = behind.partition("例题2")[0].partition("四、高分框架")[0]
    return "\n".join(line for line in body.split("\n") if line) + "\n"


# --- a lesson page ---------------------------------------------------------------------------------------------------


def test_a_lesson_page_becomes_two_questions_and_notes(imported: Command, mine: Path) -> None:
    assert imported(LESSON).code == 0
    bank = Bank.open("my-bank", builtin=False)
    first, second = (bank[name] for name in ("street-summary-01", "street-document-01"))
    assert files(mine / "my-bank") == {
        "prompts/street/street-summary-01.yaml",
        "reference_answers/street/street-summary-01.yaml",
        "prompts/street/street-document-01.yaml",
        "reference_answers/street/street-document-01.yaml",
        "notes/street.md",
    }
    assert first.prompt.task == "结合给定材料,请你概述当前社区养老服务存在的问题。"
    assert first.prompt.requirements == "全面准确,逻辑清晰,300字左右。"
    assert [item.prompt.limit and item.prompt.limit.about for item in (first, second)] == [300, 800]
    assert (second.prompt.kind, second.prompt.genre) == ("document", "report")
    assert [item.reference.references[0].text for item in (first, second)] == [answer_of(LESSON, n) for n in (1, 2)]


def test_the_drafts_of_a_lesson_pass_the_banks_own_checks(imported: Command) -> None:
    imported(LESSON)
    errors = [finding for finding in check_bank(Bank.open("my-bank", builtin=False)) if finding.severity == "error"]
    assert errors == []


def test_points_follow_the_structure_of_the_answer(imported: Command) -> None:
    first, second = imported(LESSON, "--json").prompts
    texts = [point["text"] for point in first["reference"]["points"]]
    assert [text[:5] for text in texts] == ["设施布局不", "服务项目单", "人员力量不", "资金来源单"]
    assert len(second["reference"]["points"]) == 4  # the one whose opening bracket got lost among them
    for prompt in (first, second):
        reference = prompt["reference"]
        marks = [point["marks"] for point in reference["points"]]
        assert sum(marks) + reference["presentation"] == prompt["max_score"]
        assert all(mark % 0.5 == 0 for mark in marks)
        for point in reference["points"]:
            assert 1 <= len(point["keywords"]) <= 3
            assert all(word in reference["references"][0]["text"] for [word] in point["keywords"])


def test_no_word_of_the_shop_gets_through(imported: Command, mine: Path) -> None:
    done = imported(LESSON, "--json")
    written = "".join(path.read_text("utf-8") for path in (mine / "my-bank").rglob("*.*"))
    assert [word for word in SHOP if word in written] == []
    dropped = json.loads(done.out)["files"][0]["dropped"]
    assert {"推荐课程", "388.00", "某某教育", "¥9.9"} <= set(dropped)
    assert all(line not in written for line in dropped if len(line) > 4)


def test_the_notes_keep_every_section_but_the_questions(imported: Command, mine: Path) -> None:
    imported(LESSON)
    notes = (mine / "my-bank/notes/street.md").read_text("utf-8")
    headings = [line for line in notes.split("\n") if line.startswith("#")]
    assert headings == [
        "# 【省直】推进社区养老服务",
        "## 一、热点链接",
        "## 二、深度解读",
        "### 推进社区养老的重要意义",
        "### 如何推进社区养老服务",
        "#### 1.完善设施",
        "## 四、高分框架",
        "### 讲话稿框架",
    ]
    assert "扫码登录智能设备也有人手把手地教。" in notes  # a sentence of the lesson, whatever it speaks of
    assert "二是进一步补齐设施短板。" in notes
    assert "参考作答" not in notes


def test_what_a_lesson_does_not_say_is_a_todo_in_the_files(imported: Command, mine: Path) -> None:
    done = imported(LESSON)
    prompt = (mine / "my-bank/prompts/street/street-summary-01.yaml").read_text("utf-8")
    reference = (mine / "my-bank/reference_answers/street/street-summary-01.yaml").read_text("utf-8")
    assert "# TODO 原文没有写满分" in prompt.partition("\nmax_score:")[0]
    assert "# TODO 没有找到给定材料" in prompt.partition("# materials:")[0]
    assert "# TODO 只有一份参考答案" in reference.partition("\nreferences:")[0]
    assert "没有找到给定材料" in done.out


# --- exam papers -----------------------------------------------------------------------------------------------------


def test_a_paper_with_its_answers_at_the_end(imported: Command) -> None:
    summary, outline, essay = imported(PAPER, "--json").prompts
    assert [(p["kind"], p["genre"], p["max_score"]) for p in (summary, outline, essay)] == [
        ("summary", None, 15),
        ("document", "outline", 25),
        ("essay", None, 40),
    ]
    assert [p["limit"] for p in (summary, outline, essay)] == [{"max": 200}, {"max": 400}, {"min": 1000, "max": 1200}]
    assert summary["task"] == "请根据“给定资料1”,概括云岭镇提升便民服务水平的主要做法。"
    assert summary["requirements"] == "(1)全面、准确、有条理;(2)不超过200字。"
    assert summary["title"] == "云岭镇提升便民服务水平的主要做法"
    assert outline["reference"]["references"][0]["text"].endswith("安全。\n滨河街道办事处\n2024年5月10日\n")
    assert essay["reference"]["references"][0]["text"].startswith("小切口里有大民生\n民生无小事")
    assert not any("解析" in p["reference"]["references"][0]["text"] for p in (summary, outline, essay))


def test_each_question_gets_the_materials_it_names(imported: Command) -> None:
    summary, outline, essay = imported(PAPER, "--json").prompts
    labels = [[material["label"] for material in p["materials"]] for p in (summary, outline, essay)]
    assert labels == [["给定资料1"], ["给定资料2"], ["给定资料1", "给定资料2"]]
    text = summary["materials"][0]["text"]
    assert text.startswith("云岭镇是个山区镇")
    assert text.endswith("全年代办4300多件。\n")
    assert "注意事项" not in text


@pytest.mark.parametrize(
    ("named", "expected"),
    [("给定资料1", "1"), ("给定资料1-3", "123"), ("资料2、4", "24"), ("材料二和材料三", "23"), ("给定资料", "1234")],
)
def test_materials_are_named_in_many_ways(imported: Command, named: str, expected: str) -> None:
    materials = "".join(f"给定资料{n}\n第{n}则材料说的是村里修路的事,修好以后大家出门方便了。\n" for n in range(1, 5))
    prompt = imported(f"{materials}第一题\n请根据{named},概括修路的做法。(10分)\n", "--json").prompts[0]
    assert "".join(material["label"][-1] for material in prompt["materials"]) == expected


def test_older_papers_number_their_materials_only(imported: Command) -> None:
    paper = """\
给定资料
1.近年来,某市农村电商发展迅速,然而物流成本居高不下,一单苹果的运费占到售价的三成,农户叫苦。
村民说,好东西走不出去。
2.某县建立三级物流体系,在每个村设服务点,由邮政统一配送,运费下降了一半,返程的车还捎农资。
作答要求
1.根据给定资料1,概括农村电商发展存在的困难。(10分)
要求:不超过150字。
2.根据给定资料2,就推广三级物流体系提出建议。(20分)
要求:300字左右。
参考答案
1.物流成本高,运费占比大(4分);农产品走不出去,销路不畅(4分)。(语言2分)
2.答案要点:一是建服务点。每村一个。二是统一配送。由邮政承担。
"""
    first, second = imported(paper, "--json").prompts
    assert first["materials"][0]["text"].endswith("村民说,好东西走不出去。\n")
    assert second["materials"][0]["text"].startswith("某县建立三级物流体系")
    assert first["reference"]["references"][0]["text"] == "物流成本高,运费占比大;农产品走不出去,销路不畅。\n"
    assert [point["marks"] for point in first["reference"]["points"]] == [4, 4]
    assert first["reference"]["presentation"] == 2
    assert second["reference"]["references"][0]["text"].startswith("一是建服务点。")


def test_a_marking_scheme_of_the_document_gives_the_points(imported: Command) -> None:
    paper = """\
【问题一】概括某社区养老服务的做法。(15分)
要求:不超过200字。
【答案要点】
社区建长者食堂,招募低龄老人服务高龄老人,还与卫生院签约。
【评分标准】
1.建食堂,半价优惠。(4分)
2.招募低龄老人互助。(5分)
3.与卫生院签约巡诊。(4分)
【问题二】谈谈“时间银行”为何遇冷。(20分)
要求:不超过300字。
【参考答案一】
第一,积分难兑换。第二,记录不规范。第三,老人不知道。
【参考答案二】
“时间银行”遇冷,是因为存得进、取不出,手工记账还常出错。
"""
    first, second = imported(paper, "--json").prompts
    assert [(p["text"], p["marks"]) for p in first["reference"]["points"]] == [
        ("建食堂,半价优惠".replace(",", "，"), 4),
        ("招募低龄老人互助", 5),
        ("与卫生院签约巡诊", 4),
    ]
    assert first["reference"]["presentation"] == 2
    assert [reference["label"] for reference in second["reference"]["references"]] == ["A", "B"]


def test_a_bare_task_without_any_mark_is_found(imported: Command) -> None:
    [prompt] = imported("请根据下面的材料,概括老街改造的主要做法。要求:准确、简明,不超过100字。\n", "--json").prompts
    assert (prompt["task"], prompt["limit"]) == ("请根据下面的材料,概括老街改造的主要做法。", {"max": 100})
    assert (prompt["answers"], prompt["reference"]["points"]) == (0, [])


def test_a_draft_without_answer_still_loads(imported: Command) -> None:
    imported("例题1:概括老街改造的主要做法,并说明居民满意的原因。(20分)不超过200字。\n", "--topic", "culture")
    item = Bank.open("my-bank", builtin=False)["culture-summary-01"]
    assert item.reference.points == ()
    assert item.reference.references[0].text.startswith("TODO")


def test_an_answer_with_lists_in_a_row_is_not_taken_for_questions(imported: Command) -> None:
    answer = "一、问题\n1.标准不一。\n2.车位不足。\n二、对策\n1.统一标准。\n2.盘活车位。\n3.错峰共享。"
    paper = f"第一题 请概括停车难的问题并提出对策。(20分)\n【参考答案】\n{answer}\n第二题 请概括原因。(10分)\n"
    first, second = imported(paper, "--json").prompts
    assert first["reference"]["references"][0]["text"] == answer + "\n"
    assert len(first["reference"]["points"]) == 5
    assert second["answers"] == 0


def test_the_marks_of_the_parts_of_a_question_add_up(imported: Command) -> None:
    paper = "第一题\n阅读材料,回答问题。(1)说明原因。(14分)(2)提出处置意见。(16分)\n要求:500字以内。\n"
    [prompt] = imported(paper, "--json").prompts
    assert prompt["max_score"] == 30
    assert "(14分)" in prompt["task"]


# --- writing ---------------------------------------------------------------------------------------------------------


def test_nothing_that_exists_is_written_over(imported: Command, mine: Path) -> None:
    imported(LESSON)
    folder = mine / "my-bank"
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    imported(LESSON)
    assert {path: path.read_bytes() for path in before} == before
    assert len(files(folder)) == 2 * len(before)
    assert {"street-summary-01", "street-summary-02"} <= set(Bank.open("my-bank", builtin=False))
    assert "notes/street-02.md" in files(folder)


def test_ids_of_the_built_in_bank_are_left_alone(imported: Command) -> None:
    prompts = imported(PAPER, "--topic", "社会治理", "--json").prompts
    builtin = Bank.open()
    assert all(prompt["topic"] == "governance" for prompt in prompts)
    assert [prompt["id"] for prompt in prompts if prompt["id"] in builtin] == []


def test_a_reference_alone_also_takes_its_id(imported: Command, mine: Path) -> None:
    alone = mine / "my-bank/reference_answers/street/street-summary-01.yaml"
    alone.parent.mkdir(parents=True)
    alone.write_text("自己写的\n", encoding="utf-8")
    assert imported(LESSON, "--json").prompts[0]["id"] == "street-summary-02"
    assert alone.read_text("utf-8") == "自己写的\n"


def test_a_dry_run_writes_nothing(imported: Command, mine: Path) -> None:
    done = imported(LESSON, "--dry-run")
    assert done.code == 0
    assert not (mine / "my-bank").exists()
    assert "street-summary-01" in done.out
    assert "约300" in done.out
    assert "没有写文件" in done.out


def test_the_topic_is_guessed_from_the_text(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "课程.txt").write_text(LESSON, encoding="utf-8")
    assert run(["bank", "import", "课程.txt", "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)["files"]
    assert (found["topic"], found["topic_guessed"]) == ("ageing", True)


def test_into_a_folder_of_ones_own_choice(imported: Command, mine: Path) -> None:
    imported(PAPER, "--into", "试题/我的", "--topic", "port-city")
    assert (mine / "试题/我的/prompts/port-city/port-city-summary-01.yaml").is_file()
    assert not (mine / "my-bank").exists()


def test_a_file_that_fails_does_not_stop_the_others(imported: Command, mine: Path) -> None:
    done = imported("没有题目的一篇小文章,说的是山里的秋天,写得很美,不过也就到这里为止了。\n", LESSON)
    assert done.code == 1
    assert "source-0.txt：没有找到题目" in done.err
    assert (mine / "my-bank/prompts/street/street-summary-01.yaml").is_file()


@pytest.mark.parametrize("arguments", [("--topic", "没有这个专题"), ("--into", "source-0.txt")])
def test_wrong_options_are_told(imported: Command, arguments: tuple[str, str]) -> None:
    done = imported(LESSON, *arguments)
    assert done.code == 2
    assert done.err.startswith("错误：")
    assert len(done.err.strip().split("\n")) == 1
