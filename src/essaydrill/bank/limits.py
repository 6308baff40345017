"""Reading the length requirement out of a question's wording, as real papers write it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from essaydrill.bank.models import Length

# Marks that number a requirement. Compatibility folding would glue ③ to the number behind it.
_LIST_MARKS = re.compile("[①-⒛❶-➓㈠-㈩㊀-㊉]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_DASHES = re.compile(r"[‐-―−─━~∼〜ー_﹣-]+")
_SIMPLER = str.maketrans("過於內數約個達總題條點項字為應標間須寧", "过于内数约个达总题条点项字为应标间须宁")

_DIGIT = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWER = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_HAN_DIGITS = "[零〇一二两三四五六七八九十百千万]{0,8}"
_HAN_NUMBER = re.compile(rf"{_HAN_DIGITS}[十百千万]{_HAN_DIGITS}(?=个?字|[-至到左以之。;,]|$)")
_MIXED_NUMBER = re.compile(r"(?<!\d)(\d{1,3}(?:\.\d{1,2})?)([百千万])(?=[余多来]?个?字|[-至到左以之])")
_THOUSAND_WORDS = re.compile(r"(?<![一-龥])千(?=[余多来]?字(?!文))")

_NUMBER = r"(?:\d{1,2},\d{3}|\d{1,5})"
_UNIT = r"(?:[余多来])?个?(?:汉?字符?(?:数)?|格)(?![诀经样形眼体幕母典词号码句])"
_EXPRESSION = re.compile(
    rf"(?<![\dA-Za-z.])(?P<low>{_NUMBER})(?:(?P<low_unit>{_UNIT})?(?:-|至|到)(?P<high>{_NUMBER}))?(?![\dA-Za-z])(?P<unit>{_UNIT})?"
)
_TOLERANCE = re.compile(r"[(]?(?:±|上下浮动|浮动)(?P<amount>\d{1,3})(?P<percent>%)?(?:字)?[)]?")
_SUFFIX = re.compile(
    rf"(?:\([^()]{{1,12}}\))?(?:(?P<about>左右|上下|前后|为宜|为佳)|(?P<max>以内|之内|以下|之下|内(?!容|涵)|为限|封顶)"
    rf"|(?P<min>及?以上|之上|起(?![到着])))(?P<unit>{_UNIT})?"
)
_PENALTY = re.compile(r"[^。]{0,6}(?:扣|不得分|不给分|零分|降)")

_COMPARISON = (
    r"(?P<negated>不(?:得|能|要|可|可以|宜|应|准|许|允许|应该|必)?)?"
    r"(?:(?P<more>超过|超出|超|多于|多过|大于|高于|逾|>=?|≥)|(?P<less>少于|低于|小于|少过|不足|不满|<=?|≤))"
    r"|(?P<most>最多|至多|上限|限制?|控制)|(?P<least>最少|至少|起码|下限|不下|达到)|(?P<near>大约|大概|约|接近|近)"
)
_FILLER = r"(?:字数|篇幅|长度|[在为是于到达共计总:约的应须需限])*"
_PREFIX = re.compile(rf"(?:{_COMPARISON}){_FILLER}$")
_NAMED = re.compile(r"(?:字数|篇幅|长度|字符数)[^\d。;,]{0,8}$")
# A bare number is a length only where nothing else can be meant: the clause holds no other word.
_ONLY_LENGTH = re.compile(
    r"(?:字数|篇幅|长度|全文|正文|总计|共计|答案|作答|要求|限制|控制|大约|最多|至多|最少|至少|上限|下限"
    r"|不?[得能要可宜应]?(?:超过|超出|多于|大于|少于|低于|小于)|[请需应须总共限约在为是:<>=≤≥])*"
)
_PART = re.compile(
    r"(?:每(?:一|个)?(?:条|点|项|句|段|问|小问|小题|则|例|部分|方面|要点|空|处|超|少|多|增|减)[^。;,]{0,8}"
    r"|(?:各|各自|分别)|(?<!自拟)(?<!自定)(?<!拟定)(?:标题|题目|摘要|小标题|主题句|开头|结尾|导语)"
    r"|其中[^。;,]{0,10}|第[一二三四五\d](?:问|部分|小题)[^。;,]{0,8})"
    rf"(?:{_COMPARISON.replace('?P<', '?P<part_')})?{_FILLER}$"
)
_QUOTED = re.compile(r"“[^“”]{0,60}”|《[^《》]{0,60}》|‘[^‘’]{0,60}’")

_SMALLEST_BARE = 50  # “50字” may be a length; “8字方针” and “3条” are not
_LONGEST = 20_000


@dataclass(frozen=True)
class _Reading:
    """One number or range that may be the length requirement."""

    start: int
    end: int
    length: Length
    strength: int


def read_limit(line: str) -> Length | None:
    """The length requirement stated in `line`, in cells; None where it states none.

    Ranges (800-1000字) give `min` and `max`, 左右 / 约 / a plain number give `about`, 不超过 / 以内 give `max`,
    不少于 / 以上 give `min`. Limits of one part (每条, 标题) are not the answer's. Where several numbers stand,
    the most explicit counts, and of equals the last, since requirements follow the task.
    """
    text = _clean(line)
    readings = [*_readings(text)]
    if not readings:
        return None
    strongest = max(reading.strength for reading in readings)
    candidates = [reading for reading in readings if reading.strength == strongest]
    last = candidates[-1].length
    if len(candidates) > 1 and candidates[-1].start - candidates[-2].end <= 12:
        return _joined(candidates[-2].length, last) or last
    return last


def _clean(line: str) -> str:
    """One spelling for widths, dashes, numerals and list marks; spaces of PDF text dropped."""
    # A full-width comma parts clauses, only an ASCII one may part thousands.
    text = _LIST_MARKS.sub(";", _INVISIBLE.sub("", line)).replace("，", ";").replace("\n", ";")
    text = unicodedata.normalize("NFKC", text).translate(_SIMPLER)
    text = re.sub(r"((?:资料|材料)[\d\s、,和及-]*\d)\s+(?=\d)", r"\1;", text)
    text = re.sub(r"\s+", "", text)
    text = _DASHES.sub("-", text)
    # Scanned digits: l000, 1OOO, 800一1000.
    text = re.sub(r"(?<![A-Za-z])[lI|](?=[\dO]{2,}(?![A-Za-z]))", "1", text)
    text = re.sub(r"(?<=\d)[Oo]+(?![A-Za-z])", lambda found: "0" * len(found[0]), text)
    text = re.sub(r"(?<=\d)一(?=\d)", "-", text)
    text = re.sub(r"(?<=\d)宇", "字", text)
    text = re.sub(r"(^|[;。,:)])(\d{1,2})[.、](?=\d{2,})", r"\1;", text)
    text = _MIXED_NUMBER.sub(lambda found: str(round(float(found[1]) * _POWER[found[2]])), text)
    text = _THOUSAND_WORDS.sub("1000", text)
    return _HAN_NUMBER.sub(lambda found: _han_number(found[0]), text)


def _han_number(numeral: str) -> str:
    """一千二百 → 1200; a run that is no such number (百千) is returned as it is."""
    total, digit = 0, None
    power = 100_000
    for character in numeral:
        if character in _DIGIT:
            if digit:
                return numeral
            digit = _DIGIT[character]
        else:
            if _POWER[character] >= power or (digit is None and character != "十"):
                return numeral
            power = _POWER[character]
            total += (1 if digit is None else digit) * power
            digit = None
    if digit:  # 一千二 is 1200, 一千零二 is 1002
        total += digit * (1 if "零" in numeral or power == 10 else power // 10)
    return str(total)


def _readings(text: str) -> Iterator[_Reading]:
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    for found in _EXPRESSION.finditer(text):
        reading = _read(text, found)
        if reading is None:
            continue
        if any(start < reading.start and reading.end <= end for start, end in quoted):
            reading = _Reading(reading.start, reading.end, reading.length, reading.strength - 4)
        yield reading


def _read(text: str, found: re.Match[str]) -> _Reading | None:
    before = re.split(r"[。;,、!?)(]", text[max(0, found.start() - 24) : found.start()])[-1]
    if _PART.search(before):
        return None
    low, high = _value(found["low"], text, found.start()), found["high"] and _value(found["high"], text, -1)
    if high and low > high:  # “资料3,800-1000字”: the comma was no thousands separator
        low = int(found["low"].split(",")[-1])
    end = found.end()
    suffix = _SUFFIX.match(text, end)
    tolerance = _TOLERANCE.match(text, end)
    end = suffix.end() if suffix else tolerance.end() if tolerance else end
    unit = bool(found["unit"] or found["low_unit"] or (suffix and suffix["unit"]))
    prefix = _PREFIX.search(before)
    named = bool(_NAMED.search(before))
    qualified = bool(prefix or suffix or tolerance or high or named)
    if not unit and not (qualified and _stands_alone(text, before, end, low, int(high or 0), named)):
        return None
    if max(low, int(high or 0)) > _LONGEST or (low < _SMALLEST_BARE and not (unit and (prefix or suffix))):
        return None
    length = _length(low, int(high or 0), prefix, suffix, tolerance, bool(_PENALTY.match(text, end)))
    return _Reading(found.start(), end, length, 2 * qualified + unit) if length else None


def _value(number: str, text: str, start: int) -> int:
    head, comma, tail = number.partition(",")
    if comma and re.search(r"(?:资料|材料|题)[\d、,和及-]*$", text[max(0, start - 12) : max(0, start)]):
        return int(tail)
    return int(head + tail)


def _stands_alone(text: str, before: str, end: int, low: int, high: int, named: bool) -> bool:
    """Whether a number without 字 is a length: nothing but words of length in its clause, and not a span of years."""
    if end < len(text) and text[end] not in "。;,、!?)(":
        return False
    years = 1900 <= low <= 2100 and 1900 <= high <= 2100
    return low >= _SMALLEST_BARE and bool(_ONLY_LENGTH.fullmatch(before)) and (named or not years)


def _length(
    low: int,
    high: int,
    prefix: re.Match[str] | None,
    suffix: re.Match[str] | None,
    tolerance: re.Match[str] | None,
    penalty: bool,
) -> Length | None:
    if high:
        return Length(min=low, max=high) if 0 < low < high else None
    if low <= 0:
        return None
    if tolerance:
        amount = int(tolerance["amount"])
        if tolerance["percent"]:
            if amount == 10:  # exactly what `about` stands for
                return Length(about=low)
            amount = round(low * amount / 100)
        return Length(min=low - amount, max=low + amount) if 0 < amount < low else Length(about=low)
    bound = _bound_before(prefix, penalty) or (_bound_after(suffix) if suffix else "about")
    # 限 and 控制在 only bind where the suffix does not say otherwise: 控制在1000字左右, 限800字以上.
    if suffix and prefix and prefix["most"] in ("限", "限制", "控制"):
        bound = _bound_after(suffix)
    return Length.model_validate({bound: low})


def _bound_before(prefix: re.Match[str] | None, penalty: bool) -> str | None:
    if prefix is None or prefix["near"]:
        return None
    if prefix["most"] or prefix["least"]:
        return "max" if prefix["most"] else "min"
    symbol = (prefix["more"] or prefix["less"])[0] in "<>≤≥"
    upward = bool(prefix["more"])
    # “超过1200字扣分” states a maximum and “少于800字扣分”, “不足800字” a minimum, though nothing is negated.
    forbidden = bool(prefix["negated"]) or penalty or prefix["less"] in ("不足", "不满")
    if symbol:
        return "min" if upward else "max"
    return "max" if upward == forbidden else "min"


def _bound_after(suffix: re.Match[str]) -> str:
    return "about" if suffix["about"] else "max" if suffix["max"] else "min"


def _joined(first: Length, second: Length) -> Length | None:
    """“不少于800字，不超过1000字” in either order as one range."""
    if first.min and not first.max and second.max and not second.min and first.min <= second.max:
        return Length(min=first.min, max=second.max)
    if first.max and not first.min and second.min and not second.max and second.min <= first.max:
        return Length(min=second.min, max=first.max)
    return None
