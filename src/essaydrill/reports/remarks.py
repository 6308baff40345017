"""What is said of a marked answer as a whole, in the terminal and in what is handed back."""

from essaydrill.reports.style import marks
from essaydrill.scoring.result import Result


def certainty(result: Result) -> str:
    low, high = result.interval
    return f"估计区间 {marks(low)}–{marks(high)} 分：换一位阅卷人，给分大致落在其中。" if low < high else ""


def remarks(result: Result) -> list[tuple[str, str]]:
    """What a marker would say about the whole answer, and whether a person should look at it: label and sentence."""
    told = [("注意", flag.message) for flag in result.flags]
    if result.needs_review:
        told.append(("复核", "这份作答机器把握不大，建议请人再看一遍。"))
    return told
