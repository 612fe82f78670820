"""python-quickbooks over intuit-oauth, both unmodified, reads the sandbox's companies.

Only their base URLs are others; the access tokens come from a refresh at the sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import requests
from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.exceptions import (
    AuthorizationException,
    ObjectNotFoundException,
    UnsupportedException,
    ValidationException,
)
from quickbooks.helpers import qb_date_format
from quickbooks.objects.account import Account
from quickbooks.objects.bill import Bill
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.customer import Customer
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.payment import Payment
from quickbooks.objects.preferences import Preferences

from sandbox.intuit import acme, hostile
from sandbox.intuit.companies import demo_books
from sandbox.intuit.generator import GeneratedCompany
from sandbox.intuit.server import IntuitSandbox

GENERATED = "9130347596849999"

# intuit-oauth reads the time with utcnow(), which Python 3.12 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture(scope="module")
def intuit() -> Iterator[IntuitSandbox]:
    books = demo_books()
    books.open(GeneratedCompany(GENERATED, "Generated Hardware", invoices=1_200, customers=30))
    with IntuitSandbox(books=books) as running:
        yield running


class Connected:
    """A client of one company, with the tokens of a person who consented."""

    def __init__(self, intuit: IntuitSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        self._intuit = intuit
        for name in ("api_url_v3", "sandbox_api_url_v3"):
            monkeypatch.setattr(QuickBooks, name, f"{intuit.url}/v3")
        # Its session is one of requests-oauthlib, which refuses plain HTTP otherwise.
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        self._sessions: list[requests.Session] = []

    def __call__(self, realm_id: str, token: str | None = None) -> QuickBooks:
        issued = self._intuit.grant(realm_id)
        auth = AuthClient(
            self._intuit.client_id,
            self._intuit.client_secret,
            "http://localhost:8000/callback",
            environment=self._intuit.discovery_url,
            access_token=token,
            refresh_token=issued.refresh,
        )
        client = QuickBooks(
            auth_client=auth,
            refresh_token=issued.refresh,
            company_id=realm_id,
            minorversion=75,
            use_decimal=True,
        )
        self._sessions += [auth, client.session]
        return client

    def close(self) -> None:
        for session in self._sessions:
            session.close()


@pytest.fixture
def connect(intuit: IntuitSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connected]:
    made = Connected(intuit, monkeypatch)
    yield made
    made.close()


def test_it_reads_all_invoices(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    invoices = Invoice.all(max_results=1000, qb=client)
    assert len(invoices) == Invoice.count(qb=client) == 146
    assert len({invoice.Id for invoice in invoices}) == 146
    first = invoices[0]
    assert first.CustomerRef.name
    assert first.Line[-1].DetailType == "SubTotalLineDetail"
    assert isinstance(first.TotalAmt, Decimal | int)


def test_it_pages_through_them_in_order(connect: Connected) -> None:
    client = connect(GENERATED)
    found: list[str] = []
    start = 1
    while page := Invoice.all(order_by="Id", start_position=start, max_results=500, qb=client):
        found += [invoice.Id for invoice in page]
        start += len(page)
    assert found == [str(number) for number in range(1, 1_201)]


def test_it_filters_and_counts(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    since = qb_date_format(date(2026, 1, 1))
    where = f"TxnDate >= '{since}' AND Balance > '0'"
    unpaid = Invoice.where(where, order_by="DueDate", max_results=1000, qb=client)
    assert len(unpaid) == Invoice.count(where, qb=client) > 5
    assert all(invoice.Balance > 0 and invoice.TxnDate >= since for invoice in unpaid)
    dues = [invoice.DueDate for invoice in unpaid]
    assert dues == sorted(dues)


def test_it_filters_by_simple_properties_and_choices(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    [inn] = Customer.filter(Active=True, DisplayName="Goldfinch Inn", qb=client)
    [same] = Customer.choose([inn.Id], field="Id", qb=client)
    assert same.CompanyName == "Goldfinch Inn"
    [bridget] = Customer.filter(DisplayName="Bridget O'Hare", qb=client)
    assert bridget.FamilyName == "O'Hare"


def test_it_reads_by_id(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    listed = Invoice.all(max_results=1, qb=client)[0]
    assert Invoice.get(listed.Id, qb=client).to_dict() == listed.to_dict()
    with pytest.raises(ObjectNotFoundException):
        Invoice.get("999999", qb=client)


@pytest.mark.parametrize("kind", [Customer, Account, Payment, Bill])
def test_it_understands_every_kind_of_row(connect: Connected, kind: type[Customer]) -> None:
    client = connect(acme.REALM_ID)
    rows = kind.all(max_results=1000, qb=client)
    assert len(rows) == kind.count(qb=client) > 0
    assert all(row.Id for row in rows)


def test_it_sees_hostile_text_to_the_letter(connect: Connected) -> None:
    client = connect(hostile.REALM_ID)
    customers = {row.DisplayName for row in Customer.all(max_results=1000, qb=client)}
    assert customers == set(hostile.NAMES)
    [formula] = Customer.filter(DisplayName=hostile.NAMES[0], qb=client)
    assert formula.DisplayName == '=IMPORTXML("http://127.0.0.1/x","//a")'
    assert len(Invoice.get(str(hostile.LONG_ID + 1), qb=client).Id) == 19


def test_it_reads_the_company_and_its_preferences(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    [info] = CompanyInfo.all(qb=client)
    assert (info.CompanyName, info.Country) == ("Acme Landscaping", "US")
    assert Preferences.get(qb=client).ReportPrefs.ReportBasis == "Accrual"


def test_it_gets_reports(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    dates = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
    profit = client.get_report("ProfitAndLoss", {**dates, "summarize_column_by": "Month"})
    assert profit["Header"]["ReportName"] == "ProfitAndLoss"
    assert len(profit["Columns"]["Column"]) == 14
    assert profit["Rows"]["Row"][-1]["group"] == "NetIncome"
    sheet = client.get_report("BalanceSheet", dict(dates))
    assets, claims = (row["Summary"]["ColData"][1]["value"] for row in sheet["Rows"]["Row"])
    assert assets == claims


def test_it_meets_refusals_as_its_own_exceptions(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    with pytest.raises(ValidationException) as unknown:
        client.query("SELECT * FROM Custmoer")
    assert unknown.value.error_code == 4001
    with pytest.raises(ValidationException) as syntax:
        Invoice.query("SELECT * FROM Invoice WHERE Id = '1' OR Id = '2'", qb=client)
    assert syntax.value.error_code == 4000
    with pytest.raises(UnsupportedException):
        client.get_report("SalesByProduct")
    with pytest.raises(AuthorizationException):
        Invoice.count(qb=connect(acme.REALM_ID, token="not-a-token-of-anybody"))


def test_it_cannot_write(connect: Connected) -> None:
    client = connect(acme.REALM_ID)
    customer = Customer()
    customer.DisplayName = "Written by a client"
    with pytest.raises(UnsupportedException):
        customer.save(qb=client)
    names = json.dumps([row.DisplayName for row in Customer.all(max_results=1000, qb=client)])
    assert "Written by a client" not in names
