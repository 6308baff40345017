"""One character at a time: widths, compatibility forms and radicals folded to the character that is meant."""

import re
import unicodedata

from essaydrill.text.characters import INVISIBLE

# Radicals that NFKC leaves alone, by the Equivalent_Unified_Ideograph property of Unicode; where that names a
# component outside the common fonts or a traditional form, the plain simplified character (⻊ 足, ⻑ 长, ⻯ 龙).
_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺"
    "⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯纟⺰纟⺱罓⺲罒⺳罒⺴冗⺵罒⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼"
    "⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑长⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页"
    "⻛风⻜飞⻝食⻞食⻟饣⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟"
)
_PUNCTUATION = (
    "「“」”『‘』’〝“〞”〟”„“‟“‚‘‛‘❝“❞”❛‘❜’"  # corner and low quotes
    "«《»》≪《≫》"
    "―—─—━—‐-‑-‒-–-−-"  # dashes, and what fonts use for them
    "〜~∼~∶:︰:⁄/"
    "・·‧·∙·⋅·"
    "……‥…⋯…"
    "\u1680 \t \r\n\v\n\f\n\x85\n\u2028\n\u2029\n"
)
_PAIRS = _RADICALS + _PUNCTUATION  # glyph, canonical character, glyph, canonical character, …
_FOLDED = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)) | {"⸺": "——"}

_DROPPED = re.compile(f"[{INVISIBLE}]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def fold(character: str) -> str:
    """The canonical form of one character: itself, another, several (㈠ → (一)), or "" where it has no ink.

    This is NFKC without what would lose meaning here: circled digits stay (① is numbering, not a 1), so does the
    ellipsis. A lone surrogate, which no encoding can write, becomes U+FFFD. `fold` is idempotent.
    """
    if (known := _FOLDED.get(character)) is not None:
        return known
    if _DROPPED.match(character):
        return ""
    if _SURROGATE.match(character):
        return "\ufffd"
    compatible = unicodedata.normalize("NFKC", character)
    if compatible == character or unicodedata.decomposition(character).startswith("<circle>"):
        return character
    if len(compatible) > 1 and compatible.startswith(" "):  # a spacing accent is not a space with an accent
        return character
    return "".join(_FOLDED.get(part, part) for part in compatible)
