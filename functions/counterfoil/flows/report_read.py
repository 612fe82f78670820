"""A report, read in one step: in one call, or by period in several at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from counterfoil.core import ties
from counterfoil.core.blocks import Layout
from counterfoil.core.digest import Digest
from counterfoil.core.errors import ExportTooLarge, IncompleteRead
from counterfoil.core.operations import EncodedRows
from counterfoil.core.printed import printed
from counterfoil.core.proof import Proof, Verdict
from counterfoil.core.report_rows import ReportLayout, ReportRows
from counterfoil.core.reports import ReportTable
from counterfoil.core.tally import Tally
from counterfoil.core.tidy import tidy_values
from counterfoil.core.tidy_lines import tidy_lines
from counterfoil.flows.choices import ReportChoice
from counterfoil.flows.ports import Company
from counterfoil.flows.report_parts import Joined, report_table
from counterfoil.flows.report_quiet import Quiet


@dataclass(frozen=True, slots=True)
class ReportRead:
    """All of it, laid out as chosen."""

    layout: Layout
    rows: EncodedRows
    tally: Tally
    digest: Digest
    proof: Proof


def report_read(
    company: Company,
    choice: ReportChoice,
    digest: Digest,
    *,
    company_name: str,
    max_cells: int,
    in_flight: int,
    position: Mapping[str, Any] | None = None,
) -> ReportRead:
    """`position` is that of a Narrower which ended the step before.

    Raises Narrower, ReportTooLarge when QuickBooks cannot show it all, IncompleteRead when its
    totals do not add up, ExportTooLarge.
    """
    found = report_table(company, choice, position, in_flight=in_flight)
    table, proof = found.table, ties.proof(found.table)
    if found.parts > 1:
        proof = _of_parts(proof, found)
    if proof.verdict is Verdict.FAIL:
        raise IncompleteRead(
            f"{proof.why} Nothing was written. Please export again.", sent=proof.sent
        )
    shown = _laid_out(table, choice, company_name)
    width = len(shown.layout.columns)
    cells = (len(shown.header_rows) + len(shown.rows)) * width
    if cells > max_cells:
        raise ExportTooLarge(
            f"{choice.report.title} would be {len(shown.rows):,} lines of {width:,} columns, "
            f"{cells:,} cells; one export may have {max_cells:,}. Narrow its dates.",
            rows=len(shown.rows),
            columns=width,
            cells=cells,
            most=max_cells,
        )
    rows = EncodedRows.of(shown.rows)
    digest.add(rows.text, rows.rows)
    tally = shown.layout.tally()
    tally.add(shown.rows)
    return ReportRead(shown.layout, rows, tally, digest, proof)


def _of_parts(proof: Proof, found: Joined) -> Proof:
    why = f"{proof.why} QuickBooks sent it in {found.parts:,} parts, by period."
    if found.quiet is Quiet.YES or proof.verdict is Verdict.FAIL:
        return replace(proof, why=why)
    why += " Whether somebody edited meanwhile could not be asked."
    return replace(proof, verdict=Verdict.NOT_CHECKED, why=why)


def _laid_out(table: ReportTable, choice: ReportChoice, company: str) -> ReportRows:
    title = choice.report.title
    if choice.layout is ReportLayout.TIDY:
        tidy = tidy_lines if choice.report.is_detail else tidy_values
        return tidy(table, title=title, company=company)
    return printed(table, title=title, company=company)
