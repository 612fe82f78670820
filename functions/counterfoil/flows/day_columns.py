"""Columns by day, of which QuickBooks shows a hundred: more are read in parts, or refused."""

from __future__ import annotations

from collections.abc import Mapping

from counterfoil.core.datasets import Report
from counterfoil.core.dates import parsed
from counterfoil.core.errors import BadRequest
from counterfoil.core.report_cuts import MOST_DAYS, MOST_PARTS, OF_A_PERIOD

_BY = "summarize_column_by"


def check_days(report: Report, sent: Mapping[str, str]) -> None:
    """Raises BadRequest for more days than there can be columns; `sent` has both dates."""
    start, end = (sent.get(each) for each in ("start_date", "end_date"))
    if sent.get(_BY) != "Days" or not start or not end:
        return
    days = (parsed(end) - parsed(start)).days + 1
    most = MOST_DAYS * (MOST_PARTS if report.report in OF_A_PERIOD else 1)
    if days > most:
        # Of a state people choose a day, whose columns begin with its fiscal year, or a range.
        shorter = 'a range such as "Last month"' if report.as_of else "a shorter range of dates"
        raise BadRequest(
            f"{report.title} has no more than {most:,} days beside each other, and these are "
            f"{days:,}. Choose {shorter}, or columns by week or month.",
            option=_BY,
        )
