"""Nothing is dropped without a word: records without an Id, and answers under another name."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import AppError
from counterfoil.flows.steps import Step
from sandbox.google.server import GoogleSandbox
from sandbox.intuit import vocabulary
from sandbox.intuit.companies import demo_books
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    REALM,
    SHEET,
    FakeQuickBooks,
    World,
    invoices,
)
from tests.flows.updating import free, kinds, made, noon

RATES = [
    {"SourceCurrencyCode": code, "TargetCurrencyCode": "USD", "Rate": 1.5, "AsOfDate": day}
    for code, day in (("EUR", "2026-05-02"), ("EUR", "2026-05-01"), ("CAD", "2026-05-02"))
]


def exported(quickbooks: FakeQuickBooks, dataset: str, **options: Any) -> Step:
    return World(quickbooks).exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity(dataset),
        options=options,
        tab=None,
    )


def keys(step: Step) -> list[str]:
    (commit,) = [each for each in step.operations if each.name == "commit"]
    assert commit.rows
    return [row[0] for row in json.loads("".join(commit.rows.texts()))]


def test_rates_which_have_no_id_are_told_apart_by_currency_and_day() -> None:
    quickbooks = FakeQuickBooks(RATES, "ExchangeRate")
    step = exported(quickbooks, "exchange-rates")
    assert step.proof is not None
    assert (step.proof.sent, step.proof.rows, step.proof.verdict) == (3, 3, "PASS")
    assert keys(step) == ["Id", "EUR 2026-05-02", "EUR 2026-05-01", "CAD 2026-05-02"]
    (asked,) = quickbooks.asked
    assert " ORDERBY AsOfDate " in asked


def test_a_rate_that_has_an_id_keeps_it() -> None:
    step = exported(FakeQuickBooks([{**RATES[0], "Id": "7"}], "ExchangeRate"), "exchange-rates")
    assert keys(step) == ["Id", "7"]


@pytest.mark.parametrize("options", [{}, {"rows": "line"}], ids=["records", "lines"])
def test_a_record_without_an_id_stops_the_run(options: Any) -> None:
    records = invoices(3)
    del records[1]["Id"]
    with pytest.raises(AppError) as raised:
        exported(FakeQuickBooks(records), "invoices", **options)
    assert raised.value.code == "incomplete_read"
    assert raised.value.message.startswith("QuickBooks sent records without an Id")


@pytest.mark.parametrize(
    "held",
    [
        {"Bill": [{"Id": "1"}], "startPosition": 1, "maxResults": 1},
        {"startPosition": 1, "maxResults": 3},
    ],
    ids=["another list", "rows that are not there"],
)
@pytest.mark.parametrize("options", [{}, {"rows": "line"}], ids=["records", "lines"])
def test_an_answer_that_holds_something_else_is_no_empty_table(held: Any, options: Any) -> None:
    body = json.dumps({"QueryResponse": held, "time": "2026-11-22T12:30:00-08:00"}).encode()
    world = World(FakeQuickBooks(behave=lambda *_: body))
    step = world.exports.start(
        ANA,
        SHEET,
        connection_id=CONNECTION,
        dataset=catalog.entity("invoices"),
        options=options,
        tab=None,
    )
    assert (step.proof, step.operations) == (None, ())


@pytest.mark.parametrize("name", ["CreditCardPayment", "CreditCardPaymentTxn"])
def test_credit_card_payments_are_read_under_both_of_their_names(name: str) -> None:
    rows = [{"Id": "1", "Amount": 5}, {"Id": "2", "Amount": 7}]
    step = exported(FakeQuickBooks(rows, name), "credit-card-payments")
    assert keys(step) == ["Id", "1", "2"]


def test_a_record_without_an_id_stops_an_update(
    google: tuple[GoogleSandbox, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with IntuitSandbox(noon(), demo_books()) as intuit:
        company = intuit.books.company(REALM)  # type: ignore[attr-defined]
        table = made(google, intuit, company)
        company.update("Invoice", free(company)[0]["Id"], intuit.clock(), PrivateNote="changed")

        def nameless(kind: vocabulary.Entity, row: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in row.items() if name != "Id"}

        monkeypatch.setattr(vocabulary.Entity, "shown", nameless)
        with pytest.raises(AppError) as raised:
            table.refresh()
    assert raised.value.code == "incomplete_read"


def test_an_update_of_exchange_rates_changes_the_rate_of_its_day(
    google: tuple[GoogleSandbox, Any],
) -> None:
    with IntuitSandbox(noon(), demo_books()) as intuit:
        company = intuit.books.company(REALM)  # type: ignore[attr-defined]
        (euro,) = company.store.all("ExchangeRate")
        company.add("ExchangeRate", {**euro, "Id": "900", "SourceCurrencyCode": "CAD"})
        table = made(google, intuit, company, "exchange-rates")
        before = table.rows()
        company.update("ExchangeRate", euro["Id"], intuit.clock(), Rate=Decimal("0.75"))
        with table.calls() as calls:
            table.refresh()
    assert kinds(calls) == ["query", "query"]  # the rates, and the closing date of the books
    assert {key: row[3] for key, row in before.items()} == {
        "CAD 2026-05-12": 1.0946,
        "EUR 2026-05-12": 1.0946,
    }
    assert {key: row[3] for key, row in table.rows().items()} == {
        "CAD 2026-05-12": 1.0946,
        "EUR 2026-05-12": 0.75,
    }
