"""The drawings of a class's report, as inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from essaydrill.reports.style import STATUS_NAMES
from essaydrill.reports.web import line

_WIDTH, _HEIGHT, _HEAD, _FOOT, _EDGE = 400, 120, 18, 22, 16  # of a histogram, in its own units


@dataclass(frozen=True)
class Columns:
    """A histogram: each column's share of the highest, 0..1, with its count; `ticks` stand between columns and at both
    ends, so there is one more. `caption` says the rest."""

    shares: Sequence[float]
    counts: Sequence[str]
    ticks: Sequence[str]
    caption: str


def histogram(chart: Columns, title: str) -> str:
    width = (_WIDTH - 2 * _EDGE) / len(chart.shares)
    base = _HEAD + _HEIGHT
    parts = [f'<line class="axis" x1="{_EDGE}" y1="{base}" x2="{_WIDTH - _EDGE}" y2="{base}"/>']
    for n, (share, count) in enumerate(zip(chart.shares, chart.counts, strict=True)):
        height, left = _HEIGHT * share, _EDGE + n * width
        parts.append(
            f'<rect class="bar" x="{left + 1.5:.1f}" y="{base - height:.1f}" width="{width - 3:.1f}" '
            f'height="{height:.1f}"/><text class="count" x="{left + width / 2:.1f}" y="{base - height - 5:.1f}" '
            f'text-anchor="middle">{line(count)}</text>'
        )
    for n, tick in enumerate(chart.ticks):
        x = _EDGE + n * width
        parts.append(f'<text x="{x:.1f}" y="{base + 16}" text-anchor="middle">{line(tick)}</text>')
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {base + _FOOT}" role="img" aria-label="{line(title)}">{"".join(parts)}'
        f"</svg><figcaption>{line(chart.caption)}</figcaption></figure>"
    )


def stacked(shares: tuple[float, float, float]) -> str:
    """Hit, partial and missed, one behind the other."""
    parts, left = [], 0.0
    for status, share in zip(STATUS_NAMES, shares, strict=True):
        parts.append(f'<rect class="{status}" x="{left:.2f}" width="{100 * share:.2f}" height="10"/>')
        left += 100 * share
    return f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'


def strip(share: float) -> str:
    """A bar of `share` of the whole."""
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" '
        f'height="10"/><rect class="bar" width="{100 * share:.1f}" height="10"/></svg>'
    )
