"""The verbs and the columns in which what stands in lines is written. Pure.

The same thing has the same column whatever kind of line it is in: a product of a sale and one of
a bill are both "Product/service". A class or location that a line has not is its transaction's.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/most-commonly-used/invoice
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from counterfoil.catalog.columns import (
    custom_field,
    flag,
    joined,
    money,
    number,
    pairs,
    ref,
    text,
)
from counterfoil.core.datasets import Column, ColumnType, Source

# Beside every line: whose it is, and which one.
ROW_ID = Column("row_id", "Row Id", ColumnType.TEXT, "id", Source.OWN, default=True, of_line=True)

SALE = "SalesItemLineDetail"
ITEM = "ItemBasedExpenseLineDetail"
ACCOUNT = "AccountBasedExpenseLineDetail"
DISCOUNT = "DiscountLineDetail"
GROUP = "GroupLineDetail"
JOURNAL = "JournalEntryLineDetail"
DEPOSIT = "DepositLineDetail"
TAX = "TaxLineDetail"
REMARK = "DescriptionLineDetail"
SUBTOTAL = "SubTotalLineDetail"
ADJUSTMENT = "ItemAdjustmentLineDetail"
# Intuit's schema knows these as well; nobody has seen one. What they share with others has
# the columns of those.
ORDERED = "PurchaseOrderItemLineDetail"
SOLD_ORDER = "SalesOrderItemLineDetail"
REIMBURSED = "ReimburseLineDetail"
PAID = "PaymentLineDetail"
WITHHELD = "TDSLineDetail"

SALES = (SALE, ORDERED, SOLD_ORDER, REIMBURSED)
GOODS = (SALE, ITEM, ORDERED, SOLD_ORDER, REIMBURSED)


def first_in(column: Column, within: Iterable[str], field: str, *more: str) -> Column:
    """The same field of whichever detail the line has."""
    paths = (*(f"{detail}.{field}" for detail in within), *more)
    source = Source.FIRST if len(paths) > 1 else Source.VALUE
    return replace(column, path="|".join(paths), source=source)


def ref_in(
    key: str, title: str, within: Iterable[str], field: str, *more: str, default: bool = False
) -> tuple[Column, ...]:
    """A reference of whichever detail the line has; `more` are other places of it."""
    within = tuple(within)
    name, id = ref(key, title, field, default=default)
    return (
        first_in(name, within, f"{field}.name", *(f"{path}.name" for path in more)),
        first_in(id, within, f"{field}.value", *(f"{path}.value" for path in more)),
    )


def own(key: str, title: str, what: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.MONEY, what, Source.OWN, default)


def amounts(sign: int, negative_if: str = "") -> tuple[Column, ...]:
    """With the sign in its transaction, where a discount is taken off; and with that of the
    transaction as well, of which a credit counts against the others.
    """
    differs = sign < 0 or bool(negative_if)
    return (
        own("line_amount", "Line amount", "amount", default=True),
        own("line_signed", "Line signed amount", "signed", default=differs),
    )


# What a journal debits and credits; what a payment was applied by.
POSTED = (
    own("line_debit", "Debit", "debit", default=True),
    own("line_credit", "Credit", "credit", default=True),
    own("line_signed", "Line signed amount", "signed", default=True),
)
APPLIED = own("line_amount", "Amount applied", "amount", default=True)


def at_home(*columns: Column) -> tuple[Column, ...]:
    """Such amounts in the company's own currency, at the rate of their transaction; blank in a
    company that knows one currency only.
    """
    return tuple(
        replace(
            column,
            key=column.key.replace("line_", "line_home_", 1),
            title=f"{column.title} in home currency",
            path=f"home_{column.path}",
            default=False,
        )
        for column in columns
    )


PLACE = (
    text("line_id", "Line Id", "Id"),
    number("line_number", "Line number", "LineNum", pattern="0"),
    text("line_type", "Line type", "DetailType"),
)
DESCRIPTION = text("line_description", "Description", "Description", default=True)
LINKED = (
    joined("line_linked_types", "Line linked to types", "LinkedTxn[].TxnType"),
    joined("line_linked_ids", "Line linked to Ids", "LinkedTxn[].TxnId"),
    joined("line_linked_lines", "Line linked to lines", "LinkedTxn[].TxnLineId"),
)
REST = (
    *ref("line_project", "Line project", "ProjectRef", of="Customer"),
    *(custom_field(str(at)) for at in (1, 2, 3)),
    pairs("line_custom_fields", "Line custom fields", "CustomField[]"),
    pairs("line_extensions", "Line extensions", "CustomExtensions[].AssociatedValues[]"),
)


def lines_of(*columns: Column) -> tuple[Column, ...]:
    """Marked as of lines; the custom fields under keys of their own."""
    return tuple(
        replace(
            column,
            of_line=True,
            key=f"line_{column.key}" if column.source is Source.CUSTOM else column.key,
            title=f"Line {column.title[0].lower()}{column.title[1:]}"
            if column.source is Source.CUSTOM
            else column.title,
        )
        for column in columns
    )


def tax_code(within: Iterable[str]) -> tuple[Column, ...]:
    return ref_in("line_tax_code", "Line tax code", within, "TaxCodeRef", default=True)


def class_of(within: Iterable[str]) -> tuple[Column, ...]:
    return ref_in("line_class", "Line class", within, "ClassRef", "/ClassRef", default=True)


def billable(within: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        first_in(text("line_billable", "Billable status", ""), within, "BillableStatus"),
        *markup(within),
    )


def bundle_of(*, default: bool = False) -> tuple[Column, ...]:
    """The bundle that a line is a part of, or is itself."""
    name, id = ref("line_bundle", "Bundle", f"{GROUP}.GroupItemRef", default=default)
    return (replace(name, source=Source.BUNDLE), replace(id, source=Source.BUNDLE))


def markup(within: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        first_in(number("line_markup", "Markup percent", ""), within, "MarkupInfo.Percent"),
        first_in(
            flag("line_markup_percent_based", "Markup is percent", ""),
            within,
            "MarkupInfo.PercentBased",
        ),
        first_in(money("line_markup_value", "Markup amount", ""), within, "MarkupInfo.Value"),
        *ref_in(
            "line_markup_account", "Markup account", within, "MarkupInfo.MarkUpIncomeAccountRef"
        ),
    )


def documents(what: str, *, default: bool = False) -> tuple[Column, ...]:
    """The document that a line speaks of: its number, kind and id."""
    return (
        Column("line_document", f"{what} number", ColumnType.TEXT, "LinkedTxn[0]", Source.LINKED,
               default),
        replace(joined("line_linked_types", f"{what} type", "LinkedTxn[].TxnType"),
                default=default),
        joined("line_linked_ids", f"{what} Id", "LinkedTxn[].TxnId"),
        joined("line_linked_lines", f"{what} line", "LinkedTxn[].TxnLineId"),
    )  # fmt: skip


def tax_line() -> tuple[Column, ...]:
    """Of a line that is a tax itself."""
    return (
        *ref("line_tax_rate", "Line tax rate", f"{TAX}.TaxRateRef", of="TaxRate"),
        number("line_tax_percent", "Line tax percent", f"{TAX}.TaxPercent"),
        money("line_taxed", "Line taxed amount", f"{TAX}.NetAmountTaxable"),
        money("line_tax_override", "Line tax override", f"{TAX}.OverrideDeltaAmount"),
        money("line_tax_inclusive", "Line tax inclusive amount", f"{TAX}.TaxInclusiveAmount"),
        flag("line_tax_percent_based", "Line tax is percent", f"{TAX}.PercentBased"),
    )
