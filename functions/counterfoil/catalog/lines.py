"""What stands in the lines of each kind of transaction, and what they add up to.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/most-commonly-used/invoice
"""

from __future__ import annotations

from dataclasses import replace

from counterfoil.catalog.columns import day, flag, money, number, pairs, ref, text
from counterfoil.catalog.line_columns import (
    ACCOUNT,
    ADJUSTMENT,
    APPLIED,
    DEPOSIT,
    DESCRIPTION,
    DISCOUNT,
    GOODS,
    GROUP,
    ITEM,
    JOURNAL,
    LINKED,
    ORDERED,
    PAID,
    PLACE,
    POSTED,
    REMARK,
    REST,
    SALES,
    SUBTOTAL,
    TAX,
    WITHHELD,
    amounts,
    at_home,
    billable,
    bundle_of,
    class_of,
    documents,
    first_in,
    lines_of,
    markup,
    ref_in,
    tax_code,
    tax_line,
)
from counterfoil.core.datasets import Lines


def sales_lines(*, sign: int = 1, negative_if: str = "") -> Lines:
    """Of the forms for a customer: products, bundles, discounts, remarks, a subtotal."""
    return Lines(
        beside=("id", "number", "date", "customer", "location", "currency"),
        added=("TxnTaxDetail.TotalTax",),
        sign=sign,
        negative_if=negative_if,
        columns=lines_of(
            *PLACE,
            *ref_in(
                "line_item", "Product/service", GOODS, "ItemRef",
                f"{GROUP}.GroupItemRef", f"{SUBTOTAL}.ItemRef", f"{PAID}.ItemRef",
                default=True,
            ),
            DESCRIPTION,
            first_in(day("line_service_date", "Service date", "", default=True), SALES,
                   "ServiceDate", f"{GROUP}.ServiceDate", f"{REMARK}.ServiceDate",
                   f"{DISCOUNT}.ServiceDate", f"{SUBTOTAL}.ServiceDate", f"{TAX}.ServiceDate"),
            first_in(number("line_quantity", "Quantity", "", default=True), GOODS, "Qty",
                   f"{GROUP}.Quantity"),
            first_in(money("line_rate", "Rate", "", default=True), GOODS, "UnitPrice"),
            first_in(number("line_rate_percent", "Rate percent", ""), GOODS, "RatePercent"),
            *amounts(sign, negative_if),
            *class_of((*SALES, DISCOUNT, PAID)),
            *tax_code((*SALES, DISCOUNT, REMARK)),
            *ref_in("line_account", "Line account", GOODS, "ItemAccountRef",
                  f"{DISCOUNT}.DiscountAccountRef"),
            *bundle_of(default=True),
            number("line_discount_percent", "Line discount percent", f"{DISCOUNT}.DiscountPercent"),
            flag("line_discount_percent_based", "Discount is percent", f"{DISCOUNT}.PercentBased"),
            *ref("line_discount", "Discount", f"{DISCOUNT}.DiscountRef"),
            first_in(number("line_discount_rate", "Discount rate", ""), SALES, "DiscountRate"),
            first_in(money("line_discount_amount", "Discount amount", ""), SALES, "DiscountAmt"),
            first_in(money("line_with_tax", "Line amount with tax", ""), SALES, "TaxInclusiveAmt"),
            *ref_in("line_tax_classification", "Tax classification", SALES, "TaxClassificationRef"),
            *ref_in("line_unit", "Unit", GOODS, "UOMRef", f"{GROUP}.UOMRef"),
            *ref_in("line_price_level", "Price rule", SALES, "PriceLevelRef"),
            *ref_in("line_site", "Inventory site", SALES, "InventorySiteRef"),
            first_in(money("line_unit_cost", "Unit cost", ""), SALES, "UnitCostPrice"),
            first_in(flag("line_deferred", "Deferred revenue", ""), SALES, "DeferredRevenue"),
            first_in(money("line_retainage", "Retainage", ""), SALES, "RetainageAmount"),
            money("line_received", "Received", "Received"),
            money("line_cost", "Line cost", "CostAmount"),
            money("line_home_cost", "Line cost in home currency", "HomeCostAmount"),
            *markup(SALES),
            *tax_line(),
            *LINKED,
            *REST,
            # Columns never move: what came later stands here.
            *at_home(*amounts(sign, negative_if)),
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
        columns=lines_of(
            *PLACE,
            *ref_in("line_account", "Line account", (ACCOUNT,), "AccountRef",
                  f"{ITEM}.ItemAccountRef", f"{ORDERED}.ItemAccountRef",
                  f"{WITHHELD}.TDSAccountRef", default=True),
            *ref_in("line_item", "Product/service", (ITEM, ORDERED), "ItemRef",
                  f"{GROUP}.GroupItemRef", default=True),
            DESCRIPTION,
            first_in(number("line_quantity", "Quantity", "", default=True), (ITEM, ORDERED), "Qty",
                   f"{GROUP}.Quantity"),
            first_in(money("line_rate", "Rate", "", default=True), (ITEM, ORDERED), "UnitPrice"),
            *amounts(sign, negative_if),
            *class_of(both),
            *ref_in("line_customer", "Line customer", both, "CustomerRef", default=True),
            *tax_code(both),
            first_in(money("line_tax", "Line tax", ""), (ACCOUNT,), "TaxAmount"),
            first_in(money("line_with_tax", "Line amount with tax", ""), both, "TaxInclusiveAmt"),
            *ref_in("line_tax_classification", "Tax classification", (ITEM, ORDERED),
                  "TaxClassificationRef"),
            *bundle_of(),
            *ref_in("line_unit", "Unit", (ITEM, ORDERED), "UOMRef"),
            *ref_in("line_price_level", "Price rule", (ITEM, ORDERED), "PriceLevelRef"),
            *ref_in("line_site", "Inventory site", (ITEM, ORDERED), "InventorySiteRef"),
            first_in(number("line_open_quantity", "Open quantity", ""), (ORDERED,), "OpenQty"),
            first_in(flag("line_closed", "Closed by hand", ""), (ORDERED,), "ManuallyClosed"),
            money("line_received", "Received", "Received"),
            *billable(both),
            *tax_line(),
            *LINKED,
            *REST,
            # Columns never move: what came later stands here.
            *at_home(*amounts(sign, negative_if)),
            first_in(number("line_rate_percent", "Rate percent", ""), (ITEM, ORDERED),
                   "RatePercent"),
            first_in(money("line_unit_cost", "Unit cost", ""), (ITEM, ORDERED), "UnitCostPrice"),
            first_in(day("line_service_date", "Service date", ""), (ORDERED,), "ServiceDate",
                   f"{GROUP}.ServiceDate", f"{TAX}.ServiceDate"),
        ),
    )  # fmt: skip


def journal_lines() -> Lines:
    """What is debited and what is credited: together nothing."""
    return Lines(
        beside=("id", "number", "date", "currency", "memo"),
        total="",
        total_keys=("line_debit", "line_credit"),
        columns=lines_of(
            *PLACE,
            *ref("line_account", "Line account", f"{JOURNAL}.AccountRef", default=True),
            DESCRIPTION,
            *POSTED,
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
            *LINKED,
            *REST,
            # Columns never move: what came later stands here.
            *at_home(*POSTED),
        ),
    )  # fmt: skip


def deposit_lines() -> Lines:
    """Payments out of undeposited funds, and money from elsewhere, less the cash kept back."""
    return Lines(
        beside=("id", "date", "account", "currency"),
        added=("TxnTaxDetail.TotalTax",),
        taken=("CashBack.Amount",),
        columns=lines_of(
            *PLACE,
            *ref_in("line_from", "Received from", (DEPOSIT,), "Entity", default=True),
            text("line_from_type", "Received from type", f"{DEPOSIT}.Entity.type"),
            *ref("line_account", "Line account", f"{DEPOSIT}.AccountRef", default=True),
            DESCRIPTION,
            *ref("line_payment_method", "Payment method", f"{DEPOSIT}.PaymentMethodRef",
                 default=True),
            text("line_check", "Check number", f"{DEPOSIT}.CheckNum", default=True),
            *amounts(1),
            *ref("line_class", "Line class", f"{DEPOSIT}.ClassRef"),
            *ref("line_tax_code", "Line tax code", f"{DEPOSIT}.TaxCodeRef"),
            text("line_tax_on", "Tax applies to", f"{DEPOSIT}.TaxApplicableOn"),
            text("line_transaction_type", "Line transaction type", f"{DEPOSIT}.TxnType"),
            *documents("Deposited"),
            *REST,
            # Columns never move: what came later stands here.
            *at_home(*amounts(1)),
        ),
    )  # fmt: skip


def payment_lines() -> Lines:
    """What a payment was applied to. Credits used up are taken off, what is left is unapplied."""
    return Lines(
        beside=("id", "date", "customer", "number", "currency"),
        added=("UnappliedAmt",),
        credits=("CreditMemo",),
        columns=lines_of(
            *PLACE,
            *documents("Applied to", default=True),
            replace(DESCRIPTION, default=False),
            APPLIED,
            *ref("line_item", "Product/service", f"{PAID}.ItemRef"),
            money("line_balance", "Line balance", f"{PAID}.Balance"),
            pairs("line_about", "About the document", "LineEx.any[].value"),
            pairs("line_about_more", "More about the document", "LineEx.NameValue[]"),
            *REST,
            # Columns never move: what came later stands here.
            *at_home(APPLIED),
        ),
    )


def bill_payment_lines() -> Lines:
    """The bills that were paid, less the vendor's credits that were used up."""
    return Lines(
        beside=("id", "date", "vendor", "number", "currency"),
        credits=("VendorCredit",),
        columns=lines_of(
            *PLACE,
            *documents("Applied to", default=True),
            replace(DESCRIPTION, default=False),
            APPLIED,
            *REST,
            # Columns never move: what came later stands here.
            *at_home(APPLIED),
        ),
    )


def adjustment_lines() -> Lines:
    """By how much each product's quantity was changed; amounts are not told."""
    return Lines(
        beside=("id", "number", "date", "account"),
        total=None,
        columns=lines_of(
            *PLACE,
            *ref("line_item", "Product/service", f"{ADJUSTMENT}.ItemRef", default=True),
            DESCRIPTION,
            number("line_quantity", "Change in quantity", f"{ADJUSTMENT}.QtyDiff", default=True),
            number("line_new_quantity", "New quantity", f"{ADJUSTMENT}.NewQty"),
            money("line_rate", "Sales price", f"{ADJUSTMENT}.SalesPrice"),
            money("line_amount", "Line amount", "Amount"),
            *ref("line_class", "Line class", f"{ADJUSTMENT}.ClassRef", default=True),
            *REST,
        ),
    )


def budget_lines() -> Lines:
    """What was planned for an account in a period."""
    return Lines(
        beside=("id", "name"),
        total=None,
        path="BudgetDetail",
        columns=lines_of(
            day("line_date", "Period from", "BudgetDate", default=True),
            *ref("line_account", "Line account", "AccountRef", default=True),
            money("line_amount", "Budgeted", "Amount", default=True),
            *ref("line_customer", "Customer", "CustomerRef", default=True),
            *ref("line_class", "Class", "ClassRef", default=True),
            *ref("line_location", "Location", "DepartmentRef", default=True),
        ),
    )
