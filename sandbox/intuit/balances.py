"""What QuickBooks derives from documents: open balances, links, balances of names and accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sandbox.intuit.answers import plain
from sandbox.intuit.currencies import home
from sandbox.intuit.ledger import Chart, accrual, applications, sales_lines
from sandbox.intuit.store import Row, Store

NOTHING = Decimal(0)
BALANCE_SHEET = ("Asset", "Liability", "Equity")


def settle(store: Store, chart: Chart) -> None:
    """Bring everything derived up to date. A document whose balance moves counts as updated."""
    _settle_documents(store)
    _settle_customers(store)
    _settle_vendors(store)
    settle_stock(store)
    _settle_accounts(store, chart)
    store.version += 1


def _settle_documents(store: Store) -> None:
    paid: dict[tuple[str, str], list[tuple[str, Row, Decimal]]] = defaultdict(list)
    for kind in ("Payment", "BillPayment"):
        for row in store.all(kind):
            applied = NOTHING
            for share in applications(kind, row):
                applied += share.amount
                paid[share.kind, share.document].append((_link(kind, row), row, share.amount))
            if kind == "Payment":
                row["UnappliedAmt"] = plain(Decimal(row["TotalAmt"]) - applied)
    for kind in ("Invoice", "Bill", "CreditMemo", "VendorCredit"):
        for row in store.all(kind):
            payments = paid[kind, row["Id"]]
            balance = Decimal(row["TotalAmt"]) - sum((abs(it[2]) for it in payments), NOTHING)
            _open(kind, row, plain(balance), payments)


def _open(kind: str, row: Row, balance: Decimal, payments: list[tuple[str, Row, Decimal]]) -> None:
    if row.get("Balance") != balance:
        touched = [row["MetaData"], *(payment["MetaData"] for _, payment, _ in payments)]
        row["MetaData"]["LastUpdatedTime"] = max(
            (meta["LastUpdatedTime"] for meta in touched), key=_moment
        )
    row["Balance"] = balance
    if "HomeTotalAmt" in row:
        row["HomeTotalAmt"] = plain(home(row, Decimal(row["TotalAmt"])))
        row["HomeBalance"] = plain(home(row, balance))
    if kind == "VendorCredit":
        return
    if kind == "CreditMemo":
        row["RemainingCredit"] = balance
        return
    others = [
        link
        for link in row.get("LinkedTxn", ())
        if link["TxnType"] not in ("Payment", "BillPaymentCheck", "BillPaymentCreditCard")
    ]
    row["LinkedTxn"] = others + [
        {"TxnId": payment["Id"], "TxnType": link} for link, payment, _ in payments
    ]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _link(kind: str, row: Row) -> str:
    if kind == "Payment":
        return "Payment"
    return "BillPaymentCheck" if row["PayType"] == "Check" else "BillPaymentCreditCard"


def _settle_customers(store: Store) -> None:
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for kind, field, sign in (
        ("Invoice", "Balance", 1),
        ("CreditMemo", "RemainingCredit", -1),
        ("Payment", "UnappliedAmt", -1),
    ):
        for row in store.all(kind):
            owed[row["CustomerRef"]["value"]] += sign * Decimal(row[field])
    children: dict[str, list[str]] = defaultdict(list)
    for row in store.all("Customer"):
        if "ParentRef" in row:
            children[row["ParentRef"]["value"]].append(row["Id"])

    def with_jobs(id: str) -> Decimal:
        return owed[id] + sum((with_jobs(child) for child in children[id]), NOTHING)

    for row in store.all("Customer"):
        row["Balance"] = plain(owed[row["Id"]])
        row["BalanceWithJobs"] = plain(with_jobs(row["Id"]))


def _settle_vendors(store: Store) -> None:
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for row in store.all("Bill"):
        owed[row["VendorRef"]["value"]] += Decimal(row["Balance"])
    for row in store.all("VendorCredit"):
        owed[row["VendorRef"]["value"]] -= Decimal(row["Balance"])
    for row in store.all("Vendor"):
        row["Balance"] = plain(owed[row["Id"]])


_OUT = (("Invoice", -1), ("SalesReceipt", -1), ("CreditMemo", 1), ("RefundReceipt", 1))


def settle_stock(store: Store) -> None:
    """QtyOnHand from everything bought and sold so far."""
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for kind, sign in _OUT:
        for row in store.all(kind):
            for line in sales_lines(row["Line"]):
                if line["DetailType"] == "SalesItemLineDetail":
                    detail = line["SalesItemLineDetail"]
                    moved[detail["ItemRef"]["value"]] += sign * Decimal(detail.get("Qty", 0))
    for kind, sign in (("Bill", 1), ("Purchase", 1), ("VendorCredit", -1)):
        for item, quantity in _bought(store.all(kind)):
            moved[item] += sign * quantity
    for row in store.all("Item"):
        if row["Type"] == "Inventory":
            row["QtyOnHand"] = plain(moved[row["Id"]])


def _bought(rows: Iterable[Row]) -> Iterable[tuple[str, Decimal]]:
    for row in rows:
        for line in row["Line"]:
            detail = line.get("ItemBasedExpenseLineDetail")
            if detail:
                yield detail["ItemRef"]["value"], Decimal(detail.get("Qty", 0))


def _settle_accounts(store: Store, chart: Chart) -> None:
    """Debit balances are positive, as on the live service; income and cost accounts show 0."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for posting in accrual(store, chart):
        held[posting.account] += posting.amount
    children: dict[str, list[str]] = defaultdict(list)
    for row in store.all("Account"):
        if "ParentRef" in row:
            children[row["ParentRef"]["value"]].append(row["Id"])

    def with_children(id: str) -> Decimal:
        return held[id] + sum((with_children(child) for child in children[id]), NOTHING)

    for row in store.all("Account"):
        shows = row["Classification"] in BALANCE_SHEET and row["Id"] != chart.retained_earnings
        row["CurrentBalance"] = plain(held[row["Id"]] if shows else 0)
        row["CurrentBalanceWithSubAccounts"] = plain(with_children(row["Id"]) if shows else 0)
