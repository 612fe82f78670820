"""What a run takes from its moment: the day, the fiscal year, the cells it was given. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from counterfoil.core.cells import js_length
from counterfoil.core.dates import parsed
from counterfoil.core.errors import BadRequest
from counterfoil.core.periods import Days, Today, resolved

# One cell with the name of its tab, as Sheets writes it: 'My setup'!B1.
REFERENCE = re.compile(r"'(?:[^'\x00-\x1f]|''){1,100}'!\$?[A-Z]{1,3}\$?[1-9]\d{0,7}", re.ASCII)

# So much is read of a cell: what is as long may have been cut off, between two names even.
LONGEST_CELL = 2_000  # characters, as JavaScript counts them

# What a cell shows, and `getValue` gives as its text, where its formula has no value (yet).
# https://support.google.com/docs/answer/3238305 (ERROR.TYPE)
ERRORS = frozenset(
    {
        *("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#ERROR!", "#SPILL!"),
        "Loading...",
    }
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """The same for all steps of a run. Without `cells` nothing is run: choices are only checked,
    and what stands in a cell is taken for what it should be.
    """

    day: date  # in the spreadsheet's zone
    zone: ZoneInfo
    fiscal_month: int = 1
    cells: Mapping[str, str | None] | None = field(default=None, repr=False)
    example: date | None = None  # the day in every cell while choices are only checked

    @classmethod
    def at(
        cls, now: datetime, zone: ZoneInfo, fiscal_month: int, cells: Mapping[str, str | None]
    ) -> Occasion:
        return cls(now.astimezone(zone).date(), zone, fiscal_month, cells)

    @property
    def today(self) -> Today:
        return Today(self.day, self.fiscal_month)

    def days(self, range: str) -> Days:
        """Of a range by its name. Raises BadRequest."""
        return resolved(range, self.today)

    def text(self, cell: str, sample: str) -> str:
        """What stands in a cell; `sample` while choices are only checked.

        Raises BadRequest that names a cell which is empty or not there, shows an error, or holds
        more than is read of it.
        """
        if self.cells is None:
            return sample
        value = self.cells.get(cell)
        if value is None:
            raise bad_cell(cell, "is not there any more. Choose the cell again.")
        text = value.strip()
        if not text:
            raise bad_cell(cell, "is empty. Fill it in, and run the export again.")
        if text in ERRORS:
            why = f"shows {text} instead of a value. Mend it, and run the export again."
            raise bad_cell(cell, why)
        if js_length(value) >= LONGEST_CELL:
            raise bad_cell(
                cell,
                f"holds {LONGEST_CELL:,} characters or more, which is more than is read. "
                "Shorten it, and run the export again.",
            )
        return text

    def day_in(self, cell: str, sample: date) -> date:
        """Raises BadRequest that names a cell in which there is no date."""
        text = self.text(cell, sample.isoformat())
        try:
            return parsed(text)
        except BadRequest as error:
            raise bad_cell(cell, f"does not hold a date. {error.message}") from None


def reference(value: object) -> str:
    """The reference to a cell. Raises BadRequest for what is none."""
    if not isinstance(value, str) or not REFERENCE.fullmatch(value):
        raise BadRequest("A cell is named with its tab, such as 'Setup'!B1.")
    return value


def bad_cell(cell: str, why: str) -> BadRequest:
    return BadRequest(f"The cell {cell} {why}", cell=cell)
