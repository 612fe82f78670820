"""What people do in a simulated company, and what becomes of what rests on it."""

from __future__ import annotations

import pytest

from sandbox.intuit import acme
from sandbox.intuit.books import DemoBooks
from tests.sandbox.book_answers import NOW, every, query, read, refusal, request

ACME = acme.REALM_ID


@pytest.fixture
def own() -> DemoBooks:
    """Books that a test may write in."""
    return DemoBooks([acme.acme()])


def test_an_edit_shows_at_once_and_comes_first(own: DemoBooks) -> None:
    company = own.company(ACME)
    company.update("Invoice", "20", NOW, PrivateNote="Rang twice")
    [first] = query(own, ACME, "SELECT * FROM Invoice MAXRESULTS 1")["Invoice"]
    assert (first["Id"], first["PrivateNote"], first["SyncToken"]) == ("20", "Rang twice", "1")
    assert first["MetaData"]["LastUpdatedTime"] == "2026-07-01T05:00:00-07:00"


def test_a_voided_invoice_stays_with_nothing_in_it(own: DemoBooks) -> None:
    paid = next(row for row in every(own, ACME, "Payment") if len(row["Line"]) == 1)
    id = paid["Line"][0]["LinkedTxn"][0]["TxnId"]
    own.company(ACME).void("Invoice", id, NOW)
    row = read(own, ACME, f"invoice/{id}")["Invoice"]
    assert (row["TotalAmt"], row["Balance"], row["LinkedTxn"]) == (0, 0, [])
    assert row["PrivateNote"].startswith("Voided")
    payment = read(own, ACME, f"payment/{paid['Id']}")["Payment"]
    assert payment["UnappliedAmt"] == payment["TotalAmt"]


def test_a_deleted_invoice_is_gone(own: DemoBooks) -> None:
    id = next(every(own, ACME, "Invoice"))["Id"]
    own.company(ACME).delete("Invoice", id)
    assert refusal(own, ACME, request("GET", f"invoice/{id}"))[1] == "610"
    assert query(own, ACME, "SELECT COUNT(*) FROM Invoice")["totalCount"] == 145


def test_what_others_rest_on_cannot_be_taken_away(own: DemoBooks) -> None:
    company = own.company(ACME)
    deposit = next(row for row in every(own, ACME, "Deposit") if "LinkedTxn" in row["Line"][0])
    banked = deposit["Line"][0]["LinkedTxn"][0]["TxnId"]
    with pytest.raises(ValueError, match="deposited"):
        company.void("Payment", banked, NOW)
    used = next(row for row in every(own, ACME, "CreditMemo") if not row["RemainingCredit"])
    with pytest.raises(ValueError, match="used up"):
        company.delete("CreditMemo", used["Id"])
    with pytest.raises(ValueError, match="voids no"):
        company.void("Estimate", "1", NOW)


def test_a_voided_payment_opens_its_invoice_again(own: DemoBooks) -> None:
    company = own.company(ACME)
    direct = next(
        row
        for row in every(own, ACME, "Payment")
        if row["DepositToAccountRef"]["value"] != company.chart.undeposited
        and len(row["Line"]) == 1
    )
    id = direct["Line"][0]["LinkedTxn"][0]["TxnId"]
    before = read(own, ACME, f"invoice/{id}")["Invoice"]["Balance"]
    company.void("Payment", direct["Id"], NOW)
    after = read(own, ACME, f"invoice/{id}")["Invoice"]["Balance"]
    assert after - before == direct["Line"][0]["Amount"]
    voided = read(own, ACME, f"payment/{direct['Id']}")["Payment"]
    assert (voided["TotalAmt"], voided["UnappliedAmt"], voided["Line"]) == (0, 0, [])


def test_a_name_is_made_inactive_and_never_deleted(own: DemoBooks) -> None:
    company = own.company(ACME)
    company.inactivate("Customer", "9", NOW)
    assert query(own, ACME, "SELECT COUNT(*) FROM Customer")["totalCount"] == 31
    assert read(own, ACME, "customer/9")["Customer"]["DisplayName"] == "Goldfinch Inn (deleted)"
    with pytest.raises(ValueError, match="inactive"):
        company.delete("Customer", "9")


def test_a_row_can_be_added(own: DemoBooks) -> None:
    row = dict(read(own, ACME, "customer/9")["Customer"], Id="4000", DisplayName="New One")
    own.company(ACME).add("Customer", row)
    assert query(own, ACME, "SELECT * FROM Customer WHERE DisplayName = 'New One'")["maxResults"]
