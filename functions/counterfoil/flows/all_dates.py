"""All dates of a report, sent as days: everything up to today.

QuickBooks' own `date_macro=All` is not among the values that Intuit's reference names, and people
see it time out or answer 500 (https://github.com/MicrosoftDocs/powerbi-docs/issues/812). Days can
be cut where they are too many, and stand in the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from counterfoil.core.datasets import Report
from counterfoil.core.errors import BadRequest
from counterfoil.core.report_cuts import SUMS

ALL = "all"
# Before any entry. A company's own first day would not do: what is brought in from other books is
# older.
FIRST = date(1900, 1, 1)

_BY = "summarize_column_by"
_YEARS = frozenset(("Year", "FiscalYear"))  # of which those before the first amount are left out


def days_of_all(report: Report, options: Mapping[str, Any], today: date) -> tuple[date, date]:
    """The first and the last of them. Raises BadRequest that says what to choose instead."""
    if report.as_of:
        raise _refused(f"{report.title} is of one day. Choose it, such as today.")
    if not report.takes_all_dates:
        raise _refused(f"{report.title} is of one period. Choose a range of dates.")
    parameters = options.get("parameters")
    by = parameters.get(_BY) if isinstance(parameters, Mapping) else None
    if by and by not in SUMS | _YEARS:
        raise _refused(
            f"All dates begin in {FIRST.year}, and with them the columns. Choose a range of dates, "
            "or columns by year or of the total."
        )
    if options.get("compare") is not None:
        raise _refused(
            "Before all dates there is nothing to compare with. Choose a range of dates."
        )
    group = options.get("consolidate")
    if isinstance(group, Mapping) and group.get("rates") == "quickbooks":
        raise _refused(
            "QuickBooks tells rates of days, and no average of all dates. Choose a range of dates, "
            "or rates from the tab."
        )
    return FIRST, today


def _refused(why: str) -> BadRequest:
    return BadRequest(why, option="dates")
