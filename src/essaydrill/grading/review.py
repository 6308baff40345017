"""Which marked scripts a person should look at, and why."""

from essaydrill.grading.model import Record

DISAGREES = 0.2
"""Share of the full mark by which a person's mark must differ to be worth a look; markers among themselves differ by a
tenth on ordinary answers."""


def review_reasons(record: Record) -> tuple[str, ...]:
    """One short sentence for each reason; none where the mark may stand as it is, or where there is no mark."""
    result = record.result
    if result is None:
        return ()
    reasons = [flag.message for flag in result.flags]
    if result.needs_review and not reasons:
        low, high = result.interval
        reasons.append(f"把握不大，估计在 {low:g}–{high:g} 分之间")
    if record.repeat > 1:
        reasons.append(f"同一名学生这道题的第 {record.repeat} 份作答")
    if record.student.listed is False:
        reasons.append("名册里没有这名学生")
    if record.hand_mark is not None and abs(record.hand_mark - result.score) >= DISAGREES * result.max_score:
        reasons.append(f"与人工分 {record.hand_mark:g} 相差较大")
    return tuple(reasons)
