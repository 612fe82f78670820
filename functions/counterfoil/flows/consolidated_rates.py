"""The rates of a consolidated table: from the tab, or asked of QuickBooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from counterfoil.core import faults, operations, query
from counterfoil.core.consolidation_rates import Kind, Need, Rates, Span, days_of, mean, sure_needs
from counterfoil.core.consolidation_tabs import RATES, Tabs, rate_for, rate_rows, rates_of
from counterfoil.core.errors import BadRequest, RatesNeeded
from counterfoil.core.journal import along
from counterfoil.core.people import Connection
from counterfoil.flows.consolidating import Consolidation, RateSource
from counterfoil.flows.ports import Company

_MOST_NAMED = 4


def check_source(chosen: Consolidation, connections: Sequence[Connection]) -> None:
    """Raises BadRequest where QuickBooks is to give rates, and none of the companies has them."""
    if chosen.rates is RateSource.QUICKBOOKS and asked_of(chosen, connections) is None:
        raise BadRequest(
            f"QuickBooks tells rates into a company's own currency, and none of these has "
            f"{chosen.currency}. Choose another currency, or rates from the tab.",
            option="consolidate",
        )


def asked_of(chosen: Consolidation, connections: Sequence[Connection]) -> Connection | None:
    """The company that can tell rates into the currency of the table."""
    return next((each for each in connections if each.currency == chosen.currency), None)


def known_needs(
    report: str, chosen: Consolidation, members: Iterable[tuple[Connection, Span]]
) -> tuple[Need, ...]:
    """Rates that are needed whatever the reports hold."""
    return tuple(
        dict.fromkeys(
            need
            for connection, span in members
            if connection.currency != chosen.currency
            for need in sure_needs(report, connection.currency, span)
        )
    )


def calls_for(chosen: Consolidation, needs: Sequence[Need]) -> int:
    """One for each day, whatever the number of currencies."""
    if chosen.rates is RateSource.TAB:
        return 0
    return len({day for need in needs for day in days_of(need)})


def check_rates(chosen: Consolidation, needs: Sequence[Need], tabs: Tabs) -> None:
    """Before anything is read. Raises RatesNeeded, and BadRequest for what is no rate."""
    if chosen.rates is RateSource.TAB and needs:
        rates(chosen, needs, tabs, {})


def rates(
    chosen: Consolidation, needs: Sequence[Need], tabs: Tabs, told: Mapping[Need, Decimal]
) -> Rates:
    """`told` are those that QuickBooks gave.

    Raises RatesNeeded: beside it is what adds the missing ones to the tab, to be filled in.
    """
    tab = tabs.get(RATES)
    rows = rates_of(tab)
    found = {need: told.get(need) or rate_for(need, chosen.currency, rows) for need in needs}
    missing = [need for need, rate in found.items() if rate is None]
    if missing:
        raise _needed(missing, chosen.currency, tabs)
    return {need: rate for need, rate in found.items() if rate is not None}


def told_rates(
    company: Company, chosen: Consolidation, needs: Sequence[Need], *, in_flight: int
) -> Mapping[Need, Decimal]:
    """QuickBooks' closing rates, and averages that are the mean of those at month ends; what it
    has no rate for is left out.
    """
    asked = [need for need in needs if need.kind is not Kind.HISTORICAL]
    days = sorted({day for need in asked for day in days_of(need)})
    currencies = sorted({need.currency for need in asked})
    if not days:
        return {}

    def of_day(day: date) -> Mapping[str, Decimal]:
        return _of_day(company, chosen, currencies, day)

    with ThreadPoolExecutor(min(len(days), in_flight)) as pool:
        by_day = dict(zip(days, pool.map(along(of_day), days), strict=True))
    found: dict[Need, Decimal] = {}
    for need in asked:
        its = [by_day[day].get(need.currency) for day in days_of(need)]
        given = [rate for rate in its if rate is not None]
        if len(given) == len(its):
            found[need] = mean(given)
    return found


def _of_day(
    company: Company, chosen: Consolidation, currencies: Sequence[str], day: date
) -> Mapping[str, Decimal]:
    body = company.query(query.rates_on(currencies, day))
    try:
        rows = json.loads(body, parse_float=Decimal)["QueryResponse"].get("ExchangeRate", [])
        return {
            str(row["SourceCurrencyCode"]): Decimal(row["Rate"])
            for row in rows
            if _into(row) == chosen.currency and Decimal(row["Rate"])
        }
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise faults.unreadable(200) from error


def _into(row: Mapping[str, Any]) -> str:
    return str(row["TargetCurrencyCode"])


def _needed(missing: Sequence[Need], into: str, tabs: Tabs) -> RatesNeeded:
    plain = [need.words for need in missing if need.kind is not Kind.HISTORICAL]
    equity = [need for need in missing if need.kind is Kind.HISTORICAL]
    named = plain[:_MOST_NAMED]
    if len(plain) > len(named):
        named.append(f"{len(plain) - len(named)} more")
    if equity:
        whose = ", ".join(sorted({need.currency for need in equity}))
        day = max(need.end for need in equity)
        accounts = f"{len(equity):,} account{'s' if len(equity) > 1 else ''} of equity"
        named.append(f"{whose} historical for {accounts} as of {day}")
    error = RatesNeeded(
        f"Rates into {into} are missing: {'; '.join(named)}. Nothing was written. The tab "
        f"“{RATES}” has rows for them now: fill in the rates, and run it again.",
        missing=len(missing),
    )
    rows = rate_rows(missing, into, tabs.get(RATES))
    if rows:
        added = operations.append_log(RATES, rows)
        error.beside = {"operations": [json.loads(added.json())]}
    return error
