"""Every value of a real record, and of our own pages, is shown by a column."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.catalog.line_columns import ROW_ID
from counterfoil.core.cells import cell, words
from counterfoil.core.datasets import Bundles, Column, Entity, LineChoice, Source
from counterfoil.core.line_pages import plain_line_page
from counterfoil.core.pages import plain_page
from counterfoil.core.records import address_line, plain_rows
from tests.catalog.field_paths import ENTITIES, LEFT_OUT, is_part
from tests.samples import sample, sample_records

DATA = pathlib.Path(__file__).parents[1] / "data" / "quickbooks"
ZONE = ZoneInfo("America/Los_Angeles")

# What real records hold besides, and no column shows: why.
NOT_SHOWN = {
    "domain": "always QBO",
    "sparse": "always false on a read",
    "status": "of a deletion",
    "ClientEntityId": "Intuit's own",
    "TxnTaxDetail.TaxLine[].DetailType": "always the same",
    "TxnTaxDetail.TaxLine[].TaxLineDetail.PercentBased": "the percent is shown where there is one",
    "CustomField[].DefinitionId": "the column is the definition",
    "CustomField[].Type": "the same for all",
    "ItemGroupDetail.ItemGroupLine[].ItemRef.type": "of the product itself",
    "SalesFormsPrefs.CustomField[].CustomField[].Type": "the value tells",
    "VendorAndPurchasesPrefs.POCustomField[].CustomField[].Type": "the value tells",
    "EntityRef.Type": "an old spelling of its type",
} | LEFT_OUT


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


@ENTITIES
def test_every_value_of_every_real_record_is_shown(entity: Entity) -> None:
    records = sample_records(entity.entity)
    columns = entity.columns
    by_path = by_paths(columns)
    shown = 0
    rows = plain_rows(records, columns, ZONE)
    for record, row in zip(records, rows, strict=True):
        cells = dict(zip((column.key for column in columns), row, strict=True))
        for path, value in leaves(record, ""):
            if entity.lines and is_part(path, entity.lines.path) and path not in by_path:
                continue  # of a line: see below
            found = by_path.get(path, ())
            # An address is no record that one could look up by its Id.
            known = path.endswith("Addr.Id") or any(is_part(path, it) for it in NOT_SHOWN)
            assert found or known, path
            for column in found:
                assert is_in(cells[column.key], value, column), (path, value)
            shown += any(column.source in COUNTED for column in found)
        for column in columns:
            if column.source is Source.ADDRESS:
                held: Any = record
                for name in column.path.split("."):
                    held = held.get(name) if isinstance(held, dict) else None
                assert cells[column.key] == (address_line(held) or "")
    # No cell shows what no record holds.
    assert shown == sum(
        len(str(value).split(", ")) if column.source is Source.JOINED else 1
        for row in rows
        for value, column in zip(row, columns, strict=True)
        if column.source in COUNTED and value != ""
    )


@pytest.mark.parametrize(
    "entity", [it for it in catalog.ENTITIES if it.lines], ids=lambda entity: entity.key
)
@pytest.mark.parametrize("bundles", Bundles)
def test_every_value_of_every_real_line_is_shown(entity: Entity, bundles: Bundles) -> None:
    records = sample_records(entity.entity)
    assert entity.lines is not None
    columns = (ROW_ID, *entity.lines.columns)
    by_path = by_paths(columns)
    for record in records:
        answer = {"QueryResponse": {entity.entity: [record]}}
        page = plain_line_page(answer, entity, columns, ZONE, LineChoice(bundles=bundles))
        cells = {
            column.key: [row[place] for row in page.rows] for place, column in enumerate(columns)
        }
        for path, value in leaves(record.get(entity.lines.path, []), ""):
            place = within_a_line(path)
            if place.startswith("SubTotalLineDetail") or is_hidden(record, path, bundles):
                continue
            found = by_path.get(place, ())
            known = any(is_part(place, known) for known in NOT_SHOWN_OF_LINES)
            assert found or known, path
            for column in found:
                assert any(is_in(it, value, column) for it in cells[column.key]), (path, value)


def is_hidden(record: Mapping[str, Any], path: str, bundles: Bundles) -> bool:
    """Of a line that is shown by another one, as the rows of lines have it."""
    in_bundle = path.startswith("[].GroupLineDetail.Line[]")
    of_bundle = any(line.get("DetailType") == "GroupLineDetail" for line in record.get("Line", ()))
    subtotal = any(
        line.get("DetailType") == "SubTotalLineDetail" for line in record.get("Line", ())
    )
    if in_bundle:
        return bundles is Bundles.GROUP
    # Which of several lines a path belongs to is not in it: what the bundle and the subtotal have
    # is looked for in tests/core/test_lines.py.
    return of_bundle or (subtotal and path in ("[].Amount", "[].DetailType"))


def within_a_line(path: str) -> str:
    return path.removeprefix("[].").removeprefix("GroupLineDetail.Line[].")


def by_paths(columns: Iterable[Column]) -> dict[str, list[Column]]:
    """The columns that show what is at a path."""
    found: dict[str, list[Column]] = {}
    for column in columns:
        for path in column_paths(column):
            found.setdefault(path, []).append(column)
    return found


def column_paths(column: Column) -> list[str]:
    match column.source:
        case Source.VALUE | Source.JOINED | Source.FIRST:
            return [path for path in column.path.split("|") if not path.startswith("/")]
        case Source.KEY:  # the others stand in where there is no Id
            return [column.path.partition("|")[0]]
        case Source.PAIRS:
            return [
                f"{column.path}.{part}"
                for part in ("Name", "Key", "Value", "StringValue", "BooleanValue", "NumberValue")
            ]
        case Source.HOME:
            return [column.path.split("|")[0]]
    return []


# What one cell shows of one place of a record; the others show it once more, or worked out.
COUNTED = (Source.VALUE, Source.JOINED)

NOT_SHOWN_OF_LINES = {
    "LinkedTxn[].TxnLineId": "0 of a payment as a whole",
    "LineEx": "the number of the document is shown, and all of it in one cell",
    "CustomField[].DefinitionId": "the column is the definition",
    "CustomField[].Type": "the same for all",
    "CustomExtensions[].ExtensionType": "the same for all",
    "JournalEntryLineDetail.Entity.EntityRef.type": "beside it",
    "Amount": "worked out with its sign: see tests/core/test_lines.py",
}


# What our own pages cannot show: a definition without a value, lines without a kind, and numbers
# of documents that are looked up.
EMPTY = {"custom_2", "line_type", "line_document"}
# The first ones are pages of a narrower kind, with their own tests.
OWN = [it for it in catalog.ENTITIES if it not in catalog.ENTITIES[:6]]


@pytest.mark.parametrize("entity", OWN, ids=lambda entity: entity.key)
def test_every_column_shows_something_of_our_own_page(entity: Entity) -> None:
    text = (DATA / f"{entity.key}.json").read_text(encoding="utf-8")
    answer = json.loads(text, parse_float=Decimal)
    page = plain_page(answer, entity, entity.columns, ZONE)
    empty = [
        column.key
        for place, column in enumerate(entity.columns)
        if all(row[place] == "" for row in page.rows)
    ]
    if entity.lines:
        columns = (ROW_ID, *entity.lines.columns)
        page = plain_line_page(answer, entity, columns, ZONE, LineChoice())
        empty += [
            column.key
            for place, column in enumerate(columns)
            if all(row[place] == "" for row in page.rows)
        ]
    assert [key for key in empty if key not in EMPTY] == []


@ENTITIES
def test_the_default_columns_of_real_records_keep_their_types(entity: Entity) -> None:
    records = sample_records(entity.entity)
    columns = catalog.chosen_columns(entity, None)
    number = (int, float)
    kinds = {"text": str, "money": number, "number": number, "date": int, "boolean": bool}
    for row in plain_rows(records, columns, ZONE):
        for value, column in zip(row, columns, strict=True):
            assert value == "" or isinstance(value, kinds[column.type.value]), column.key


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


def is_in(shown: object, value: Any, column: Column) -> bool:
    if column.source is Source.PAIRS:
        # A name without a value is not shown; another one can hold the same text.
        return words(value) in str(shown) or f"{value}: " not in str(shown)
    if column.source is Source.JOINED:
        return words(value) in str(shown).split(", ")
    if column.source is Source.FIRST:
        return shown != ""
    return shown == cell(value, column.type, ZONE)
