"""A few rows of everything else that QuickBooks keeps, in Acme Landscaping: none of them posts.

What would move money (a vendor's credit, a refund, a card's payment) has been voided, so that the
ledger knows nothing of it either.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from sandbox.intuit.acme_opening import Firm
from sandbox.intuit.answers import plain

_MAY = date(2026, 5, 12)


def add_more(firm: Firm, invoice: str) -> None:
    """`invoice` is the one that a file is attached to."""
    # One after the other: documents refer to the people of the lists.
    for kind, rows in chain(_lists(firm), _taxes(), _documents(firm), _planned(firm, invoice)):
        for row in rows:
            id = row.pop("Id", None) or firm.write.desk.next_id(_sequence(kind))
            identity = firm.write.desk.identity(id, _MAY)
            firm.store.add(kind, {**row, **identity})


def _sequence(kind: str) -> str:
    if kind == "Employee":
        return "names"
    return "transactions" if kind in _TRANSACTIONS else kind


_TRANSACTIONS = (
    *("VendorCredit", "RefundReceipt", "PurchaseOrder", "CreditCardPayment"),
    *("InventoryAdjustment", "RecurringTransaction", "TimeActivity"),
)

Rows = tuple[str, list[dict[str, Any]]]


def _lists(firm: Firm) -> Iterator[Rows]:
    people = (("Nora", "Quill"), ("Ivo", "Marsh"))
    yield (
        "Employee",
        [
            {
                "DisplayName": f"{given} {family}",
                "GivenName": given,
                "FamilyName": family,
                "PrintOnCheckName": f"{given} {family}",
                "Active": True,
                "BillableTime": False,
                "HiredDate": "2025-03-03",
                "SSN": "XXX-XX-XXXX",
                "PrimaryPhone": {"FreeFormNumber": "(719) 555-0300"},
            }
            for given, family in people
        ],
    )
    for kind, names in (
        ("Class", ("Gardens", "Snow")),
        ("Department", ("Larkfield", "Millrace")),
        ("CustomerType", ("Household", "Business")),
    ):
        whole = {} if kind == "CustomerType" else {"Sub" + kind: False}
        yield (
            kind,
            [{"Name": it, "FullyQualifiedName": it, "Active": True, **whole} for it in names],
        )
    yield "CompanyCurrency", [{"Code": "USD", "Name": "United States Dollar", "Active": True}]
    yield "JournalCode", [{"Name": "VE", "Type": "Sales", "Active": True}]
    rate = {"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "USD", "Rate": plain("1.0946")}
    yield "ExchangeRate", [{**rate, "AsOfDate": _MAY.isoformat()}]


def _taxes() -> Iterator[Rows]:
    detail = {"TaxRateRef": {"value": "3", "name": "County"}, "TaxTypeApplicable": "TaxOnAmount"}
    yield (
        "TaxCode",
        [
            {"Id": "TAX", "Name": "TAX", "Active": True, "Taxable": True, "TaxGroup": False},
            {"Id": "NON", "Name": "NON", "Active": True, "Taxable": False, "TaxGroup": False},
            {
                "Id": "2",
                "Name": "Juniper County",
                "Active": True,
                "Taxable": True,
                "TaxGroup": True,
                "SalesTaxRateList": {"TaxRateDetail": [{**detail, "TaxOrder": 0}]},
                "PurchaseTaxRateList": {"TaxRateDetail": []},
            },
        ],
    )
    yield (
        "TaxRate",
        [
            {
                "Id": "3",
                "Name": "County",
                "Active": True,
                "RateValue": plain("7.25"),
                "AgencyRef": {"value": "1"},
                "SpecialTaxType": "NONE",
            }
        ],
    )
    yield "TaxAgency", [{"Id": "1", "DisplayName": "Juniper County", "Active": True}]
    yield (
        "TaxClassification",
        [{"Code": "EUC-09020101", "Name": "Garden services", "Level": "1", "Active": True}],
    )


def _documents(firm: Firm) -> Iterator[Rows]:
    own, desk = firm.accounts, firm.write.desk
    vendor, customer = firm.vendors["nursery"], firm.customers[0]
    worker = next(row["Id"] for row in firm.store.all("Employee"))
    head = {"TxnDate": _MAY.isoformat(), "CurrencyRef": desk.profile.currency_ref}
    voided = {**head, "PrivateNote": "Voided", "TotalAmt": plain(0)}
    spent = {
        "Id": "1",
        "Amount": plain(0),
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": desk.account_ref(own["plants"])},
    }
    sold = {
        "Id": "1",
        "LineNum": 1,
        "Amount": plain(0),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {
            "ItemRef": desk.ref("Item", firm.items["Mowing"]),
            "ItemAccountRef": desk.account_ref(own["lawn"]),
        },
    }
    ordered = {
        "Id": "1",
        "LineNum": 1,
        "Amount": plain("241"),
        "DetailType": "ItemBasedExpenseLineDetail",
        "ItemBasedExpenseLineDetail": {
            "ItemRef": desk.ref("Item", firm.items["Topsoil"]),
            "Qty": plain(10),
            "UnitPrice": plain("24.1"),
        },
    }
    bought = {**head, "VendorRef": desk.ref("Vendor", vendor)}
    bought["APAccountRef"] = desk.account_ref(own["ap"])
    yield "VendorCredit", [{**bought, **voided, "DocNumber": "VC-1", "Line": [spent]}]
    yield (
        "PurchaseOrder",
        [{**bought, "DocNumber": "1001", "POStatus": "Open", "Line": [ordered],
          "TotalAmt": plain("241")}],
    )  # fmt: skip
    yield (
        "RefundReceipt",
        [{**voided, "DocNumber": "2001", "CustomerRef": desk.ref("Customer", customer),
          "Line": [sold], "DepositToAccountRef": desk.account_ref(own["checking"])}],
    )  # fmt: skip
    yield (
        "CreditCardPayment",
        [{**head, "CreditCardAccountRef": desk.account_ref(own["card"]),
          "BankAccountRef": desk.account_ref(own["checking"]), "Amount": plain(0),
          "PrivateNote": "Voided"}],
    )  # fmt: skip
    counted = [
        {
            "Id": str(at),
            "DetailType": "ItemAdjustmentLineDetail",
            "ItemAdjustmentLineDetail": {
                "ItemRef": desk.ref("Item", firm.items["Bird Bath"]),
                "QtyDiff": plain(change),
            },
        }
        for at, change in enumerate((1, -1), start=1)
    ]
    yield (
        "InventoryAdjustment",
        [{**head, "DocNumber": "1", "AdjustAccountRef": desk.account_ref(own["cogs"]),
          "Line": counted}],
    )  # fmt: skip
    yield (
        "TimeActivity",
        [{"TxnDate": _MAY.isoformat(), "NameOf": "Employee", "BillableStatus": "Billable",
          "EmployeeRef": desk.ref("Employee", worker), "Hours": 2, "Minutes": 30,
          "CustomerRef": desk.ref("Customer", customer), "HourlyRate": plain(48),
          "ItemRef": desk.ref("Item", firm.items["Planting"])}],
    )  # fmt: skip


def _planned(firm: Firm, invoice: str) -> Iterator[Rows]:
    own, desk = firm.accounts, firm.write.desk
    planned = [
        {
            "BudgetDate": f"2026-{month:02d}-01",
            "Amount": plain(9000),
            "AccountRef": desk.account_ref(own["landscaping"]),
        }
        for month in range(1, 13)
    ]
    yield (
        "Budget",
        [{"Name": "Plan for 2026", "StartDate": "2026-01-01", "EndDate": "2026-12-31",
          "BudgetType": "ProfitAndLoss", "BudgetEntryType": "Monthly", "Active": True,
          "BudgetDetail": planned}],
    )  # fmt: skip
    rent = {
        "Id": "1",
        "Amount": plain(950),
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": {"AccountRef": desk.account_ref(own["rent"])},
    }
    yield (
        "RecurringTransaction",
        [{"@kind": "Bill", "VendorRef": desk.ref("Vendor", firm.vendors["landlord"]),
          "TotalAmt": plain(950), "CurrencyRef": desk.profile.currency_ref, "Line": [rent],
          "RecurringInfo": {"Name": "Rent", "RecurType": "Automated", "Active": True,
                            "ScheduleInfo": {"IntervalType": "Monthly", "NumInterval": 1,
                                             "DayOfMonth": 1, "NextDate": "2026-07-01"}}}],
    )  # fmt: skip
    reference = {"EntityRef": {"type": "Invoice", "value": invoice}, "IncludeOnSend": False}
    yield (
        "Attachable",
        [{"Id": "5000000000000000001", "FileName": "plan.pdf", "ContentType": "application/pdf",
          "Size": 48_211, "AttachableRef": [reference],
          "TempDownloadUri": "https://files.example.com/plan.pdf?X-Signature=hidden"}],
    )  # fmt: skip
