"""Budget against actual: a budget and a Profit and Loss by month, laid beside each other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from counterfoil.core import faults, looks, query
from counterfoil.core.account_labels import account_ids, labelled
from counterfoil.core.budget_plans import chosen_plan, plans_of, spans_within
from counterfoil.core.budget_table import Account, Against, against, posted_ids
from counterfoil.core.dates import parsed
from counterfoil.core.errors import IncompleteRead, QuickBooksRejected
from counterfoil.core.proof import Proof, Total, Verdict
from counterfoil.core.query import LARGEST_PAGE, Condition, Op
from counterfoil.core.report_rows import AccountNumbers
from counterfoil.core.reports import ReportSection, ReportTable
from counterfoil.flows.account_numbers import account_numbers
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.fetched import Fetched
from counterfoil.flows.ports import Company


def made(company: Company, choice: ReportChoice, *, in_flight: int) -> Fetched:
    """Raises BadRequest where it is not clear which budget is meant, and as a report's reading."""
    given = choice.parameters
    start, end = parsed(given["start_date"]), parsed(given["end_date"])
    plan = chosen_plan(plans_of(_budgets(company)), given.get("budget", ""), start, end)
    spans = spans_within(plan, start, end)
    asked = {"start_date": str(spans[0].start), "end_date": str(spans[-1].end)}
    if basis := given.get("accounting_method"):
        asked["accounting_method"] = basis
    actual = company.report("ProfitAndLoss", {**asked, "summarize_column_by": "Month"})
    shape, numbers = choice.shape.numbers, dict[str, str]()
    planned = sorted(plan.amounts.keys() - posted_ids(actual))
    if choice.shape.asks_numbers(choice.report):
        ids = dict.fromkeys((*account_ids(actual), *planned))
        numbers |= account_numbers(company, list(ids))
        actual = labelled(actual, numbers, shape)
    accounts = _accounts(company, planned, with_numbers=shape is AccountNumbers.SHOWN)
    by_period = given.get("summarize_column_by", "Month") != "Total"
    found = against(actual, plan, spans, accounts, by_period=by_period)
    if found.broken:
        error = IncompleteRead(
            f"{len(found.broken):,} totals of QuickBooks' Profit and Loss are not the sum of their "
            "accounts. Nothing was written. Please export again."
        )
        error.beside = {"apart": found.broken[0]}
        raise error
    return Fetched(found.table, _proof(found), numbers)


def calls(choice: ReportChoice) -> int:
    return choice.report.calls + choice.shape.asks_numbers(choice.report)


def _budgets(company: Company) -> Sequence[Mapping[str, Any]]:
    try:
        return _records(company.query(query.select("Budget", order_by="Id")), "Budget")
    except QuickBooksRejected as error:
        raise type(error)(
            f"The company's budgets cannot be read. {error.message} QuickBooks has budgets in Plus "
            "and Advanced, for people who may see them.",
            **error.details,
        ) from error


def _accounts(company: Company, ids: Sequence[str], *, with_numbers: bool) -> dict[str, Account]:
    """Those that QuickBooks still has, inactive ones as well."""
    found: dict[str, Account] = {}
    for start in range(0, len(ids), LARGEST_PAGE):
        some = tuple(ids[start : start + LARGEST_PAGE])
        where = [Condition("Id", Op.IN, some), Condition("Active", Op.IN, (True, False))]
        for record in _records(company.query(query.select("Account", where)), "Account"):
            name = record.get("FullyQualifiedName") or record.get("Name") or ""
            number = record.get("AcctNum") if with_numbers else None
            called = f"{number} {name}" if number else str(name)
            found[str(record["Id"])] = Account(called, str(record.get("AccountType") or ""))
    return found


def _records(body: bytes, entity: str) -> Sequence[Mapping[str, Any]]:
    try:
        answer = json.loads(body, parse_float=Decimal)["QueryResponse"]
        return list(answer.get(entity, []))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error


def _proof(found: Against) -> Proof:
    lines = found.table.lines
    sentences = [f"All {found.checked:,} totals of QuickBooks' Profit and Loss are the same here."]
    for count, words in (
        (found.unplanned, "with amounts and no budget"),
        (found.unposted, "with a budget and no amounts"),
        (len(found.unplaced), "with a budget and not of income or costs: at the end, in no total"),
    ):
        if count:
            sentences.append(f"Accounts {words}: {count:,}.")
    return Proof(
        verdict=Verdict.PASS if found.checked else Verdict.NOT_CHECKED,
        why=" ".join(sentences),
        sent=len(lines),
        counted=None,
        distinct=len({line.key for line in lines}),
        rows=len(lines),
        totals=_net(found.table),
    )


def _net(table: ReportTable) -> tuple[Total, ...]:
    """Net income of the whole period, as it is and as it was planned."""
    net = next(
        part.total
        for part in table.tree
        if isinstance(part, ReportSection) and part.group == "NetIncome" and part.total
    )
    places = {column.key: place for place, column in enumerate(table.columns)}
    # What people plan is sent as "99000".
    cents = Decimal(0).scaleb(-looks.decimals(table.currency))
    found = []
    for key, title in (("actual", "Net Income, actual"), ("budget", "Net Income, budget")):
        value = net.values[places[f"total/{key}"]]
        if isinstance(value, Decimal):
            found.append(Total(f"{net.key}/{key}", title, table.currency, value + cents))
    return tuple(found)
