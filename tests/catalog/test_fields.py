"""Every documented field of a record has a column, and every value of a real one a cell."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Iterator, Mapping

import pytest

from counterfoil import catalog
from counterfoil.core.datasets import Column, Entity
from tests.catalog.field_paths import ENTITIES, LEFT_OUT, is_part

FIELDS = pathlib.Path(__file__).parents[1] / "data" / "fields"

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


def shown_by(columns: Iterable[Column]) -> set[str]:
    return {path for column in columns for path in column.path.split("|")}


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
