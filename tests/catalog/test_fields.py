"""Every documented field of a record has a column, and every value of a real one a cell."""

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
from tests.samples import sample, sample_records

FIELDS = pathlib.Path(__file__).parents[1] / "data" / "fields"
DATA = pathlib.Path(__file__).parents[1] / "data" / "quickbooks"
ZONE = ZoneInfo("America/Los_Angeles")

# The parts of a documented object that a reader of a spreadsheet can want; of other objects all
# that tests/data/fields/_types.json has of them.
PARTS = {
    "ModificationMetaData": (".CreateTime", ".LastUpdatedTime", ".LastModifiedByRef.value"),
    "PhysicalAddress": (
        *("", ".Line1", ".Line2", ".Line3", ".Line4", ".Line5", ".City"),
        *(".CountrySubDivisionCode", ".PostalCode", ".Country", ".Lat", ".Long"),
    ),
    "EmailAddress": (".Address",),
    "TelephoneNumber": (".FreeFormNumber",),
    "WebSiteAddress": (".URI",),
    "TxnTaxDetail": (
        *(".TotalTax", ".TxnTaxCodeRef.value", ".TxnTaxCodeRef.name", ".TaxLine[].Amount"),
        ".TaxLine[].TaxLineDetail.TaxRateRef.value",
        ".TaxLine[].TaxLineDetail.TaxPercent",
        ".TaxLine[].TaxLineDetail.NetAmountTaxable",
    ),
    "TransactionDeliveryInfo": (".DeliveryType", ".DeliveryTime", ".DeliveryErrorType"),
    "LinkedTxn": ("[].TxnId", "[].TxnType"),
    "ContactInfo": (
        *("[].Type", "[].Telephone.FreeFormNumber", "[].Email.Address", "[].WebSite.URI"),
    ),
    "CustomField": ("[1]", "[2]", "[3]", "[12]", "[]"),
    "CustomFieldDefinition": ("[].CustomField[]",),
    "NameValue": ("[]",),
    "[]": ("[]",),
    "{value}": (".value",),
}
TYPES = json.loads((FIELDS / "_types.json").read_text(encoding="utf-8"))["types"]

# Documented, and shown by no column of ours: why.
LEFT_OUT = {
    "Line": "its parts are columns of lines",
    "BudgetDetail": "its parts are columns of lines",
    "PurchaseEx": "an internal code; payment type and credit say the same in words",
    "AttachableRef[].EntityRef.id": "the value is the id",
    "ItemAssemblyDetail": "of QuickBooks Desktop",
    "ItemGroupDetail.ItemGroupLine[].UOMRef": "units are of QuickBooks Desktop",
    "SalesTaxRateList.originatingGroupId": "Intuit's own",
    "PurchaseTaxRateList.originatingGroupId": "Intuit's own",
    "AdjustmentTaxRateList.originatingGroupId": "Intuit's own",
    "AttachableRef[].CustomField": "never seen",
    "CustomExtensions": "dimensions, which only a paid tier of Intuit's tells apart",
    "FileAccessUri": "whoever has such a link can open the file",
    "TempDownloadUri": "whoever has such a link can open the file",
    "ThumbnailFileAccessUri": "whoever has such a link can see the file",
    "ThumbnailTempDownloadUri": "whoever has such a link can see the file",
    "V4IDPseudonym": "Intuit's own",
    "IntuitObject": "what a recurring transaction wraps is unwrapped",
    "OtherAddr": "the addresses that have a place of their own are shown",
    "CreditCardPayment.CreditChargeInfo.CommercialCardCode": "of the card's processing",
    "CreditCardPayment.CreditChargeInfo.CCTxnMode": "of the card's processing",
    "CreditCardPayment.CreditChargeInfo.CCTxnType": "of the card's processing",
    "CreditCardPayment.CreditChargeInfo.PrevCCTransId": "of the card's processing",
    "CreditCardPayment.CreditChargeResponse": "of the card's processing, but what is shown",
    "CreditCardPayment.CCDetail.CreditChargeInfo": "of the card's processing, but what is shown",
    "CreditCardPayment.CCDetail.CreditChargeResponse": "of the card's processing",
}
# Whose number, secret or account they hold: only an owner may choose them.
SENSITIVE = {
    *("SSN", "BirthDate", "Gender", "EmployerId", "TaxRegistrationNumber", "BusinessNumber"),
    *("PrimaryTaxIdentifier", "SecondaryTaxIdentifier", "TaxIdentifier", "GSTIN"),
    *("VendorPaymentBankDetail", "CreditCardPayment.CreditChargeInfo"),
    *("CreditCardPayment.CreditChargeResponse", "CreditCardPayment.CCDetail"),
    "CheckPayment.CheckDetail",
    *(f"CheckPayment.{part}" for part in ("CheckNum", "Status", "NameOnAcct", "AcctNum")),
    "CheckPayment.BankName",
    "InvoiceLink",  # whoever has it can open the invoice
}

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


ENTITIES = pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)


@ENTITIES
def test_every_documented_field_of_a_record_has_a_column(entity: Entity) -> None:
    fields = json.loads((FIELDS / f"{entity.entity}.json").read_text(encoding="utf-8"))
    shown = shown_by(entity.columns)
    missing = [
        path
        for field, kind in fields["documented"].items()
        for path in paths(field, kind)
        if path not in shown and not any(is_part(path, known) for known in LEFT_OUT)
    ]
    assert missing == []


# Which details the lines of each can have.
_SALES_FORM = (
    *("SalesItemLineDetail", "GroupLineDetail", "DiscountLineDetail", "SubTotalLineDetail"),
    *("DescriptionLineDetail", "TaxLineDetail"),
)
_COSTS = ("ItemBasedExpenseLineDetail", "AccountBasedExpenseLineDetail", "TaxLineDetail")
DETAILS = {
    **dict.fromkeys(
        ("invoices", "estimates", "sales-receipts", "credit-memos", "refund-receipts"), _SALES_FORM
    ),
    **dict.fromkeys(("bills", "purchases", "vendor-credits", "purchase-orders"), _COSTS),
    "journal-entries": ("JournalEntryLineDetail",),
    "deposits": ("DepositLineDetail",),
    "inventory-adjustments": ("ItemAdjustmentLineDetail",),
    "recurring-transactions": (
        *_SALES_FORM,
        *_COSTS,
        "JournalEntryLineDetail",
        "DepositLineDetail",
    ),
}
# Documented, and shown by no column of lines: why.
LEFT_OUT_OF_LINES = {
    "GroupLineDetail.Line": "each has a row of its own",
    "SubTotalLineDetail": "such a line is the sum of those above it",
}


@pytest.mark.parametrize("key", DETAILS)
def test_every_documented_field_of_a_line_has_a_column(key: str) -> None:
    lines = catalog.entity(key).lines
    assert lines is not None
    shown = shown_by(lines.columns)
    missing = [
        path
        for detail in DETAILS[key]
        for path in paths(detail, {"shape": "object", "type": detail})
        if path not in shown and not any(is_part(path, known) for known in LEFT_OUT_OF_LINES)
    ]
    assert missing == []


# What a template can be of, and what it wraps then.
TEMPLATES = {
    *("Bill", "CreditMemo", "Deposit", "Estimate", "Invoice", "JournalEntry", "Purchase"),
    *("PurchaseOrder", "RefundReceipt", "SalesReceipt", "Transfer", "VendorCredit"),
}
# Of what is no template: it came of one, or was sent.
NOT_OF_TEMPLATES = LEFT_OUT | {
    "CreditCardPayment": "of the card's processing, but what is shown",
    "CheckPayment": "of a check that was drawn, but what is shown",
}


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_documented_field_of_what_recurs_has_a_column(kind: str) -> None:
    entity = catalog.entity("recurring-transactions")
    fields = json.loads((FIELDS / f"{kind}.json").read_text(encoding="utf-8"))
    shown = shown_by(entity.columns)
    missing = [
        path
        for field, of in fields["documented"].items()
        for path in paths(field, of)
        if path not in shown and not any(is_part(path, known) for known in NOT_OF_TEMPLATES)
    ]
    assert missing == []


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
def test_every_column_of_lines_of_what_recurs_is_one_of_templates_too(kind: str) -> None:
    """But for what only the kind itself can have, such as what it was applied to."""
    template = catalog.entity("recurring-transactions").lines
    (entity,) = (it for it in catalog.ENTITIES if it.entity == kind)
    assert template is not None
    if entity.lines is not None:
        shown = shown_by(template.columns)
        wanted = {
            path
            for column in entity.lines.columns
            for path in column.path.split("|")
            if not path.startswith(NOT_IN_TEMPLATES)
        }
        assert sorted(wanted - shown) == []


# Details that nobody has seen, sums that only a closed document has, and its documents.
NOT_IN_TEMPLATES = (
    *("PaymentLineDetail", "TDSLineDetail", "LinkedTxn[0]", "CostAmount", "HomeCostAmount"),
    *("Received", "PurchaseOrderItemLineDetail", "SalesOrderItemLineDetail"),
    "ReimburseLineDetail",
    "Amount",  # worked out with its sign
)


@ENTITIES
def test_what_is_private_is_sensitive_and_nothing_else_is(entity: Entity) -> None:
    for column in (*entity.columns, *(entity.lines.columns if entity.lines else ())):
        is_private = any(is_part(column.path, known) for known in SENSITIVE)
        assert column.sensitive is is_private, column.key
        assert not (column.sensitive and column.default)


def test_no_link_that_opens_a_file_has_a_column() -> None:
    links = [
        (entity.key, column.key)
        for entity in catalog.ENTITIES
        for column in entity.columns
        if "Uri" in column.path
    ]
    assert links == []


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


def shown_by(columns: Iterable[Column]) -> set[str]:
    return {path for column in columns for path in column.path.split("|")}


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


def paths(field: str, kind: Mapping[str, str]) -> Iterator[str]:
    if kind["shape"] == "scalar":
        yield field
        return
    for part in parts_of(kind):
        yield f"{field}{part}"


def parts_of(kind: Mapping[str, str]) -> Iterator[str]:
    """The parts of a ref, an object or a list of them, as they go on behind its name."""
    within = "[]" if kind["shape"] == "array" else ""
    if kind["shape"] == "ref" and kind["type"] not in PARTS:
        yield from (".value", ".name")
    elif kind["type"] in PARTS:
        yield from PARTS[kind["type"]]
    else:
        for name, inner in TYPES.get(kind["type"], {}).items():
            yield from (f"{within}.{path}" for path in paths(name, inner))


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


def is_part(path: str, whole: str) -> bool:
    """Whether a leaf lies in a field, which may be a list or an object."""
    return path == whole or path.startswith((f"{whole}[", f"{whole}."))


def is_in(shown: object, value: Any, column: Column) -> bool:
    if column.source is Source.PAIRS:
        # A name without a value is not shown; another one can hold the same text.
        return words(value) in str(shown) or f"{value}: " not in str(shown)
    if column.source is Source.JOINED:
        return words(value) in str(shown).split(", ")
    if column.source is Source.FIRST:
        return shown != ""
    return shown == cell(value, column.type, ZONE)
