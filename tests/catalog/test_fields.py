"""Every documented field of a record has a column, and every value of a real one a cell."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.core.cells import cell
from counterfoil.core.datasets import Column, Entity, Source
from counterfoil.core.records import address_line, plain_rows
from tests.samples import sample

FIELDS = pathlib.Path(__file__).parents[1] / "data" / "fields"
ZONE = ZoneInfo("America/Los_Angeles")

# The parts of a documented object that a reader of a spreadsheet can want.
PARTS = {
    "ModificationMetaData": ("CreateTime", "LastUpdatedTime", "LastModifiedByRef.value"),
    "PhysicalAddress": (
        *("", "Line1", "Line2", "Line3", "Line4", "Line5", "City", "CountrySubDivisionCode"),
        *("PostalCode", "Country", "Lat", "Long"),
    ),
    "EmailAddress": ("Address",),
    "TelephoneNumber": ("FreeFormNumber",),
    "WebSiteAddress": ("URI",),
    "TxnTaxDetail": ("TotalTax", "TxnTaxCodeRef.value", "TxnTaxCodeRef.name"),
    "TransactionDeliveryInfo": ("DeliveryType", "DeliveryTime", "DeliveryErrorType"),
    "LinkedTxn": ("[].TxnId", "[].TxnType"),
    "ContactInfo": (
        *("[].Type", "[].Telephone.FreeFormNumber", "[].Email.Address", "[].WebSite.URI"),
    ),
    "CustomField": ("[1]", "[2]", "[3]", "[].Name"),
    "{value}": ("value",),
    "{value,name}": ("value", "name"),
}

# Documented, and shown by no column of ours: why.
LEFT_OUT = {
    "Line": "lines are an export of their own",
    "PrimaryTaxIdentifier": "can be a person's tax number",
    "SecondaryTaxIdentifier": "can be a person's tax number",
    "TaxIdentifier": "a vendor's, often a person's social security number",
    "VendorPaymentBankDetail": "a vendor's bank account",
    "CreditCardPayment": "a card's number, expiry and holder",
    "PurchaseEx": "an internal code; payment type and credit say the same in words",
}

# What only Intuit's schema knows, and is just as private: must never get a column.
NEVER = {"CheckPayment": "the bank account that a check was drawn on"}

# What real records hold besides, and no column shows: why.
NOT_SHOWN = {
    "domain": "always QBO",
    "sparse": "always false on a read",
    "V4IDPseudonym": "Intuit's own",
    "ClientEntityId": "Intuit's own",
    "BillAddr.Id": "an address is no record that one could look up",
    "ShipAddr.Id": "an address is no record that one could look up",
    "ShipFromAddr.Id": "an address is no record that one could look up",
    "VendorAddr.Id": "an address is no record that one could look up",
    "RemitToAddr.Id": "an address is no record that one could look up",
    "TxnTaxDetail.TaxLine": "tax lines go with the lines",
    "CustomField[].DefinitionId": "the column is the definition",
    "CustomField[].Type": "the same for all",
} | LEFT_OUT


ENTITIES = pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)


@ENTITIES
def test_every_documented_field_of_a_record_has_a_column(entity: Entity) -> None:
    fields = json.loads((FIELDS / f"{entity.entity}.json").read_text(encoding="utf-8"))
    shown = {column.path for column in entity.columns}
    missing = [
        path
        for field, kind in fields["documented"].items()
        if field not in LEFT_OUT
        for path in paths(field, kind)
        # The code of a currency is its value; most other codes have a name as well.
        if path not in shown
    ]
    assert missing == []


@ENTITIES
def test_what_is_private_has_no_column(entity: Entity) -> None:
    private = (LEFT_OUT | NEVER).keys() - {"Line"}
    assert [c.key for c in entity.columns if c.path.split(".")[0] in private] == []


@pytest.mark.parametrize(
    ("key", "name", "count", "totals"),
    [
        ("invoices", "Invoice", 37, {"total": "10734.14", "balance": "5881.52"}),
        ("customers", "Customer", 33, {"balance": "4681.52"}),
        ("vendors", "Vendor", 35, {"balance": "2202.67"}),
        (
            "bills",
            "Bill",
            15,
            {"total": "6142.17", "balance": "1602.67", "signed_total": "6142.17"},
        ),
        (
            "payments",
            "Payment",
            20,
            {"total": "5152.62", "unapplied": "400", "signed_total": "5152.62"},
        ),
        ("purchases", "Purchase", 35, {"total": "3424.17", "signed_total": "1624.17"}),
    ],
)
def test_every_value_of_a_real_record_becomes_a_cell(
    key: str, name: str, count: int, totals: Mapping[str, str]
) -> None:
    records = sample(f"company-2026/{name}.json")["QueryResponse"][name]
    columns = catalog.entity(key).columns
    rows = plain_rows(records, columns, ZONE)
    assert len(rows) == len(records) == count
    assert len({row[0] for row in rows}) == count
    place = {column.key: position for position, column in enumerate(columns)}
    for total, amount in totals.items():
        assert sum(Decimal(repr(row[place[total]])) for row in rows) == Decimal(amount)

    by_path = {(column.path, column.source): column for column in columns}
    shown = 0
    for record, row in zip(records, rows, strict=True):
        for path, value in leaves(record, ""):
            column = column_of(by_path, path)
            if column is None:
                assert any(is_part(path, known) for known in NOT_SHOWN), f"no column shows {path}"
                continue
            assert is_in(row[place[column.key]], value, column), (path, value)
            shown += 1
        for column in columns:
            if column.source is Source.ADDRESS:
                line = address_line(record.get(column.path)) or ""
                assert row[place[column.key]] == line
    filled = sum(1 for row in rows for value in row if value != "")
    repeated = sum(
        1
        for row in rows
        for column in columns
        # Amounts with a sign stand beside the same amount without one.
        if column.source in (Source.ADDRESS, Source.SIGNED) and row[place[column.key]] != ""
    )
    joined = sum(
        len(str(row[place[column.key]]).split(", ")) - 1
        for row in rows
        for column in columns
        if column.source is Source.JOINED
    )
    # No cell shows what no record holds.
    assert shown == filled - repeated + joined


@ENTITIES
def test_the_default_columns_of_real_records_keep_their_types(entity: Entity) -> None:
    records = sample(f"company-2026/{entity.entity}.json")["QueryResponse"][entity.entity]
    columns = catalog.chosen_columns(entity, None)
    kinds = {"text": str, "money": (int, float), "date": int, "boolean": bool}
    for row in plain_rows(records, columns, ZONE):
        for value, column in zip(row, columns, strict=True):
            assert value == "" or isinstance(value, kinds[column.type.value]), column.key


def paths(field: str, kind: Mapping[str, str]) -> Iterator[str]:
    if kind["shape"] == "scalar":
        yield field
        return
    for part in PARTS[kind["type"]]:
        yield f"{field}{part if not part or part.startswith('[') else f'.{part}'}"


def leaves(held: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every scalar of a record with its path; "[]" stands for any place in a list."""
    if isinstance(held, dict):
        for name, inner in held.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(held, list):
        for inner in held:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path, held


def column_of(by_path: Mapping[tuple[str, Source], Column], path: str) -> Column | None:
    return by_path.get((path, Source.VALUE)) or by_path.get((path, Source.JOINED))


def is_part(path: str, whole: str) -> bool:
    """Whether a leaf lies in a field, which may be a list or an object."""
    return path == whole or path.startswith((f"{whole}[]", f"{whole}."))


def is_in(shown: object, value: Any, column: Column) -> bool:
    if column.source is Source.JOINED:
        return str(value) in str(shown).split(", ")
    return shown == cell(value, column.type, ZONE)
