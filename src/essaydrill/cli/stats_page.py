"""The words around the figures of `essaydrill stats`, the same for the terminal and for the web page."""

from collections.abc import Iterator, Mapping

from essaydrill.bank.kinds import KIND_NAMES
from essaydrill.history import sparkline
from essaydrill.practice.cards import TARGET_RETENTION
from essaydrill.practice.statistics import RECENT_DAYS, WINDOW, Cell, Habits, KindTrend, Loss, Memory, Statistics
from essaydrill.reports.charts import Bar, Bars, Heat, HeatMap, Line, Lines, Page, Section, Sentences

# What each cause of lost marks is called, and what to do about it.
_CAUSES = {
    "missed": ("漏了要点", "读材料时每段先概括一句，再对照任务列要点，列全了才动笔"),
    "partial": ("要点没写全", "每个要点把“谁、怎么样、因为什么”写齐，别只写半句"),
    "presentation": ("条理和格式", "分条写，每条先用一句话总括，公文别忘标题、称谓、落款"),
    "length": ("字数", "动笔前按要点分好字数，写到一半时数一次"),
    "cap": ("没有写成篇", "先保证写完，再求写好；留十分钟收尾"),
    "empty": ("没有作答", "再难也要写上几条"),
    "noise": ("没有成句", "写完整的句子"),
    "off_task": ("偏题", "动笔前把题目里的对象、任务、范围各圈出来"),
    "copied_materials": ("照抄材料", "抄来的话要换成概括的说法"),
    "keyword_stuffing": ("堆砌词语", "词要连成句，说清谁做什么"),
    "empty_talk": ("空话套话", "每条都落到材料里的人和事：谁、做什么、结果怎样"),
    "reversed": ("意思说反", "写完回头对一遍材料里的事实"),
}
_WEAK = 0.75  # a topic and kind below this rate is worth a prompt of its own
_SLOW = 1.1
_DAY_NAMES = ("今天", "明天", "后天")


def statistics_page(found: Statistics, topics: Mapping[str, str], profile: str) -> Page:
    """The page; `topics` are the Chinese names of topics by slug."""
    subtitle = [f"{found.day:%Y-%m-%d}", f"作答 {found.attempts} 次、{found.prompts} 题"]
    if found.share is not None:
        subtitle.append(f"平均得分率 {found.share:.0%}")
    subtitle.append(f"复习 {found.memory.reviews} 张")
    subtitle.append(f"连续 {found.streak} 天（最长 {found.longest_streak} 天）")
    title = f"{profile}的练习情况" if profile else "练习情况"
    return Page(title, " · ".join(subtitle), list(_sections(found, topics)))


def _sections(found: Statistics, topics: Mapping[str, str]) -> Iterator[Section]:
    yield Section("先做这几件", "", [Sentences(list(_advice(found, topics)), numbered=True)])
    if found.kinds:
        note = f"每格一次，高低是得分率；平均取最近 {WINDOW} 次"
        yield Section("各题型走势", note, [Lines([_line(kind) for kind in found.kinds])])
    if found.cells:
        yield Section("采分点得分率", "每题取最近一次", [_heat_map(found.cells, topics)])
    if found.losses:
        yield Section("分丢在哪", "占全部丢分", [_losses(found.losses)])
    if found.attempts:
        yield Section("时间和字数", "", list(_habits(found.habits)))
    if found.memory.cards:
        yield Section("要点复习", f"共 {found.memory.cards} 张卡片", list(_memory(found.memory)))


def _advice(found: Statistics, topics: Mapping[str, str]) -> Iterator[str]:
    if not found.attempts:
        yield "先练一题：essaydrill practice"
        return
    if found.memory.due:
        yield f"复习今天到期的 {found.memory.due} 个要点：essaydrill review"
    weakest = min(found.cells, key=lambda cell: cell.rate, default=None)
    if weakest and weakest.rate < _WEAK:
        where = f"{_kind(weakest.kind)}、{topics.get(weakest.topic, weakest.topic)}"
        command = f"essaydrill practice --kind {weakest.kind} --topic {weakest.topic}"
        yield f"最弱的是{where}，采分点得分率 {weakest.rate:.0%}：{command}"
    if found.losses:
        name, remedy = _CAUSES[found.losses[0].cause]
        yield f"丢分最多的是{name}：{remedy}"
    if found.habits.pace and found.habits.pace > _SLOW:
        yield f"用时是建议的 {found.habits.pace:.1f} 倍：先列提纲再动笔，到点就收"
    practised = {kind.kind for kind in found.kinds}
    if untouched := [name for kind, name in KIND_NAMES.items() if kind not in practised]:
        yield f"还没练过{'、'.join(untouched)}，各找一题试试"


def _line(kind: KindTrend) -> Line:
    note = f"{kind.recent:.0%}"
    if kind.before is not None:
        change = round(100 * kind.recent) - round(100 * kind.before)
        note += f"（{change:+d}）" if change else "（持平）"
    return Line(_kind(kind.kind), kind.shares, sparkline(kind.shares), f"{note}  {kind.attempts} 次")


def _heat_map(cells: tuple[Cell, ...], topics: Mapping[str, str]) -> HeatMap:
    by_key = {(cell.topic, cell.kind): cell for cell in cells}
    known = [slug for slug in topics if any(cell.topic == slug for cell in cells)]
    rows = known + sorted({cell.topic for cell in cells} - set(known))
    columns = [kind for kind in KIND_NAMES if any(cell.kind == kind for cell in cells)]

    def heat(topic: str, kind: str) -> Heat | None:
        cell = by_key.get((topic, kind))
        if cell is None:
            return None
        title = f"{_kind(kind)}·{topics.get(topic, topic)}"
        return Heat(cell.rate, f"{cell.rate:.0%}", title, sparkline([cell.rate]))

    return HeatMap(
        [topics.get(topic, topic) for topic in rows],
        [_kind(kind) for kind in columns],
        [[heat(topic, kind) for kind in columns] for topic in rows],
    )


def _losses(losses: tuple[Loss, ...]) -> Bars:
    total = sum(loss.share for loss in losses)
    return Bars(
        [
            Bar(_CAUSES[loss.cause][0], loss.share / total, f"{loss.share / total:.0%}  {loss.attempts} 次")
            for loss in losses
        ]
    )


def _habits(habits: Habits) -> Iterator[Sentences | Bars]:
    told = []
    if habits.minutes is not None:
        sentence = f"一题用时的中位数是 {habits.minutes:.0f} 分钟"
        if habits.pace is not None:
            sentence += f"，为建议时间的 {habits.pace:.0%}；{habits.timed} 次里有 {habits.late} 次超时"
        told.append(f"{sentence}。")
    else:
        told.append("还没有计时的作答。")
    yield Sentences(told)
    lengths = {"字数合适": habits.length_ok, "超出要求": habits.length_over, "少于要求": habits.length_under}
    total = max(1, sum(lengths.values()))
    yield Bars([Bar(name, count / total, f"{count} 次") for name, count in lengths.items()])


def _memory(memory: Memory) -> Iterator[Sentences | Bars]:
    told = f"今天到期 {memory.due} 张。"
    if memory.recalled is not None:
        told += f"近 {RECENT_DAYS} 天复习 {memory.recent_reviews} 次，想得起的占 {memory.recalled:.0%}"
        told += f"（目标 {TARGET_RETENTION:.0%}）。"
    yield Sentences([told])
    week = memory.forecast[:7]
    most = max(1, *week)
    names = (*_DAY_NAMES, *(f"{n} 天后" for n in range(len(_DAY_NAMES), len(week))))
    yield Bars([Bar(name, count / most, f"{count} 张") for name, count in zip(names, week, strict=True)])


def _kind(kind: str) -> str:
    return next((name for key, name in KIND_NAMES.items() if key == kind), kind)
