"""Updates of one table of several companies: one call of each where nothing changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from counterfoil.core.errors import ReconnectRequired
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state
from sandbox.intuit.server import IntuitSandbox
from tests.flows.updating import REALMS, free, kinds
from tests.flows.updating_several import CEDAR as CEDAR_ID
from tests.flows.updating_several import OfBoth, both_books

COLUMNS = ["number", "date", "customer", "total"]
ACME, CEDAR = "Acme Landscaping", "Cedar Imports"


@pytest.fixture
def books() -> Iterator[IntuitSandbox]:
    with both_books() as running:
        yield running


@pytest.fixture
def table(google: tuple[GoogleSandbox, Any], books: IntuitSandbox) -> OfBoth:
    return OfBoth(google, books, mode="update", columns=COLUMNS).made()


def replaced(table: OfBoth) -> dict[str, tuple[Any, ...]]:
    """What a new table of the same would hold, without the columns that an update needs."""
    options = {
        it: table.options[it] for it in ("columns", "rows", "headers") if it in table.options
    }
    other = OfBoth(table.sheets, table.intuit, table.dataset, **options)
    other.both.names = table.both.names
    other.first()
    return other.rows()


def shown(table: OfBoth) -> dict[str, tuple[Any, ...]]:
    wide = len(next(iter(replaced(table).values())))
    return {key: row[:wide] for key, row in table.rows().items()}


def test_an_update_of_what_nobody_changed_is_one_call_of_each(table: OfBoth) -> None:
    before = table.rows()
    with table.calls() as calls:
        step = table.refresh()
    assert kinds(calls) == ["cdc", "cdc"]
    assert (table.rows(), table.seen, step.calls) == (before, {}, 2)
    assert step.proof is not None
    assert [name for name, _ in step.proof.companies] == [ACME, CEDAR]
    assert step.proof.rows == len(before)


class Together:
    """Answers what changed only once both companies were asked."""

    def __init__(self, made: Any) -> None:
        self.made, self.both = made, threading.Barrier(2)

    def company(self, *of: Any) -> Any:
        found = self.made.company(*of)
        asked = found.cdc

        def cdc(entities: Sequence[str], since: datetime) -> bytes:
            self.both.wait(timeout=20)
            answer: bytes = asked(entities, since)
            return answer

        return Wrapped(found, cdc)


class Wrapped:
    def __init__(self, company: Any, cdc: Callable[[Sequence[str], datetime], bytes]) -> None:
        self._company, self.cdc = company, cdc

    def __getattr__(self, name: str) -> Any:
        return getattr(self._company, name)


def test_the_companies_are_asked_side_by_side(table: OfBoth) -> None:
    before, exports = table.rows(), table.world.exports
    table.world.exports = replace(exports, quickbooks=Together(exports.quickbooks))
    for company in (table.acme, table.cedar):
        company.update("Invoice", table.twins[0], table.intuit.clock(), DocNumber="A-1")
    step = table.refresh()
    assert (table.seen, step.calls) == ({"changed": 2}, 6)
    assert table.rows().keys() == before.keys()


def test_the_same_id_in_two_companies_is_two_rows(table: OfBoth) -> None:
    id, gone = table.twins
    now = table.intuit.clock()
    table.write_beside()
    table.acme.update("Invoice", id, now, DocNumber="A-1")
    table.cedar.delete("Invoice", gone, now)
    table.refresh()
    assert table.seen == {"changed": 1, "removed": 1}
    rows = table.rows()
    assert rows[f"{id} {ACME}"][3] == "A-1"
    assert rows[f"{id} {CEDAR}"][3] != "A-1"
    assert f"{gone} {ACME}" in rows
    assert f"{gone} {CEDAR}" not in rows
    assert shown(table) == replaced(table)
    assert table.beside() == {key: f"mine of {key}" for key in rows}
    assert table.tab("Invoices – gone")[1][-1] == f"mine of {gone} {CEDAR}"


def test_the_ids_that_tell_companies_apart_are_hidden(table: OfBoth) -> None:
    assert grid_state(table.book)["tabs"][-1]["hidden_columns"] == ["H", "I"]


def test_a_company_of_another_name_rewrites_its_rows(table: OfBoth) -> None:
    table.write_beside()
    before = table.beside()
    table.both.names[CEDAR_ID] = "Cedar & Daughters"
    table.refresh()
    assert shown(table) == replaced(table)
    assert {row[1] for row in table.rows().values()} == {ACME, "Cedar & Daughters"}
    assert sorted(table.beside().values()) == sorted(before.values())
    assert "new" not in table.seen


def test_a_company_that_cannot_be_read_stops_the_update(table: OfBoth) -> None:
    before = grid_state(table.book)
    table.world.tokens.lost.add(CEDAR_ID)  # type: ignore[attr-defined]
    with pytest.raises(ReconnectRequired, match="Cedar Imports"):
        table.refresh()
    assert grid_state(table.book) == before


def test_each_week_everything_is_read_and_what_was_deleted_is_told_of_its_company(
    table: OfBoth,
) -> None:
    gone = table.twins[0]
    table.intuit.clock.advance(table.world.exports.limits.reconcile)
    table.cedar.delete("Invoice", gone, table.intuit.clock())
    table.acme.update("Invoice", gone, table.intuit.clock(), DocNumber="A-1")
    table.intuit.clock.advance(timedelta(minutes=1))
    step = table.refresh()
    assert step.proof is not None
    assert "Everything is read once in 7 days." in step.proof.why
    assert table.seen == {"changed": 1, "removed": 1}
    assert shown(table) == replaced(table)
    with table.calls() as calls:
        table.refresh()
    assert kinds(calls) == ["cdc", "cdc"]


def test_new_rows_of_each_are_added_and_the_others_stay(
    google: tuple[GoogleSandbox, Any], books: IntuitSandbox
) -> None:
    table = OfBoth(google, books, mode="add", columns=COLUMNS).made()
    before, now = table.rows(), books.clock()
    for company in (table.acme, table.cedar):
        row = free(company)[0]
        company.update("Invoice", row["Id"], now, DocNumber="A-1")
        meta = {"CreateTime": now.isoformat(), "LastUpdatedTime": now.isoformat()}
        company.add("Invoice", {**row, "Id": "99999", "DocNumber": "NEW", "MetaData": meta})
    table.refresh()
    assert table.seen == {"new": 2}
    added = table.rows()
    assert {added.pop(f"99999 {name}")[3] for name in (ACME, CEDAR)} == {"NEW"}
    assert added == before


def test_lines_of_both_come_and_go(google: tuple[GoogleSandbox, Any], books: IntuitSandbox) -> None:
    table = OfBoth(google, books, mode="update", rows="line", headers="once").made()
    several = next(row for row in free(table.cedar) if len(row["Line"]) > 2)
    table.cedar.update("Invoice", several["Id"], books.clock(), Line=several["Line"][1:])
    table.acme.delete("Invoice", free(table.acme)[0]["Id"], books.clock())
    table.refresh()
    assert shown(table) == replaced(table)


def test_closed_books_are_those_of_each_company(table: OfBoth) -> None:
    (preferences,) = table.cedar.store.all("Preferences")
    preferences["AccountingInfoPrefs"]["BookCloseDate"] = "2026-12-31"
    for company in (table.acme, table.cedar):
        company.update("Invoice", free(company)[0]["Id"], table.intuit.clock(), DocNumber="A-1")
    table.refresh()
    assert table.seen == {"changed": 2, "closed": 1}


def test_the_sheet_tells_its_totals_by_currency(table: OfBoth) -> None:
    table.refresh()
    total = replaced(table)
    sums: dict[str, float] = {}
    for row in total.values():
        sums[row[2]] = sums.get(row[2], 0) + row[-1]
    (seen,) = table.report["seen"]["by_currency"]
    assert seen == {name: str(round(amount * 100)) for name, amount in sums.items()}
    assert set(seen) >= {"USD", "CAD"}


def test_amounts_in_home_currency_are_added_up_in_that_of_each_company(
    google: tuple[GoogleSandbox, Any], books: IntuitSandbox
) -> None:
    columns = ["total", "home_total"]
    table = OfBoth(google, books, mode="update", columns=columns).made()
    first = OfBoth(google, books, columns=columns).first()
    assert first.proof is not None
    told = {
        each.currency: each.amount
        for each in first.proof.totals
        if each.title == "Total in home currency"
    }
    ((_, acme), _) = first.proof.companies
    (own,) = [each.amount for each in acme.totals if each.title == "Total"]
    assert told.keys() == {"CAD", "USD"}
    assert told["USD"] == own  # Acme knows one currency only
    table.refresh()
    total, home = table.report["seen"]["by_currency"]
    assert total.keys() >= {"CAD", "EUR", "USD"}
    assert home == {currency: str(round(amount * 100)) for currency, amount in told.items()}


def test_where_one_step_cannot_ask_all_companies_everything_is_read(table: OfBoth) -> None:
    for company in (table.acme, table.cedar):
        company.update("Invoice", free(company)[0]["Id"], table.intuit.clock(), DocNumber="A-1")
    calls = table.intuit.calls

    def slow() -> float:
        """Eleven seconds a call: a step of twenty has two."""
        return 11.0 * sum(len(calls.accounting(realm)) for realm in REALMS.values())

    table.world.exports = replace(table.world.exports, monotonic=slow)
    step = table.refresh()
    assert step.proof is not None
    assert "QuickBooks did not answer fast enough" in step.proof.why
    assert shown(table) == replaced(table)
