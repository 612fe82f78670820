"""Ranges of days of which each end is written, stands in a cell, or is open."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from counterfoil.core.dates import ordered
from counterfoil.core.errors import BadRequest
from counterfoil.core.occasions import Occasion, bad_cell
from counterfoil.core.periods import COUNTED, Days, names

End = date | str | None  # a text refers to a cell

# What a range that moves is called: by its name, or by a number of days or months.
NAMES: tuple[Mapping[str, Any], ...] = (
    {"enum": list(names())},
    {"type": "string", "pattern": f"^{COUNTED.pattern}$"},
)


def days_between(start: End, end: End, occasion: Occasion) -> Days:
    """The first and the last day; None where the range is open.

    While choices are only checked, a cell is taken to hold the other end: no day that nobody chose
    is compared with one that somebody did. Raises BadRequest that names the cell, where one is to
    blame.
    """
    written = next(
        (each for each in (start, end) if isinstance(each, date)), occasion.example or occasion.day
    )
    first, last = (
        occasion.day_in(each, written) if isinstance(each, str) else each for each in (start, end)
    )
    if first and last:
        with blaming(next((each for each in (end, start) if isinstance(each, str)), None)):
            ordered(first, last)
    return first, last


@contextlib.contextmanager
def blaming(cell: str | None) -> Iterator[None]:
    """What is refused inside, is for what stands in that cell."""
    try:
        yield
    except BadRequest as error:
        if cell is None:
            raise
        raise bad_cell(cell, f"does not fit. {error.message}") from None
