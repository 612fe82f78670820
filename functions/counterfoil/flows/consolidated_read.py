"""One table of several companies: all read at once, each within its own limits, then merged.

A company that cannot be read ends the run: none is ever left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from counterfoil.core import consolidation_proof, operations
from counterfoil.core.consolidation import merged
from counterfoil.core.consolidation_books import books_of
from counterfoil.core.consolidation_lines import Member, Merged
from counterfoil.core.consolidation_rates import Kind, Need, Rates, Span, needs
from counterfoil.core.consolidation_table import table_of
from counterfoil.core.consolidation_tabs import (
    ELIMINATIONS,
    HEADINGS,
    MAPPING,
    Tabs,
    mapping_of,
    mapping_rows,
    pairs_of,
)
from counterfoil.core.dates import parsed
from counterfoil.core.errors import BadRequest
from counterfoil.core.operations import Operation
from counterfoil.core.people import Connection
from counterfoil.core.periods import fiscal_year_start
from counterfoil.core.proof import Verdict
from counterfoil.flows.all_turns import AllTurns
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.consolidated_books import CompanyBooks, read_all
from counterfoil.flows.consolidated_rates import (
    asked_of,
    calls_for,
    check_rates,
    check_source,
    known_needs,
    rates,
    told_rates,
)
from counterfoil.flows.consolidating import Consolidation, RateSource, given_tabs
from counterfoil.flows.fetched import Fetched
from counterfoil.flows.several import Part
from counterfoil.flows.unproven import unproven


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The table, and what its tabs get besides: headings, accounts that nobody has mapped."""

    found: Fetched
    tabs: tuple[Operation, ...]


def titled(choice: ReportChoice) -> ReportChoice:
    """As its title block calls it."""
    return replace(
        choice, report=replace(choice.report, title=f"Consolidated {choice.report.title}")
    )


def span_of(choice: ReportChoice, connection: Connection) -> Span:
    """The days of its report, and the first one of the fiscal year in which they end."""
    report, given = choice.report, choice.parameters
    end = parsed(given[report.as_of or "end_date"])
    begins = fiscal_year_start(end, connection.fiscal_month)
    return Span(begins if report.as_of else parsed(given["start_date"]), end, begins)


def needed(parts: Sequence[Part], chosen: Consolidation) -> tuple[Need, ...]:
    """The rates that are known to be needed before anything is read."""
    choice = _choice(parts[0])
    members = [(part.connection, span_of(choice, part.connection)) for part in parts]
    return known_needs(choice.report.report, chosen, members)


def checked_tabs(parts: Sequence[Part], chosen: Consolidation, tabs: Tabs | None) -> Tabs:
    """As given_tabs.tabs_for."""
    connections = [part.connection for part in parts]
    check_source(chosen, connections)
    found = given_tabs(chosen, [each.currency for each in connections], tabs)
    check_rates(chosen, needed(parts, chosen), found)
    pairs_of(found.get(ELIMINATIONS))
    mapping_of(found.get(MAPPING))
    return found


def calls_to_consolidate(parts: Sequence[Part], chosen: Consolidation) -> int:
    """A report and its accounts for each company, and rates that QuickBooks is to tell."""
    return 2 * len(parts) + calls_for(chosen, needed(parts, chosen))


def consolidated(
    parts: Sequence[Part],
    chosen: Consolidation,
    tabs: Tabs,
    turns: AllTurns,
    position: Mapping[str, Any] | None = None,
    *,
    in_flight: int,
) -> Consolidated:
    """Raises as a report's own reading, having blamed the company; and RatesNeeded."""
    read = read_all(parts, turns, position, in_flight)
    choice, report = _choice(parts[0]), _choice(parts[0]).report.report
    members = [
        Member(
            books_of(
                part.connection.id,
                part.name,
                part.connection.currency,
                each.table,
                each.accounts,
            ),
            span_of(choice, part.connection),
        )
        for part, each in zip(parts, read, strict=True)
    ]
    basis = _one_basis(parts, read)
    found = _rates(report, parts, members, chosen, tabs, turns, in_flight)
    made = merged(
        report,
        members,
        currency=chosen.currency,
        rates=found,
        match=chosen.match,
        mapping=mapping_of(tabs.get(MAPPING)),
        pairs=pairs_of(tabs.get(ELIMINATIONS)),
    )
    table = table_of(
        made,
        read[0].table,
        titles={part.connection.id: _title(part, chosen) for part in parts},
        basis=basis,
        rates=_told(found),
    )
    proofs = [(part.name, each.proof) for part, each in zip(parts, read, strict=True)]
    sent = sum(each.proof.sent for each in read)
    proof = consolidation_proof.proof(table, made)
    proof = replace(proof, sent=sent, companies=tuple(proofs))
    unsure = [part.name for part, each in zip(parts, read, strict=True) if not each.rested]
    if unsure and proof.verdict is Verdict.PASS:
        why = f"Whether somebody edited {' and '.join(unsure)} meanwhile could not be asked."
        proof = replace(proof, verdict=Verdict.NOT_CHECKED, why=f"{proof.why} {why}")
    if proof.verdict is Verdict.FAIL:
        raise unproven(proof)
    return Consolidated(Fetched(table, proof), _tabs(made, chosen, tabs))


def _rates(
    report: str,
    parts: Sequence[Part],
    members: Sequence[Member],
    chosen: Consolidation,
    tabs: Tabs,
    turns: AllTurns,
    in_flight: int,
) -> Rates:
    wanted = [
        need
        for member in members
        if member.books.currency != chosen.currency
        for need in needs(report, member.books, member.span)
    ]
    told: Mapping[Need, Any] = {}
    if chosen.rates is RateSource.QUICKBOOKS and wanted:
        teller = asked_of(chosen, [part.connection for part in parts])
        assert teller is not None  # noqa: S101 - check_source has looked
        turns.blame(teller)
        told = told_rates(turns.of(teller), chosen, wanted, in_flight=in_flight)
    return rates(chosen, list(dict.fromkeys(wanted)), tabs, told)


def _one_basis(parts: Sequence[Part], read: Sequence[CompanyBooks]) -> str:
    """Raises BadRequest where two companies report on different ones."""
    found = {each.table.basis: part.name for part, each in zip(parts, read, strict=True)}
    said = {basis: name for basis, name in found.items() if basis}
    if len(said) > 1:
        words = " and ".join(f"{name} on {basis.lower()}" for basis, name in said.items())
        raise BadRequest(
            f"One table has one basis, but {words} basis. Choose a basis, or set the same one in "
            "QuickBooks."
        )
    return next(iter(said), "")


def _tabs(made: Merged, chosen: Consolidation, tabs: Tabs) -> tuple[Operation, ...]:
    """Tabs that are not there with their headings, and in the mapping what is not mapped."""
    added: list[Operation] = []
    if MAPPING in tabs:
        rows = mapping_rows(made.unmapped, tabs[MAPPING])
        if rows:
            added.append(operations.append_log(MAPPING, rows))
    if tabs.get(ELIMINATIONS, ()) is None:
        added.append(operations.append_log(ELIMINATIONS, [HEADINGS[ELIMINATIONS]]))
    return tuple(added)


def _title(part: Part, chosen: Consolidation) -> str:
    """ "Birch (EUR in USD)": its amounts are in the group's currency."""
    own, into = part.connection.currency, chosen.currency
    return part.name if own == into else f"{part.name} ({own} in {into})"


def _told(found: Rates) -> str:
    """ "EUR 1.0845 average 2026-01-01 to 2026-06-30"; those of equity stand in the tab."""
    return "; ".join(
        f"{need.currency} {round(rate, 6).normalize():f}{need.words.removeprefix(need.currency)}"
        for need, rate in sorted(found.items(), key=lambda each: each[0].words)
        if need.kind is not Kind.HISTORICAL
    )


def _choice(part: Part) -> ReportChoice:
    assert isinstance(part.choice, ReportChoice)  # noqa: S101 - whoever asks has looked
    return part.choice
