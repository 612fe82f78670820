"""What stands in the lines of each kind of transaction, and what they add up to.

The same thing has the same column whatever kind of line it is in: a product of a sale and one of
a bill are both "Product/service". A class or location that a line has not is its transaction's.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/most-commonly-used/invoice
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from counterfoil.catalog.columns import (
    custom_field,
    day,
    flag,
    joined,
    money,
    number,
    pairs,
    ref,
    text,
)
from counterfoil.core.datasets import Column, ColumnType, Lines, Source

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

_SALES = (SALE, ORDERED, SOLD_ORDER, REIMBURSED)
_GOODS = (SALE, ITEM, ORDERED, SOLD_ORDER, REIMBURSED)


def _first(column: Column, within: Iterable[str], field: str, *more: str) -> Column:
    """The same field of whichever detail the line has."""
    paths = (*(f"{detail}.{field}" for detail in within), *more)
    source = Source.FIRST if len(paths) > 1 else Source.VALUE
    return replace(column, path="|".join(paths), source=source)


def _ref(
    key: str, title: str, within: Iterable[str], field: str, *more: str, default: bool = False
) -> tuple[Column, ...]:
    """A reference of whichever detail the line has; `more` are other places of it."""
    within = tuple(within)
    name, id = ref(key, title, field, default=default)
    return (
        _first(name, within, f"{field}.name", *(f"{path}.name" for path in more)),
        _first(id, within, f"{field}.value", *(f"{path}.value" for path in more)),
    )


def _own(key: str, title: str, what: str, *, default: bool = False) -> Column:
    return Column(key, title, ColumnType.MONEY, what, Source.OWN, default)


def _amounts(sign: int, negative_if: str = "") -> tuple[Column, ...]:
    """With the sign in its transaction, where a discount is taken off; and with that of the
    transaction as well, of which a credit counts against the others.
    """
    differs = sign < 0 or bool(negative_if)
    return (
        _own("line_amount", "Line amount", "amount", default=True),
        _own("line_signed", "Line signed amount", "signed", default=differs),
    )


_PLACE = (
    text("line_id", "Line Id", "Id"),
    number("line_number", "Line number", "LineNum", pattern="0"),
    text("line_type", "Line type", "DetailType"),
)
_DESCRIPTION = text("line_description", "Description", "Description", default=True)
_LINKED = (
    joined("line_linked_types", "Line linked to types", "LinkedTxn[].TxnType"),
    joined("line_linked_ids", "Line linked to Ids", "LinkedTxn[].TxnId"),
    joined("line_linked_lines", "Line linked to lines", "LinkedTxn[].TxnLineId"),
)
_REST = (
    *ref("line_project", "Line project", "ProjectRef", of="Customer"),
    *(custom_field(str(at)) for at in (1, 2, 3)),
    pairs("line_custom_fields", "Line custom fields", "CustomField[]"),
    pairs("line_extensions", "Line extensions", "CustomExtensions[].AssociatedValues[]"),
)


def _lines_of(*columns: Column) -> tuple[Column, ...]:
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


def _tax_code(within: Iterable[str]) -> tuple[Column, ...]:
    return _ref("line_tax_code", "Line tax code", within, "TaxCodeRef", default=True)


def _class(within: Iterable[str]) -> tuple[Column, ...]:
    return _ref("line_class", "Line class", within, "ClassRef", "/ClassRef", default=True)


def _billable(within: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        _first(text("line_billable", "Billable status", ""), within, "BillableStatus"),
        *_markup(within),
    )


def _markup(within: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        _first(number("line_markup", "Markup percent", ""), within, "MarkupInfo.Percent"),
        _first(
            flag("line_markup_percent_based", "Markup is percent", ""),
            within,
            "MarkupInfo.PercentBased",
        ),
        _first(money("line_markup_value", "Markup amount", ""), within, "MarkupInfo.Value"),
        *_ref("line_markup_account", "Markup account", within, "MarkupInfo.MarkUpIncomeAccountRef"),
    )


def sales_lines(*, sign: int = 1, negative_if: str = "") -> Lines:
    """Of the forms for a customer: products, bundles, discounts, remarks, a subtotal."""
    return Lines(
        beside=("id", "number", "date", "customer", "location", "currency"),
        added=("TxnTaxDetail.TotalTax",),
        sign=sign,
        negative_if=negative_if,
        columns=_lines_of(
            *_PLACE,
            *_ref(
                "line_item", "Product/service", _GOODS, "ItemRef",
                f"{GROUP}.GroupItemRef", f"{SUBTOTAL}.ItemRef", f"{PAID}.ItemRef",
                default=True,
            ),
            _DESCRIPTION,
            _first(day("line_service_date", "Service date", "", default=True), _SALES,
                   "ServiceDate", f"{GROUP}.ServiceDate", f"{REMARK}.ServiceDate",
                   f"{DISCOUNT}.ServiceDate", f"{SUBTOTAL}.ServiceDate"),
            _first(number("line_quantity", "Quantity", "", default=True), _GOODS, "Qty",
                   f"{GROUP}.Quantity"),
            _first(money("line_rate", "Rate", "", default=True), _GOODS, "UnitPrice"),
            _first(number("line_rate_percent", "Rate percent", ""), _GOODS, "RatePercent"),
            *_amounts(sign, negative_if),
            *_class((*_SALES, DISCOUNT, PAID)),
            *_tax_code((*_SALES, DISCOUNT, REMARK)),
            *_ref("line_account", "Line account", _GOODS, "ItemAccountRef",
                  f"{DISCOUNT}.DiscountAccountRef"),
            Column("line_bundle", "Bundle", ColumnType.TEXT, f"{GROUP}.GroupItemRef.name",
                   Source.BUNDLE, default=True),
            Column("line_bundle_id", "Bundle Id", ColumnType.TEXT, f"{GROUP}.GroupItemRef.value",
                   Source.BUNDLE),
            number("line_discount_percent", "Line discount percent", f"{DISCOUNT}.DiscountPercent"),
            flag("line_discount_percent_based", "Discount is percent", f"{DISCOUNT}.PercentBased"),
            *ref("line_discount", "Discount", f"{DISCOUNT}.DiscountRef"),
            _first(number("line_discount_rate", "Discount rate", ""), _SALES, "DiscountRate"),
            _first(money("line_discount_amount", "Discount amount", ""), _SALES, "DiscountAmt"),
            _first(money("line_with_tax", "Line amount with tax", ""), _SALES, "TaxInclusiveAmt"),
            *_ref("line_tax_classification", "Tax classification", _SALES, "TaxClassificationRef"),
            *_ref("line_unit", "Unit", _GOODS, "UOMRef", f"{GROUP}.UOMRef"),
            *_ref("line_price_level", "Price rule", _SALES, "PriceLevelRef"),
            *_ref("line_site", "Inventory site", _SALES, "InventorySiteRef"),
            _first(money("line_unit_cost", "Unit cost", ""), _SALES, "UnitCostPrice"),
            _first(flag("line_deferred", "Deferred revenue", ""), _SALES, "DeferredRevenue"),
            _first(money("line_retainage", "Retainage", ""), _SALES, "RetainageAmount"),
            money("line_received", "Received", "Received"),
            money("line_cost", "Line cost", "CostAmount"),
            money("line_home_cost", "Line cost in home currency", "HomeCostAmount"),
            *_markup(_SALES),
            *_tax_line(),
            *_LINKED,
            *_REST,
        ),
    )  # fmt: skip


def expense_lines(*, sign: int = 1, negative_if: str = "") -> Lines:
    """Of what is bought: for an account, or of a product."""
    both = (ACCOUNT, ITEM, ORDERED)
    return Lines(
        beside=("id", "number", "date", "vendor", "payee", "location", "currency"),
        added=("TxnTaxDetail.TotalTax",),
        sign=sign,
        negative_if=negative_if,
        columns=_lines_of(
            *_PLACE,
            *_ref("line_account", "Line account", (ACCOUNT,), "AccountRef",
                  f"{ITEM}.ItemAccountRef", f"{ORDERED}.ItemAccountRef",
                  f"{WITHHELD}.TDSAccountRef", default=True),
            *_ref("line_item", "Product/service", (ITEM, ORDERED), "ItemRef",
                  f"{GROUP}.GroupItemRef", default=True),
            _DESCRIPTION,
            _first(number("line_quantity", "Quantity", "", default=True), (ITEM, ORDERED), "Qty",
                   f"{GROUP}.Quantity"),
            _first(money("line_rate", "Rate", "", default=True), (ITEM, ORDERED), "UnitPrice"),
            *_amounts(sign, negative_if),
            *_class(both),
            *_ref("line_customer", "Line customer", both, "CustomerRef", default=True),
            *_tax_code(both),
            _first(money("line_tax", "Line tax", ""), (ACCOUNT,), "TaxAmount"),
            _first(money("line_with_tax", "Line amount with tax", ""), both, "TaxInclusiveAmt"),
            *_ref("line_tax_classification", "Tax classification", (ITEM, ORDERED),
                  "TaxClassificationRef"),
            Column("line_bundle", "Bundle", ColumnType.TEXT, f"{GROUP}.GroupItemRef.name",
                   Source.BUNDLE),
            Column("line_bundle_id", "Bundle Id", ColumnType.TEXT, f"{GROUP}.GroupItemRef.value",
                   Source.BUNDLE),
            *_ref("line_unit", "Unit", (ITEM, ORDERED), "UOMRef"),
            *_ref("line_price_level", "Price rule", (ITEM, ORDERED), "PriceLevelRef"),
            *_ref("line_site", "Inventory site", (ITEM, ORDERED), "InventorySiteRef"),
            _first(number("line_open_quantity", "Open quantity", ""), (ORDERED,), "OpenQty"),
            _first(flag("line_closed", "Closed by hand", ""), (ORDERED,), "ManuallyClosed"),
            money("line_received", "Received", "Received"),
            *_billable(both),
            *_tax_line(),
            *_LINKED,
            *_REST,
        ),
    )  # fmt: skip


def journal_lines() -> Lines:
    """What is debited and what is credited: together nothing."""
    return Lines(
        beside=("id", "number", "date", "currency", "memo"),
        total="",
        columns=_lines_of(
            *_PLACE,
            *ref("line_account", "Line account", f"{JOURNAL}.AccountRef", default=True),
            _DESCRIPTION,
            _own("line_debit", "Debit", "debit", default=True),
            _own("line_credit", "Credit", "credit", default=True),
            _own("line_signed", "Line signed amount", "signed", default=True),
            money("line_amount", "Line amount", "Amount"),
            text("line_posting", "Debit or credit", f"{JOURNAL}.PostingType"),
            *ref("line_name", "Name", f"{JOURNAL}.Entity.EntityRef", default=True),
            text("line_name_type", "Name type", f"{JOURNAL}.Entity.Type"),
            *ref("line_class", "Line class", f"{JOURNAL}.ClassRef", default=True),
            *ref("line_location", "Location", f"{JOURNAL}.DepartmentRef", default=True),
            *ref("line_tax_code", "Line tax code", f"{JOURNAL}.TaxCodeRef"),
            *ref("line_tax_rate", "Line tax rate", f"{JOURNAL}.TaxRateRef", of="TaxRate"),
            text("line_tax_on", "Tax applies to", f"{JOURNAL}.TaxApplicableOn"),
            money("line_tax", "Line tax", f"{JOURNAL}.TaxAmount"),
            money("line_with_tax", "Line amount with tax", f"{JOURNAL}.TaxInclusiveAmt"),
            text("line_billable", "Billable status", f"{JOURNAL}.BillableStatus"),
            *ref("line_journal_code", "Journal code", f"{JOURNAL}.JournalCodeRef"),
            *_LINKED,
            *_REST,
        ),
    )  # fmt: skip


def deposit_lines() -> Lines:
    """Payments out of undeposited funds, and money from elsewhere, less the cash kept back."""
    return Lines(
        beside=("id", "date", "account", "currency"),
        added=("TxnTaxDetail.TotalTax",),
        taken=("CashBack.Amount",),
        columns=_lines_of(
            *_PLACE,
            *_ref("line_from", "Received from", (DEPOSIT,), "Entity", default=True),
            text("line_from_type", "Received from type", f"{DEPOSIT}.Entity.type"),
            *ref("line_account", "Line account", f"{DEPOSIT}.AccountRef", default=True),
            _DESCRIPTION,
            *ref("line_payment_method", "Payment method", f"{DEPOSIT}.PaymentMethodRef",
                 default=True),
            text("line_check", "Check number", f"{DEPOSIT}.CheckNum", default=True),
            *_amounts(1),
            *ref("line_class", "Line class", f"{DEPOSIT}.ClassRef"),
            *ref("line_tax_code", "Line tax code", f"{DEPOSIT}.TaxCodeRef"),
            text("line_tax_on", "Tax applies to", f"{DEPOSIT}.TaxApplicableOn"),
            text("line_transaction_type", "Line transaction type", f"{DEPOSIT}.TxnType"),
            *_documents("Deposited"),
            *_REST,
        ),
    )  # fmt: skip


def payment_lines() -> Lines:
    """What a payment was applied to. Credits used up are taken off, what is left is unapplied."""
    return Lines(
        beside=("id", "date", "customer", "number", "currency"),
        added=("UnappliedAmt",),
        credits=("CreditMemo",),
        columns=_lines_of(
            *_PLACE,
            *_documents("Applied to", default=True),
            replace(_DESCRIPTION, default=False),
            _own("line_amount", "Amount applied", "amount", default=True),
            *ref("line_item", "Product/service", f"{PAID}.ItemRef"),
            money("line_balance", "Line balance", f"{PAID}.Balance"),
            pairs("line_about", "About the document", "LineEx.any[].value"),
            pairs("line_about_more", "More about the document", "LineEx.NameValue[]"),
            *_REST,
        ),
    )


def bill_payment_lines() -> Lines:
    """The bills that were paid, less the vendor's credits that were used up."""
    return Lines(
        beside=("id", "date", "vendor", "number", "currency"),
        credits=("VendorCredit",),
        columns=_lines_of(
            *_PLACE,
            *_documents("Applied to", default=True),
            replace(_DESCRIPTION, default=False),
            _own("line_amount", "Amount applied", "amount", default=True),
            *_REST,
        ),
    )


def adjustment_lines() -> Lines:
    """By how much each product's quantity was changed; amounts are not told."""
    return Lines(
        beside=("id", "number", "date", "account"),
        total=None,
        columns=_lines_of(
            *_PLACE,
            *ref("line_item", "Product/service", f"{ADJUSTMENT}.ItemRef", default=True),
            _DESCRIPTION,
            number("line_quantity", "Change in quantity", f"{ADJUSTMENT}.QtyDiff", default=True),
            number("line_new_quantity", "New quantity", f"{ADJUSTMENT}.NewQty"),
            money("line_rate", "Sales price", f"{ADJUSTMENT}.SalesPrice"),
            money("line_amount", "Line amount", "Amount"),
            *ref("line_class", "Line class", f"{ADJUSTMENT}.ClassRef", default=True),
            *_REST,
        ),
    )


def budget_lines() -> Lines:
    """What was planned for an account in a period."""
    return Lines(
        beside=("id", "name"),
        total=None,
        path="BudgetDetail",
        columns=_lines_of(
            day("line_date", "Period from", "BudgetDate", default=True),
            *ref("line_account", "Line account", "AccountRef", default=True),
            money("line_amount", "Budgeted", "Amount", default=True),
            *ref("line_customer", "Customer", "CustomerRef", default=True),
            *ref("line_class", "Class", "ClassRef", default=True),
            *ref("line_location", "Location", "DepartmentRef", default=True),
        ),
    )


def _documents(what: str, *, default: bool = False) -> tuple[Column, ...]:
    """The document that a line speaks of: its number, kind and id."""
    return (
        Column("line_document", f"{what} number", ColumnType.TEXT, "LinkedTxn[0]", Source.LINKED,
               default),
        replace(joined("line_linked_types", f"{what} type", "LinkedTxn[].TxnType"),
                default=default),
        joined("line_linked_ids", f"{what} Id", "LinkedTxn[].TxnId"),
        joined("line_linked_lines", f"{what} line", "LinkedTxn[].TxnLineId"),
    )  # fmt: skip


def _tax_line() -> tuple[Column, ...]:
    """Of a line that is a tax itself."""
    return (
        *ref("line_tax_rate", "Line tax rate", f"{TAX}.TaxRateRef", of="TaxRate"),
        number("line_tax_percent", "Line tax percent", f"{TAX}.TaxPercent"),
        money("line_taxed", "Line taxed amount", f"{TAX}.NetAmountTaxable"),
        money("line_tax_override", "Line tax override", f"{TAX}.OverrideDeltaAmount"),
        money("line_tax_inclusive", "Line tax inclusive amount", f"{TAX}.TaxInclusiveAmount"),
        flag("line_tax_percent_based", "Line tax is percent", f"{TAX}.PercentBased"),
    )
