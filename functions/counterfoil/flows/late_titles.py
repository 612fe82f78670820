"""What stands beside a table's title once its schedule was changed: no run is waited for."""

from __future__ import annotations

from typing import Any

from counterfoil.core.dates import in_sheet, zone
from counterfoil.core.line_operations import NotRefreshed
from counterfoil.core.people import Sheet
from counterfoil.core.report_rows import ReportLayout
from counterfoil.flows.exporter_records import REPORT, Exporter
from counterfoil.flows.runs import APPLIED


def late_title(exporter: Exporter, sheet: Sheet) -> dict[str, Any] | None:
    """The `cell` that says from when on the table is late, null where it says so no more; `titled`
    where it may get one that it had not: only a printed report has a title whatever is chosen.

    None where there is no table, or nobody may write it: it is frozen.
    """
    last = exporter.last_run
    if last is None or exporter.frozen_at is not None:
        return None
    layout = exporter.options.get("layout")
    is_printed = exporter.kind == REPORT and layout != ReportLayout.TIDY.value
    return {
        "block": exporter.block,
        "titled": is_printed and last["state"] == APPLIED,
        "cell": _cell(exporter, sheet),
    }


def _cell(exporter: Exporter, sheet: Sheet) -> dict[str, Any] | None:
    plan, here = exporter.plan, zone(sheet.zone)
    if plan is None or plan.is_over or plan.good_at is None:
        return None
    at, due = in_sheet(plan.good_at, here), in_sheet(plan.due_at + plan.grace, here)
    return NotRefreshed(0, 1, at, due).as_json()
