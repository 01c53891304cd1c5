"""How the cells of a review's workbook look."""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from csq.reports.review.blocks import Cell, Column, Row, Tone

_FACE = "Microsoft YaHei"
_INK, _SOFT_INK, _LINE = "FF1B2430", "FF566270", "FFD9DEE5"
_HEAD_GROUND, _HEAD_INK = "FF1F3A5F", "FFFFFFFF"
_BAND = "FFF1F4F7"
GROUNDS = {Tone.MET: "FFDEF1E2", Tone.MISSED: "FFFBDFDF", Tone.UNSURE: "FFFFEFC7"}
_INKS = {
    Tone.MET: "FF14602A",
    Tone.MISSED: "FF93161C",
    Tone.UNSURE: "FF714C00",
    Tone.SOFT: _SOFT_INK,
}
_LINK_INK = "FF0B5CAD"
HEAT = ("FFFFFFFF", "FFF2B6A0", "FFE0705C")
"""From the least to the most; a number is to be read on each."""
_BORDER = Border(bottom=Side(style="thin", color=_LINE))


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; equal looks share one style in the file."""

    size: float = 10
    bold: bool = False
    ink: str = _INK
    ground: str | None = None
    wrap: bool = False
    right: bool = False
    center: bool = False
    border: bool = False
    underline: bool = False


TITLE = Look(size=18, bold=True, ink=_HEAD_GROUND)
HEADING = Look(size=12, bold=True, ink=_HEAD_GROUND)
LINE = Look(wrap=True, ink=_SOFT_INK)
STORY = Look(size=11, wrap=True)
HEADER = Look(bold=True, ink=_HEAD_INK, ground=_HEAD_GROUND, wrap=True, center=True)
CHECK = Look(ink=_SOFT_INK, right=True, border=True)


def look_of(cell: Cell, column: Column, row: Row) -> Look:
    """How a cell of a table looks, by its tone and that of its row."""
    is_total, is_quiet = row.tone is Tone.TOTAL, row.tone is Tone.SOFT
    ink = _INKS.get(cell.tone, _SOFT_INK if is_quiet else _INK)
    return Look(
        ink=_LINK_INK if cell.link else ink,
        ground=GROUNDS.get(cell.tone, _BAND if is_total else None),
        wrap=not column.is_number,
        right=column.is_number,
        border=True,
        bold=is_total and cell.tone is Tone.PLAIN,
        underline=bool(cell.link),
    )


class Styles:
    """Style objects by look, made once."""

    def __init__(self) -> None:
        self.known: dict[Look, tuple[Font, PatternFill | None, Alignment, Border | None]] = {}

    def put_on(self, cell: ExcelCell, look: Look) -> None:
        if look not in self.known:
            self.known[look] = (
                Font(name=_FACE, size=look.size, bold=look.bold, color=look.ink,
                     underline="single" if look.underline else None),
                PatternFill("solid", fgColor=look.ground) if look.ground else None,
                Alignment(
                    horizontal="right" if look.right else "center" if look.center else "left",
                    vertical="center" if look.ground == _HEAD_GROUND else "top",
                    wrap_text=look.wrap,
                    # Or it would touch a number on its left.
                    indent=1 if look.border and not (look.right or look.center) else 0,
                ),
                _BORDER if look.border else None,
            )  # fmt: skip
        font, fill, alignment, border = self.known[look]
        cell.font, cell.alignment = font, alignment
        if fill:
            cell.fill = fill
        if border:
            cell.border = border
