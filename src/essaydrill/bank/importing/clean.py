"""What stands around the text of a web page: navigation, shop, login. General rules, no site's own words.

Dropped are lines of shops and logins, lines that come again and again, and short lines that say nothing before the
first and behind the last line that belongs to the text. A document that was never a web page loses nothing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from essaydrill.bank.importing.cues import read_cue, read_heading
from essaydrill.bank.importing.numbering import numbered

_SHORT = 40  # characters: what is longer is no button and no link
_AGAIN = 3  # a line that stands this often is part of the page
_PAGE_JUNK = 5  # lines of junk that make a text a web page; in any other, 登录 is what the text is about
_DESERT = 10  # so many lines in a row that say nothing, with junk among them, end the text
_DESERT_JUNK = 3
_SIGNATURE = 3  # lines behind an answer that may still be its signature and date

_SENTENCE_END = re.compile(r"[。！？；!?;][”’」』）)】]*$")
_SELLING = re.compile(
    r"扫码|扫一扫|二维码|立即(?:注册|登录|购买|咨询|报名|关注|下载)|立刻关注|没有账号|已有账号|忘记密码|验证码|登录账号"
    r"|(?:开通|成为|办理|需要本站)\s*(?:本站)?vip|vip(?:会员|章节|服务)|会员才可|支付宝|微信支付|加入购物车|购买(?:课程|本课|会员|此)"
    r"|[¥￥]\s*\d|^\d{1,5}\.\d{2}(?:元)?$|^(?:销售|销量|浏览|阅读|点击|库存)\s*[:：]?\s*\d+|预售|包邮|原价|现货"
    r"|客服|在线咨询|咨询电话|热线电话|商务合作|400-\d|ICP备|公网安备|版权所有|copyright|©|all rights reserved"
    r"|官方(?:微信|微博|公众号)|(?:微信)?公众号[:：]|(?:视频号|服务号|小程序)$|app$|app下载|^更多(?:>|》)*$|关注我们",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"^(?:上|下)一(?:篇|页|章)|^返回(?:顶部|首页|列表)|分享(?:到|至)|^打印|字号[:：]"
    r"|^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?.{0,30}(?:来源|作者|编辑|浏览|阅读|点击)|^(?:来源|作者|责任编辑|编辑|发布时间|浏览次数|阅读量)\s*[:：]"
    r"|登录|注册|收藏|点赞|^评论|^关闭$|^搜索|^导航$|^菜单$|友情链接|网站地图|联系我们|关于我们|^\+?\d{2,4}$|1[3-9]\d{9}",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"您?(?:现在|当前)的?位置|首页\s*[>»›|/]")
_LEGAL = re.compile(r"侵权|版权|免责声明|未经.{0,10}许可|转载|仅供.{0,8}学习")
# Behind these words a page speaks of other things.
_THE_END = re.compile(
    r"(?:推荐|相关|热门|猜你喜欢|精彩|最新)(?:课程|阅读|文章|推荐|资讯|内容|图书|资料|试题)?|(?:网友|用户|最新)评论|抱歉.{0,20}会员.*"
    r"|.{0,20}(?:会员|付费|购买|登录)后?.{0,6}(?:才可|方可|即可|可以?)(?:继续|查看|阅读).*"
)
_DATE = re.compile(r"[\dXx×✕○〇Oo*一二三四五六七八九零]{2,4}年[\dXx×✕○〇*一二三四五六七八九十]{1,3}月.{0,6}")


@dataclass(frozen=True)
class Cleaned:
    """The lines of the text in their order, what was left out, and the title that stood above the text."""

    lines: tuple[str, ...]
    dropped: tuple[str, ...]
    title: str


def clean(lines: Sequence[str], *, web: bool) -> Cleaned:
    """Part the text from what stands around it; `web` says that the lines may come from a web page."""
    repeated = {line for line, count in Counter(lines).items() if count >= _AGAIN and _is_short(line)} if web else set()
    kinds = [_kind(line, repeated) for line in lines]
    web = web and kinds.count("junk") >= _PAGE_JUNK
    first = next((n for n, kind in enumerate(kinds) if kind == "text"), len(lines))
    end = _end(lines, kinds, first) if web else len(lines)
    title = next((lines[n] for n in range(first - 1, -1, -1) if kinds[n] == "short"), "")
    kept = [n for n in range(first, end) if not (web and kinds[n] == "junk" and _is_foreign(lines[n], repeated))]
    text = tuple(lines[n] for n in kept)
    around = set(kept)
    left = tuple(line for n, line in enumerate(lines) if n not in around and line != title)
    return Cleaned(text, left, title)


def _kind(line: str, repeated: set[str]) -> str:
    """text for what belongs to a paper or lesson, junk for what belongs to a page, short for what may be either."""
    if _is_marked(line):
        return "text"
    if line in repeated:
        return "junk"
    if _is_short(line) and (_SELLING.search(line) or _PAGE.search(line) or _THE_END.fullmatch(line)):
        return "junk"
    if len(line) <= 3 * _SHORT and (_TRAIL.search(line) or _LEGAL.search(line)):
        return "junk"
    return "text" if _SENTENCE_END.search(line) or len(line) > _SHORT else "short"


def _is_marked(line: str) -> bool:
    heading = read_heading(line)
    known = heading is not None and (heading.part is not None or heading.number is not None)
    return known or read_cue(line) is not None or numbered(line) is not None or line.startswith(("★", "——", "要求"))


def _is_short(line: str) -> bool:
    return len(line) <= _SHORT and not _SENTENCE_END.search(line) and not _is_marked(line)


def _is_foreign(line: str, repeated: set[str]) -> bool:
    """Whether a junk line goes even from the middle of the text, where 登录 may be what the text is about."""
    return line in repeated or bool(_SELLING.search(line) or _THE_END.fullmatch(line) or _LEGAL.search(line))


def _end(lines: Sequence[str], kinds: Sequence[str], first: int) -> int:
    """Where the text ends: before a run of lines that say nothing, some of which belong to a page."""
    marked = max((n for n, line in enumerate(lines) if kinds[n] == "text" and _is_marked(line)), default=0)
    start = first
    while start < len(lines):
        stop = start
        while stop < len(lines) and kinds[stop] != "text":
            stop += 1
        junk = kinds[start:stop].count("junk")
        ends = stop == len(lines) or (stop - start >= _DESERT and marked < stop)
        if ends and junk >= (1 if stop == len(lines) else _DESERT_JUNK):
            return start + _signature(lines[start:stop])
        start = stop + 1
    return len(lines)


def _signature(tail: Sequence[str]) -> int:
    """How many of the first lines behind the text close a letter or a report: up to its date."""
    return next((n for n, line in enumerate(tail[:_SIGNATURE], 1) if _DATE.fullmatch(line)), 0)
