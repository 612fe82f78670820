"""What each list and transaction can be narrowed by. Pure.

`asked` marks what QuickBooks filters by itself; the rest is found in its answers.
https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from counterfoil.catalog.columns import list_of_ref
from counterfoil.catalog.filter_parts import (
    ACTIVE,
    ACTIVE_FOUND,
    ADJUSTED,
    BY_ITEM,
    CHANGED,
    COSTS,
    CUSTOMER,
    CUSTOMER_ASKED,
    DEPOSIT,
    DEPOSITED,
    FULL_NAME,
    GROUP,
    INNER,
    JOURNAL,
    KIT_ITEM,
    LOCATION,
    MEMO,
    NOT_VOIDED,
    NUMBER,
    RECURRING_ACCOUNTS,
    RECURRING_LINES,
    SALE,
    SALES,
    SAYS_VOIDED,
    SHORT_NAME,
    TOTAL,
    TOTAL_ASKED,
    VENDOR,
    VENDOR_ASKED,
    VOIDED,
    all_zero,
    amount,
    days,
    is_,
    names,
    paying,
    stated,
    stating,
    text,
    voiding,
)
from counterfoil.catalog.filter_types import ACCOUNT_TYPE, ITEM_TYPE
from counterfoil.core.datasets import Column, Entity
from counterfoil.core.filters import Filter, Kind, State
from counterfoil.core.query import Op

FILTERS: Mapping[str, tuple[Filter, ...]] = {
    "invoices": (
        CUSTOMER_ASKED,
        paying(asked=True),
        days("due_date", "Due date", "DueDate", asked=True),
        TOTAL_ASKED,
        amount("balance", "Open balance", "Balance", asked=True),
        *SALES,
    ),
    "estimates": (
        CUSTOMER,
        stating(
            "TxnStatus",
            ("Pending", "Pending"),
            ("Accepted", "Accepted"),
            ("Closed", "Closed"),
            ("Rejected", "Rejected"),
            ("Converted", "Converted"),
        ),
        days("expires", "Expires", "ExpirationDate"),
        TOTAL,
        *SALES,
    ),
    "sales-receipts": (CUSTOMER, voiding(), TOTAL, *SALES, DEPOSITED),
    "credit-memos": (CUSTOMER, paying(asked=False, due=False), TOTAL, *SALES),
    "refund-receipts": (CUSTOMER, voiding(), TOTAL, *SALES, DEPOSITED),
    "payments": (
        CUSTOMER_ASKED,
        stated(voiding(), State("unapplied", "Not all applied", (is_("UnappliedAmt", Op.GT, 0),))),
        TOTAL_ASKED,
        names("account", "Deposit to", "DepositToAccountRef"),
        text("number", "Reference number", "PaymentRefNum", asked=True),
        MEMO,
    ),
    "bills": (
        VENDOR_ASKED,
        paying(asked=True),
        days("due_date", "Due date", "DueDate", asked=True),
        TOTAL_ASKED,
        amount("balance", "Open balance", "Balance", asked=True),
        *COSTS,
    ),
    "bill-payments": (
        VENDOR_ASKED,
        names(
            "account",
            "Paid from",
            "CheckPayment.BankAccountRef",
            "CreditCardPayment.CCAccountRef",
        ),
        voiding(),
        TOTAL_ASKED,
        LOCATION,
        NUMBER,
        MEMO,
    ),
    "vendor-credits": (
        VENDOR,
        stated(paying(asked=False, due=False), State("valid", "Not voided", (NOT_VOIDED,))),
        TOTAL,
        *COSTS,
    ),
    "purchases": (
        names("payee", "Payee", "EntityRef"),
        names("paid_from", "Paid from", "AccountRef"),
        voiding(),
        TOTAL,
        *COSTS,
    ),
    "purchase-orders": (
        VENDOR,
        stating("POStatus", ("Open", "Open"), ("Closed", "Closed")),
        days("due_date", "Due date", "DueDate"),
        TOTAL,
        *COSTS,
    ),
    "credit-card-payments": (
        VENDOR_ASKED,
        names("account", "Account", "CreditCardAccountRef", "BankAccountRef"),
        amount("total", "Amount", "Amount"),
        LOCATION,
        MEMO,
    ),
    "journal-entries": (
        names("account", "Account", f"{JOURNAL}.AccountRef"),
        names("class", "Class", f"{JOURNAL}.ClassRef"),
        names("location", "Location", f"{JOURNAL}.DepartmentRef"),
        names("name", "Customer or vendor", f"{JOURNAL}.Entity.EntityRef"),
        # QuickBooks does not always send what a journal comes to.
        voiding(replace(VOIDED, tests=(SAYS_VOIDED, *all_zero("TotalAmt", "Line[].Amount")))),
        amount("total", "Amount of a line", "Line[].Amount"),
        NUMBER,
        MEMO,
    ),
    "deposits": (
        names("account", "Account", "DepositToAccountRef", f"{DEPOSIT}.AccountRef"),
        names("from", "Received from", f"{DEPOSIT}.Entity"),
        names("class", "Class", f"{DEPOSIT}.ClassRef"),
        LOCATION,
        TOTAL,
        text("number", "Number", "DocNumber"),
        MEMO,
    ),
    "transfers": (
        names("account", "Account", "FromAccountRef", "ToAccountRef"),
        amount("total", "Amount", "Amount"),
        names("class", "Class", "ClassRef"),
        LOCATION,
        MEMO,
    ),
    "time-activities": (
        names("customer", "Customer", "CustomerRef"),
        names("worker", "Worker", "EmployeeRef", "VendorRef"),
        names("item", "Product/service", "ItemRef"),
        names("class", "Class", "ClassRef"),
        LOCATION,
        stating(
            "BillableStatus",
            ("Billable", "Billable"),
            ("NotBillable", "Not billable"),
            ("HasBeenBilled", "Billed"),
        ),
        amount("rate", "Hourly rate", "HourlyRate"),
        text("memo", "Description", "Description"),
    ),
    "inventory-adjustments": (
        names("item", "Product/service", f"{ADJUSTED}.ItemRef"),
        names("account", "Adjustment account", "AdjustAccountRef"),
        names("class", "Class", f"{ADJUSTED}.ClassRef"),
        CUSTOMER,
        LOCATION,
        NUMBER,
        MEMO,
    ),
    "budgets": (
        SHORT_NAME,
        text("type", "Budget type", "BudgetType"),
        days("start", "From", "StartDate"),
        names("account", "Account", "BudgetDetail[].AccountRef"),
        names("class", "Class", "BudgetDetail[].ClassRef"),
        names("location", "Location", "BudgetDetail[].DepartmentRef"),
        names("customer", "Customer", "BudgetDetail[].CustomerRef"),
        ACTIVE_FOUND,
    ),
    # Each wraps a transaction, whose fields QuickBooks does not filter by.
    "recurring-transactions": (
        text("template", "Template", "RecurringInfo.Name"),
        text("kind", "Transaction type", "@kind"),
        Filter(
            "status",
            "Status",
            Kind.STATE,
            states=(
                State("active", "Active", (is_("RecurringInfo.Active", Op.EQ, True),)),
                State("inactive", "Inactive", (is_("RecurringInfo.Active", Op.EQ, False),)),
            ),
        ),
        days("next", "Next", "RecurringInfo.ScheduleInfo.NextDate"),
        names("name", "Name", "CustomerRef", "VendorRef", "EntityRef"),
        amount("total", "Total", "TotalAmt|Line[]"),  # of a journal what its lines debit
        names("account", "Account", *RECURRING_ACCOUNTS),
        names("class", "Class", "ClassRef", *(f"{line}.ClassRef" for line in RECURRING_LINES)),
        names("location", "Location", "DepartmentRef", f"{JOURNAL}.DepartmentRef"),
        names(
            "item",
            "Product/service",
            *(f"{line}.ItemRef" for line in (SALE, INNER, BY_ITEM, KIT_ITEM)),
            f"{GROUP}.GroupItemRef",
        ),
        text("number", "Number", "DocNumber"),
        MEMO,
    ),
    "customers": (
        text("name", "Name", "DisplayName", asked=True),
        text("company", "Company name", "CompanyName", asked=True),
        amount("balance", "Balance", "Balance", asked=True),
        text("email", "Email", "PrimaryEmailAddr.Address"),
        text("memo", "Notes", "Notes"),
    ),
    "vendors": (
        text("name", "Name", "DisplayName", asked=True),
        text("company", "Company name", "CompanyName", asked=True),
        amount("balance", "Balance", "Balance", asked=True),
        text("email", "Email", "PrimaryEmailAddr.Address"),
    ),
    "employees": (text("name", "Name", "DisplayName", asked=True),),
    "items": (
        text("name", "Name", "Name", asked=True),
        text("sku", "SKU", "Sku", asked=True),
        ITEM_TYPE,
        text("type", "Type contains", "Type"),
        names("account", "Account", "IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef"),
    ),
    "accounts": (
        text("name", "Name", "FullyQualifiedName", asked=True),
        ACCOUNT_TYPE,
        text("type", "Type contains", "AccountType"),
        text("classification", "Classification", "Classification"),
        amount("balance", "Balance", "CurrentBalance", asked=True),
    ),
    "classes": (FULL_NAME,),
    "locations": (FULL_NAME,),
    "terms": (SHORT_NAME,),
    "payment-methods": (SHORT_NAME,),
    "tax-codes": (SHORT_NAME,),
    "tax-rates": (SHORT_NAME,),
    "tax-agencies": (text("name", "Name", "DisplayName"),),
    "tax-classifications": (text("name", "Name", "Name"), text("code", "Code", "Code")),
    "customer-types": (SHORT_NAME,),
    "currencies": (text("code", "Currency", "Code"),),
    "exchange-rates": (text("currency", "Currency", "SourceCurrencyCode"),),
    "journal-codes": (SHORT_NAME,),
    "attachments": (text("file", "File name", "FileName"), text("memo", "Note", "Note")),
}


def filters_of(entity: Entity) -> tuple[Filter, ...]:
    """Its own, and what every list of names and everything that tells of its changes has."""
    has_times = any(column.path == "MetaData.LastUpdatedTime" for column in entity.columns)
    return (
        *(_covering(each, entity) for each in FILTERS.get(entity.key, ())),
        *((ACTIVE,) if entity.has_active else ()),
        *((CHANGED,) if has_times else ()),
    )


def _covering(filter: Filter, entity: Entity) -> Filter:
    """Looking also wherever a column of its name shows something, or one of lines of it: what a
    person sees under "Account" or "Line account" they find by "Account".
    """
    if filter.kind is not Kind.NAMES or filter.asked:
        return filter
    every = (*entity.columns, *(entity.lines.columns if entity.lines else ()))
    titles = (filter.title, f"Line {filter.title[:1].lower()}{filter.title[1:]}")
    shown = [path for each in every if each.title in titles for path in _refs(each, entity)]
    # A reference of a kind that nobody has a list of would make all of them unknown.
    known = all(map(list_of_ref, filter.paths))
    more = [path for path in shown if not known or list_of_ref(path)]
    return replace(filter, paths=tuple(dict.fromkeys((*filter.paths, *more))))


def _refs(column: Column, entity: Entity) -> Iterator[str]:
    """Where the references stand whose names a column shows."""
    for path in column.path.split("|"):
        ref = path.removesuffix(".name")
        if ref == path:
            continue
        if entity.lines is None or not column.of_line or path.startswith("/"):
            yield ref.removeprefix("/")
            continue
        yield f"{entity.lines.path}[].{ref}"
        if entity.lines.has_bundles:
            yield f"{GROUP}.Line[].{ref}"
