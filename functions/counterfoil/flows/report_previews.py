"""The first lines of a report, laid out as chosen: one call, nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from counterfoil.core import looks
from counterfoil.core.cells import EPOCH, Cell
from counterfoil.core.errors import BadRequest, ReportTooLarge
from counterfoil.core.operations import SheetColumn
from counterfoil.core.report_rows import AccountNumbers, ReportLayout, ReportRows
from counterfoil.core.reports import ReportTable
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.pace import in_a_minute
from counterfoil.flows.ports import Company
from counterfoil.flows.previews import ROWS, Preview
from counterfoil.flows.report_compare import compared_at_once
from counterfoil.flows.report_names import with_names
from counterfoil.flows.report_parts import Joined, answer
from counterfoil.flows.report_read import as_rows, held

MOST_COLUMNS = 50
LONGEST_TEXT = 200
NO_COMPARISON = "The periods that it is compared with are left out here; the export has them."
NO_NUMBERS = "Account numbers are as QuickBooks sends them; the export reads them."
BLANK_NUMBERS = "The accounts' numbers are blank here; the export reads them."
NO_TIES = "It was not checked against other reports."


def check_previewed(choice: ReportChoice) -> None:
    """Raises BadRequest for what takes more than an answer to begin with."""
    title = choice.report.title
    if choice.shape.group is not None:
        raise BadRequest(
            "A consolidated table has no preview: it is made of a report of each company. Look at "
            "one company's, or export it."
        )
    if choice.report.computed:
        raise BadRequest(
            f"{title} has no preview: it is made of several answers of QuickBooks. Export it."
        )


def report_preview(company: Company, choice: ReportChoice, company_name: str) -> Preview:
    """From one call, and one for each list in which a name is looked up. Raises as a run does, and
    ReportTooLarge also for a report that a run would read by period.
    """
    with in_a_minute():
        choice = with_names(company, choice)
        table, notes = _read(company, choice)
    found = held(Joined(table), choice)
    notes += _left_out(choice)
    shown = as_rows(found, choice, company_name)
    width = len(shown.layout.columns)
    if width > MOST_COLUMNS:
        notes.append(f"The first {MOST_COLUMNS} of {width:,} columns.")
    return replace(_first_lines(shown, found.table.currency), note=" ".join(notes))


def _read(company: Company, choice: ReportChoice) -> tuple[ReportTable, list[str]]:
    """In one answer, and what it leaves out."""
    try:
        compare = choice.shape.compare
        compared = compared_at_once(company, choice, compare) if compare else None
        if compared is not None:
            return compared, []
        table = answer(company, choice)
    except ReportTooLarge as error:
        raise ReportTooLarge(
            f"{choice.report.title} is too large for one answer of QuickBooks, which a preview is. "
            "Choose fewer days to look at it, or export it: where it can be cut, it is read by "
            "period.",
            **error.details,
        ) from error
    return table, [NO_COMPARISON] if compare else []


def _left_out(choice: ReportChoice) -> list[str]:
    shape = choice.shape
    found = []
    if shape.layout is ReportLayout.TIDY and choice.report.accounts:
        found.append(BLANK_NUMBERS)
    elif shape.numbers is not AccountNumbers.AS_SENT:
        found.append(NO_NUMBERS)
    return [*found, NO_TIES] if shape.tie_out else found


def _first_lines(shown: ReportRows, currency: str) -> Preview:
    *above, titles = shown.header_rows
    columns = shown.layout.columns[:MOST_COLUMNS]
    rows = shown.rows[:ROWS]
    first = len(shown.header_rows)
    of_rows = {look.row - first: look for look in shown.layout.row_looks if look.row >= first}
    return Preview(
        [str(title) for title in titles[:MOST_COLUMNS]],
        [_texts(row, columns, currency) for row in rows],
        more=len(shown.rows) > len(rows),
        above=[str(row[0]) for row in above if row[0]],
        amounts=[place for place, column in enumerate(columns) if column.kind == "number"],
        bold=[at for at in range(len(rows)) if at in of_rows and of_rows[at].bold],
        depths=[of_rows[at].depth if at in of_rows else 0 for at in range(len(rows))],
    )


def _texts(row: Sequence[Cell], columns: Sequence[SheetColumn], currency: str) -> list[str]:
    return [_text(cell, column, currency) for cell, column in zip(row, columns, strict=False)]


def _text(cell: Cell, column: SheetColumn, currency: str) -> str:
    """As the sheet shows it."""
    if isinstance(cell, str):
        return cell if len(cell) <= LONGEST_TEXT else cell[: LONGEST_TEXT - 1] + "…"
    if column.kind == "date":
        return (EPOCH + timedelta(days=int(cell))).isoformat()
    if column.kind != "number":
        return str(cell)
    if column == looks.PERCENT:
        text = f"{abs(cell):,.1%}"
    elif column == looks.WHOLE:
        text = f"{abs(cell):,}"
    elif column.pattern == looks.NUMBER_PATTERN:
        whole, _, rest = f"{cell:,.6f}".partition(".")
        return f"{whole}.{rest.rstrip('0'):0<2}"
    else:
        text = f"{abs(cell):,.{looks.decimals(currency)}f}"
    return f"({text})" if cell < 0 else text
