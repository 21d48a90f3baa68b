"""The validation report as a picture: SVG, readable in black and white, a table beside it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from app.reports.parity import BAND, BANDS

_WIDTH, _MARGIN, _LEFT = 720, 24, 150
_BAR, _GAP, _TITLE, _TALL = 18, 8, 40, 140
_INK, _NOW, _BEFORE, _FLOOR = "#1c2b2a", "#2c7a6b", "#b8c9c4", "#b3541e"
_FOUR_FIFTHS_PERMILLE = 800


class _Page:
    """What has been drawn so far, and how far down."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = _MARGIN

    def text(self, x: int, y: int, said: object, *, size: int = 12, anchor: str = "start") -> None:
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}">'
            f"{escape(str(said))}</text>"
        )

    def bar(self, x: int, y: int, wide: int, high: int, colour: str, said: str) -> None:
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{colour}">'
            f"<title>{escape(said)}</title></rect>"
        )

    def heading(self, said: str) -> None:
        self.y += _TITLE
        self.text(_MARGIN, self.y - 14, said, size=15)


def draw(report: Mapping[str, Any]) -> str:
    """The picture of a report as `validating.report` makes it."""
    page = _Page()
    page.text(_MARGIN, page.y, f"Credit factor, {report['quarter']}: validation", size=18)
    now, before = report["distribution"], report["distribution_before"]
    page.heading(f"Residents by factor: {report['quarter']} (dark) and {report['before']} (light)")
    _columns(page, now["bands"], before["bands"])
    steady = report["stability"]
    page.text(
        _MARGIN,
        page.y,
        f"Stability index {steady['index'] or 'unknown'} ({steady['verdict']}):"
        f" {steady['stayed']} stayed in their band, {steady['rose']} rose, {steady['fell']} fell.",
    )
    page.y += _GAP
    for name, words in (("age_band", "age band"), ("district", "district")):
        page.heading(f"Mean factor by {words}; the line is four fifths of the best group")
        _rows(page, report["parity"][name]["groups"])
    return _whole(page, f"Distribution, stability and parity of the factor in {report['quarter']}")


def _columns(page: _Page, now: Sequence[int], before: Sequence[int]) -> None:
    most = max(*now, *before, 1)
    step = (_WIDTH - 2 * _MARGIN) // BANDS
    foot = page.y + _TALL
    for number, (new, old) in enumerate(zip(now, before, strict=True)):
        x = _MARGIN + number * step
        low, high = number * BAND, (number + 1) * BAND - 1 if number < BANDS - 1 else BANDS * BAND
        for offset, count, colour in ((0, old, _BEFORE), (step // 3, new, _NOW)):
            tall = count * (_TALL - _BAR) // most
            said = f"{count} of {low} to {high}"
            page.bar(x + offset, foot - tall, step // 3 - 2, tall, colour, said)
        if new:
            page.text(x + step // 2, foot - new * (_TALL - _BAR) // most - 4, new, anchor="middle")
        page.text(x + step // 3, foot + 16, f"{low}", anchor="middle")
    page.y = foot + _TITLE


def _rows(page: _Page, groups: Iterable[Mapping[str, Any]]) -> None:
    rows = list(groups)
    best = max((each["mean_factor"] for each in rows), default=0) or 1
    room = _WIDTH - _LEFT - 2 * _MARGIN - 60
    top = page.y
    for each in rows:
        wide = each["mean_factor"] * room // best
        page.text(_LEFT - 8, page.y + 13, each["group"], anchor="end")
        said = f"{each['residents']} residents, mean factor {each['mean_factor']}"
        page.bar(_LEFT, page.y, wide, _BAR, _NOW, said)
        page.text(_LEFT + wide + 6, page.y + 13, f"{each['mean_factor']} (n={each['residents']})")
        page.y += _BAR + _GAP
    if not rows:
        page.text(_MARGIN, page.y + 12, "No group has ten residents: nothing is told apart.")
        page.y += _BAR + _GAP
        return
    x = _LEFT + room * _FOUR_FIFTHS_PERMILLE // 1000
    page.parts.append(
        f'<line x1="{x}" x2="{x}" y1="{top - 4}" y2="{page.y}" stroke="{_FLOOR}"'
        ' stroke-dasharray="4 3"/>'
    )


def _whole(page: _Page, said: str) -> str:
    high = page.y + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {high}"'
        f' width="{_WIDTH}" height="{high}" font-family="system-ui, sans-serif" fill="{_INK}">'
        f"<title>{escape(said)}</title>"
        f'<rect width="{_WIDTH}" height="{high}" fill="#ffffff"/>'
        + "".join(page.parts)
        + "</svg>\n"
    )
