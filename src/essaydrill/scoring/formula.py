"""Numbers and formulas in an answer, compared by value: 3(n-i+1), 3*(n+1-i) and 3n-3(i-1) are the same.

A formula is read as arithmetic on one-letter variables with the product sign left out where people leave it out, and is
known by its values at two fixed settings of the letters. 2的n-1次方 and pow(2,n-1) are read as 2^(n-1).
"""

import math
import re
from dataclasses import dataclass

Value = tuple[float, float]

_POWER = re.compile(r"([0-9A-Za-z]+)的\(?([0-9A-Za-z+\-*/]+)\)?次(?:方|幂)")
_POW = re.compile(r"pow\(([^(),]+),([^(),]+)\)", re.IGNORECASE)
# Spaces beside an operator or inside brackets, and the commas of 1,000,000.
_LEVELLED = (
    (re.compile(r" *([+\-*/^×÷]) *"), r"\1"),
    (re.compile(r"(?<=\() +| +(?=\))"), ""),
    (re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))"), ""),
)
_LIST_NUMBER = re.compile(r"(?:^|(?<=[\n。；;:：,，\s]))(?:\([0-9]{1,2}\)|[0-9]{1,2}(?:[.、)]|,(?![0-9])))")
_CANDIDATE = re.compile(r"[0-9A-Za-z+\-*/^().×·÷]+")
_WORD = re.compile(r"[A-Za-z]{2,}")
_LONGEST = 60  # characters; what is longer is code or garbage
_LARGEST = 1e12


@dataclass(frozen=True)
class Formula:
    """`text` as it stands in the normalised text; equal formulas have the same `value`."""

    text: str
    value: Value


def find_formulas(text: str) -> list[Formula]:
    """The formulas and numbers of a normalised text in order, list numbers and words left out."""
    for pattern, replacement in _LEVELLED:
        text = pattern.sub(replacement, text)
    text = _LIST_NUMBER.sub(" ", text)
    text = _POWER.sub(r"\1^(\2)", text)
    text = _POW.sub(r"(\1)^(\2)", text)
    found = []
    for match in _CANDIDATE.finditer(text):
        piece = _balanced(match[0].strip(".·*+/"))
        if 0 < len(piece) <= _LONGEST and not _WORD.search(piece) and (formula := _read(piece)):
            found.append(formula)
    return found


def _balanced(piece: str) -> str:
    """Without a bracket that has no partner at either end."""
    while piece.startswith("(") and piece.count("(") > piece.count(")"):
        piece = piece[1:]
    while piece.endswith(")") and piece.count(")") > piece.count("("):
        piece = piece[:-1]
    return piece


def _read(piece: str) -> Formula | None:
    values = []
    for setting in (0, 1):
        try:
            values.append(_Parser(piece, setting).parse())
        except (_NotAFormulaError, ZeroDivisionError, OverflowError):
            return None
    if piece.isalpha():  # a lone letter is a name
        return None
    first, second = (float(f"{value:.9g}") for value in values)
    return Formula(piece, (first, second))


class _NotAFormulaError(Exception):
    pass


class _Parser:
    """sum = product {+|- product}; product = power {[*|/] power}; power = atom [^ power]."""

    def __init__(self, text: str, setting: int) -> None:
        self._text = text
        self._at = 0
        self._setting = setting

    def parse(self) -> float:
        value = self._sum()
        if self._at != len(self._text) or not math.isfinite(value) or abs(value) > _LARGEST:
            raise _NotAFormulaError
        return value

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _sum(self) -> float:
        value = self._product()
        while self._next() in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            value += sign * self._product()
        return value

    def _product(self) -> float:
        value = self._power()
        while (following := self._next()) and following not in "+-)":
            if following in "*×·":
                self._take()
                value *= self._power()
            elif following in "/÷":
                self._take()
                value /= self._power()
            else:
                value *= self._power()
        return value

    def _power(self) -> float:
        base = self._atom()
        if self._next() != "^":
            return base
        self._take()
        exponent = self._power()
        if base <= 0 or abs(exponent) > 300:
            raise _NotAFormulaError
        return float(base**exponent)

    def _atom(self) -> float:
        following = self._next()
        if following == "-":
            self._take()
            return -self._power()
        if following == "(":
            self._take()
            value = self._sum()
            if self._next() != ")":
                raise _NotAFormulaError
            self._take()
            return value
        if number := re.compile(r"[0-9]{1,12}(?:\.[0-9]+)?").match(self._text, self._at):
            self._at = number.end()
            return float(number[0])
        if following.isascii() and following.isalpha():
            self._take()
            return _letter(following, self._setting)
        raise _NotAFormulaError

    def _take(self) -> str:
        self._at += 1
        return self._text[self._at - 1]


def _letter(letter: str, setting: int) -> float:
    """A fixed value between 2 and 7 that no two letters share; capitals count as small letters."""
    place = ord(letter.lower()) - ord("a") + 1
    return 2 + 5 * math.modf(place * (0.6180339887, 0.4142135624)[setting])[0]
