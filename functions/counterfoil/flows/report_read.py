"""A report, read in one step: in one call, or by period in several at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from counterfoil import collector
from counterfoil.core import blocks
from counterfoil.core.account_labels import account_ids, labelled
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.digest import Digest
from counterfoil.core.errors import ExportTooLarge
from counterfoil.core.first_column import from_first_amount
from counterfoil.core.keyed import (
    MOST_COLUMNS,
    MOST_LINES,
    Standing,
    Weaving,
    column_marks,
    lines_of,
    text_of,
    woven,
)
from counterfoil.core.line_operations import Total, formula
from counterfoil.core.live_totals import live_totals
from counterfoil.core.operations import EncodedRows, Operation
from counterfoil.core.periods import Today
from counterfoil.core.printed import printed, with_ids
from counterfoil.core.proof import Proof, Verdict
from counterfoil.core.report_blocks import into_history, woven_in
from counterfoil.core.report_rows import Keeping, ReportLayout, ReportRows, Totals
from counterfoil.core.statement_order import in_order
from counterfoil.core.tally import Tally
from counterfoil.core.tidy import tidy_values, titled
from counterfoil.core.tidy_lines import tidy_lines
from counterfoil.flows.account_numbers import account_numbers
from counterfoil.flows.all_dates import ALL
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.computed import MAKERS
from counterfoil.flows.fetched import Fetched
from counterfoil.flows.ports import Company
from counterfoil.flows.report_compare import compared_table
from counterfoil.flows.report_names import with_names
from counterfoil.flows.report_parts import Joined, report_table
from counterfoil.flows.tie_outs import tied
from counterfoil.flows.unproven import unproven

_ANEW = (
    f"Its lines and columns do not keep their places: {MOST_LINES:,} lines and {MOST_COLUMNS} "
    "columns do, if their names tell them apart."
)


@dataclass(frozen=True, slots=True)
class ReportRead:
    """All of it, laid out as chosen, and what it is woven into."""

    layout: Layout
    rows: EncodedRows
    tally: Tally
    digest: Digest
    proof: Proof
    weaving: Weaving | None = None
    standing: Standing | None = None
    totals: tuple[Total, ...] = ()
    keeping: Keeping = Keeping.REPLACE
    basis: str = ""  # which QuickBooks says it is on

    def operations(self, target: Target) -> tuple[Operation, ...]:
        history = into_history(target) if self.keeping is Keeping.HISTORY else ()
        return (*self._written(target), *history)

    def _written(self, target: Target) -> tuple[Operation, ...]:
        written = (self.layout, self.rows, target, self.digest, self.tally)
        totals = (formula(self.totals),) if self.totals else ()
        if self.weaving is None or self.standing is None:
            return blocks.direct(*written, totals=totals)
        return woven_in(*written, weaving=self.weaving, standing=self.standing, totals=totals)


def report_read(
    company: Company,
    choice: ReportChoice,
    digest: Digest,
    *,
    company_name: str,
    whose: str = "",
    max_cells: int,
    in_flight: int,
    position: Mapping[str, Any] | None = None,
    standing: Standing | None = None,
    tidy_up: bool = False,
    today: Today | None = None,
) -> ReportRead:
    """Read and laid out at once: raises as `fetched` and `laid_out`."""
    found = fetched(company, choice, position, in_flight=in_flight, today=today)
    return laid_out(
        found,
        choice,
        digest,
        company_name=company_name,
        whose=whose,
        max_cells=max_cells,
        standing=standing,
        tidy_up=tidy_up,
    )


def fetched(
    company: Company,
    choice: ReportChoice,
    position: Mapping[str, Any] | None = None,
    *,
    in_flight: int,
    today: Today | None = None,
) -> Fetched:
    """`position` is that of a Narrower which ended the step before; `today` is what
    ties to other reports are counted from.

    Raises Narrower, ReportTooLarge when QuickBooks cannot show it all, IncompleteRead when its
    totals do not add up.
    """
    choice = with_names(company, choice)
    if choice.report.computed:
        return MAKERS[choice.report.key].made(company, choice, in_flight=in_flight)
    compare = choice.shape.compare
    joined = (
        report_table(company, choice, position, in_flight=in_flight)
        if compare is None
        else compared_table(company, choice, compare, position, in_flight=in_flight)
    )
    found = held(joined, choice)
    table = found.table
    numbers: Mapping[str, str] = {}
    if choice.shape.asks_numbers(choice.report):
        of_lines = not choice.report.is_detail
        numbers = account_numbers(company, account_ids(table, of_lines=of_lines))
        table = labelled(table, numbers, choice.shape.numbers, of_lines=of_lines)
    # Last of all: that there is no time for it ends nothing.
    across = tied(company, choice, table, today=today or Today(date.min), in_flight=in_flight)
    proof = replace(found.proof, ties=across)
    return Fetched(table, proof, numbers)


def held(joined: Joined, choice: ReportChoice) -> Fetched:
    """Held to its totals, without the periods before the first amount where all dates are chosen.

    Raises IncompleteRead where they do not add up.
    """
    proof = joined.proof()
    if proof.verdict is Verdict.FAIL:
        raise unproven(proof)
    table = from_first_amount(joined.table) if choice.range == ALL else joined.table
    return Fetched(table, proof)


def laid_out(
    found: Fetched,
    choice: ReportChoice,
    digest: Digest,
    *,
    company_name: str,
    whose: str = "",
    max_cells: int,
    standing: Standing | None = None,
    tidy_up: bool = False,
) -> ReportRead:
    """`standing` is the block in the sheet, where lines and columns are to keep their places;
    `tidy_up` takes out what is gone; `whose` is the company's number. Raises ExportTooLarge.
    """
    with collector.at_rest():
        shown = replace(as_rows(found, choice, company_name), whose=whose)
        key = digest.as_json(with_key=True)["key"]
        weaving = woven(shown, key, standing, tidy_up=tidy_up) if standing else None
        lines = weaving.lines if weaving else lines_of(key, shown) if choice.is_keyed else None
        if weaving:
            shown = weaving.shown
        _check_size(shown, choice, max_cells)
        rows = EncodedRows.encoded(found.table.encode(shown.rows), len(shown.rows))
        digest.add(rows.text, rows.rows)
        tally = shown.layout.tally()
        tally.add(shown.rows)
        layout = shown.layout
        if lines is not None:
            told = text_of(key, lines, [row[0] for row in shown.rows])
            columns = layout.key_marks or column_marks(key, shown)
            layout = replace(layout, lines=told, key_marks=columns)
        live = choice.shape.totals is Totals.FORMULAS
        totals = tuple(live_totals(found.table, shown.line_keys, layout)) if live else ()
    kept, basis = choice.shape.keeping, found.table.basis
    # What the sheet is to have: a value a row, or lines of earlier runs among those sent.
    proof = replace(found.proof, rows=rows.rows)
    of_places = weaving.told if weaving else _ANEW if choice.is_keyed and lines is None else ""
    proof = replace(proof, why=f"{proof.why} {of_places}".strip())
    return ReportRead(layout, rows, tally, digest, proof, weaving, standing, totals, kept, basis)


def _check_size(shown: ReportRows, choice: ReportChoice, most: int) -> None:
    width = len(shown.layout.columns)
    cells = (len(shown.header_rows) + len(shown.rows)) * width
    if cells > most:
        raise ExportTooLarge(
            f"{choice.report.title} would be {len(shown.rows):,} lines of {width:,} columns, "
            f"{cells:,} cells; one export may have {most:,}. Narrow its dates.",
            rows=len(shown.rows),
            columns=width,
            cells=cells,
            most=most,
        )


def as_rows(found: Fetched, choice: ReportChoice, company: str) -> ReportRows:
    """In the chosen layout. Raises ExportTooLarge for a text that no cell can hold."""
    title, table = choice.report.title, found.table
    if choice.shape.layout is ReportLayout.TIDY:
        tidy = tidy_lines if choice.report.is_detail else tidy_values
        shown = tidy(table, title=title, company=company, numbers=found.numbers)
        return titled(shown, f"{title} · {company}") if choice.shape.titled else shown
    table = in_order(table)
    shown = printed(table, title=title, company=company)
    return with_ids(shown, table) if choice.shape.line_ids else shown
