"""People's marks against the machine's, as inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from essaydrill.reports.web import line

_SIDE = 300  # of the square, in its own units
_LEFT, _TOP, _RIGHT, _BOTTOM = 50, 12, 18, 44  # around it, for what stands at the axes
_SMALLEST, _LARGEST = 3.5, 11.0  # radius of a dot that stands for one answer, and of any other


@dataclass(frozen=True)
class Dot:
    """`count` answers with the same marks: people's to the right, the machine's upwards, both 0..1."""

    human: float
    machine: float
    title: str
    count: int = 1


@dataclass(frozen=True)
class Scatter:
    """`ticks` stand at even distances from 0 to 1; `unit` says what they are."""

    dots: Sequence[Dot]
    ticks: Sequence[str]
    unit: str


def scatter(plot: Scatter) -> str:
    """The drawing; on its diagonal both agree."""
    right, bottom = _LEFT + _SIDE, _TOP + _SIDE
    box = f"0 0 {right + _RIGHT} {bottom + _BOTTOM}"
    parts = [f'<svg viewBox="{box}" role="img" aria-label="人工评分与机器评分的散点图">']
    for number, tick in enumerate(plot.ticks):
        x, y = _place(number / (len(plot.ticks) - 1), number / (len(plot.ticks) - 1))
        parts.append(f'<line class="rule" x1="{x}" y1="{_TOP}" x2="{x}" y2="{bottom}"/>')
        parts.append(f'<line class="rule" x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}"/>')
        parts.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{line(tick)}</text>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{line(tick)}</text>')
    parts.append(f'<line class="diagonal" x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{_TOP}"/>')
    unit = line(plot.unit)
    parts.append(
        f'<text x="{_LEFT + _SIDE / 2}" y="{bottom + _BOTTOM - 6}" text-anchor="middle">人工评分（{unit}）</text>'
    )
    turned = f'transform="translate(13 {_TOP + _SIDE / 2}) rotate(-90)"'
    parts.append(f'<text {turned} text-anchor="middle">机器评分（{unit}）</text>')
    most = max((dot.count for dot in plot.dots), default=1)
    for dot in sorted(plot.dots, key=lambda dot: -dot.count):  # the small ones on top
        x, y = _place(dot.human, dot.machine)
        radius = _radius(dot.count, most)
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="{radius:g}"><title>{line(dot.title)}</title></circle>')
    return "\n".join([*parts, "</svg>"])


def _place(human: float, machine: float) -> tuple[float, float]:
    return round(_LEFT + _SIDE * human, 1), round(_TOP + _SIDE * (1 - machine), 1)


def _radius(count: int, most: int) -> float:
    """The area grows with the count, from one to the most."""
    share = (count - 1) / (most - 1) if most > 1 else 0.0
    largest = min(_LARGEST, _SMALLEST * most**0.5)
    return float(round((_SMALLEST**2 + share * (largest**2 - _SMALLEST**2)) ** 0.5, 1))
