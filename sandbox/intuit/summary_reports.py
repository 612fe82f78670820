"""Summaries besides profit and loss and balance sheet, as rows of a report. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.intuit.currencies import home
from sandbox.intuit.entries import account_labels
from sandbox.intuit.ledger import CENT, Posting, sales_lines
from sandbox.intuit.periods import Period, periods
from sandbox.intuit.report_asked import Asked
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import (
    DetailColumn,
    cell,
    cells,
    data,
    detail_columns,
    grand_total,
    period_column,
    plain_columns,
    section,
)
from sandbox.intuit.statements import COST_TYPES, INCOME_TYPES, net_income
from sandbox.intuit.store import Row, Store

NOTHING = Decimal(0)
SOLD = (("Invoice", 1), ("SalesReceipt", 1), ("CreditMemo", -1), ("RefundReceipt", -1))


@dataclass(frozen=True, slots=True)
class Sale:
    """A line of a sales document; `amount` and `quantity` are negative on a credit memo."""

    on: date
    customer: str
    item: str | None
    quantity: Decimal
    amount: Decimal
    cost: Decimal
    of_class: str  # "" where the line has none
    department: str


def trial_balance(books: Books, found: Asked) -> Made:
    """Balances at the end date, on their side; income and costs of the fiscal year so far."""
    book = books.book(found.basis)
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    opened = date(found.end.year - (found.end.month < book.fiscal_month), book.fiscal_month, 1)
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in book.postings:
        if posting.on > found.end:
            continue
        earning = kinds[posting.account] in (*INCOME_TYPES, *COST_TYPES)
        closed = earning and posting.on < opened
        held[book.retained_earnings if closed else posting.account] += posting.amount
    labels = account_labels(book.accounts, book.numbered)
    rows, debits, credits = [], NOTHING, NOTHING
    for account in book.accounts:
        amount = held[account["Id"]]
        if not amount:
            continue
        debits += max(amount, NOTHING)
        credits += max(-amount, NOTHING)
        sides = [amount if amount > 0 else None, -amount if amount < 0 else None]
        rows.append(data(cells(labels[account["Id"]], account["Id"], sides), typed=False))
    if rows:
        rows.append(grand_total(cells("TOTAL", None, [debits, credits])))
    return Made(plain_columns("Account", ["Debit", "Credit"]), rows, bool(rows))


def cash_flow(books: Books, found: Asked) -> Made:
    """The indirect method: net income, then what every other account gave or took."""
    book = books.book("Accrual")
    cash = [account for account in book.accounts if _is_cash(account)]
    given = {
        account["Id"]: -_moved(book.postings, account["Id"], found.start, found.end)
        for account in book.accounts
        if not _is_cash(account)
    }
    labels = account_labels(book.accounts, book.numbered)

    def lines(*kinds: str) -> list[Row]:
        return [
            data(cells(labels[account["Id"]], account["Id"], [given[account["Id"]]]))
            for account in book.accounts
            if account["AccountType"] in kinds and given.get(account["Id"])
        ]

    def of(*kinds: str) -> Decimal:
        return sum(
            (given.get(a["Id"], NOTHING) for a in book.accounts if a["AccountType"] in kinds),
            NOTHING,
        )

    net = net_income(book, found.start, found.end)
    working = (
        "Accounts Receivable",
        "Other Current Asset",
        "Accounts Payable",
        "Credit Card",
        "Other Current Liability",
    )
    adjusted = of(*working)
    words = "Adjustments to reconcile Net Income to Net Cash provided by operations:"
    adjustments = section(
        cells(words, None, [None]),
        lines(*working),
        cells(f"Total {words}", None, [adjusted]),
        group="OperatingAdjustments",
    )
    rows = [
        section(
            cells("OPERATING ACTIVITIES", None, [None]),
            [data(cells("Net Income", None, [net]), group="NetIncome"), adjustments],
            cells("Net cash provided by operating activities", None, [net + adjusted]),
            group="OperatingActivities",
        )
    ]
    invested, financed = of("Fixed Asset", "Other Asset"), of("Long Term Liability", "Equity")
    for title, group, kinds, amount in (
        ("INVESTING ACTIVITIES", "InvestingActivities", ("Fixed Asset", "Other Asset"), invested),
        (
            "FINANCING ACTIVITIES",
            "FinancingActivities",
            ("Long Term Liability", "Equity"),
            financed,
        ),
    ):
        if inner := lines(*kinds):
            foot = f"Net cash provided by {title.lower()}"
            rows.append(
                section(cells(title, None, [None]), inner, cells(foot, None, [amount]), group=group)
            )
    increase = net + adjusted + invested + financed
    before = sum(
        (_moved(book.postings, a["Id"], date.min, found.start - timedelta(days=1)) for a in cash),
        NOTHING,
    )
    for words, group, amount in (
        ("Net cash increase for period", "CashIncrease", increase),
        ("Cash at beginning of period", "BeginningCash", before),
        ("Cash at end of period", "EndingCash", before + increase),
    ):
        rows.append(section(None, None, cells(words, None, [amount]), group=group))
    return Made(plain_columns("Account", ["Total"]), rows, bool(book.postings))


def customer_sales(books: Books, found: Asked) -> Made:
    names = {row["Id"]: row["DisplayName"] for row in books.store.all("Customer")}
    return _summed(books, found, "Customer", names, lambda sale: sale.customer)


def class_sales(books: Books, found: Asked) -> Made:
    return _by_tag(books, found, "Class", lambda sale: sale.of_class)


def department_sales(books: Books, found: Asked) -> Made:
    return _by_tag(books, found, "Department", lambda sale: sale.department)


def _by_tag(books: Books, found: Asked, kind: str, by: Callable[[Sale], str]) -> Made:
    names = {row["Id"]: row["FullyQualifiedName"] for row in books.store.all(kind)}
    return _summed(books, found, kind, {**names, "": "Not Specified"}, by)


def item_sales(books: Books, found: Asked) -> Made:
    """Per item: quantity, amount, share, average price, cost, margin; nested below "Total"."""
    names = {row["Id"]: row["FullyQualifiedName"] for row in books.store.all("Item")}
    by_item: dict[str | None, list[Sale]] = defaultdict(list)
    for sale in sales(books.store):
        if found.start <= sale.on <= found.end and _wanted(sale, found):
            by_item[sale.item].append(sale)
    whole = sum((sale.amount for of in by_item.values() for sale in of), NOTHING)
    rows = [
        data([cell(names[id], id), *map(cell, _figures(by_item[id], whole))], typed=False)
        for id in sorted((id for id in by_item if id), key=lambda id: names[id].casefold())
    ]
    if rest := by_item.get(None):
        rows.append(data([cell("Not Specified"), *map(cell, _figures(rest, whole))], typed=False))
    if rows:
        every = [sale for of in by_item.values() for sale in of]
        total = [cell("TOTAL"), *map(cell, _figures(every, whole))]
        rows.append({"ColData": total, "group": "GrandTotal"})
    titles = (
        "Quantity",
        "Amount",
        "% of Sales",
        "Avg Price",
        "COGS",
        "Gross Margin",
        "Gross Margin %",
    )
    inner = [{"ColTitle": title, "ColType": "Money"} for title in titles]
    columns: list[Row] = [
        {"ColTitle": "", "ColType": "ProductsAndService"},
        {"ColTitle": "Total", "ColType": "Money", "Columns": {"Column": inner}},
    ]
    return Made(columns, rows, bool(rows))


def customer_income(books: Books, found: Asked) -> Made:
    """Income, expenses and net income of each customer's postings."""
    book = books.book(found.basis)
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    names = {row["Id"]: row["DisplayName"] for row in books.store.all("Customer")}
    earned: defaultdict[str, Decimal] = defaultdict(Decimal)
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in book.postings:
        who = posting.customer
        if who is None or not found.start <= posting.on <= found.end:
            continue
        if found.customers and who not in found.customers:
            continue
        if kinds[posting.account] in INCOME_TYPES:
            earned[who] -= posting.amount
        elif kinds[posting.account] in COST_TYPES:
            spent[who] += posting.amount
    rows, totals = [], [NOTHING, NOTHING]
    for who in sorted(earned.keys() | spent.keys(), key=lambda id: names[id].casefold()):
        totals = [totals[0] + earned[who], totals[1] + spent[who]]
        amounts = [earned[who], -spent[who], earned[who] - spent[who]]
        rows.append(data(cells(names[who], who, amounts), typed=False))
    if rows:
        rows.append(
            grand_total(cells("TOTAL", None, [totals[0], -totals[1], totals[0] - totals[1]]))
        )
    return Made(plain_columns("Customer", ["Income", "Expenses", "Net Income"]), rows, bool(rows))


def vendor_expenses(books: Books, found: Asked) -> Made:
    """What was bought from each vendor: bills, credits, purchases."""
    names = {row["Id"]: row["DisplayName"] for row in books.store.all("Vendor")}
    book = books.book(found.basis)
    kinds = {account["Id"]: account["AccountType"] for account in book.accounts}
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for posting in book.postings:
        row = books.store.get(posting.kind, posting.document)
        ref = row.get("VendorRef") or row.get("EntityRef") or {}
        who = ref.get("value") if ref.get("type", "Vendor") == "Vendor" else None
        within = found.start <= posting.on <= found.end
        if who and within and kinds[posting.account] in COST_TYPES:
            spent[who] += posting.amount
    kept = [id for id in spent if spent[id] and (not found.vendors or id in found.vendors)]
    rows = [
        data(cells(names[id], id, [spent[id]]), typed=False)
        for id in sorted(kept, key=lambda id: names[id].casefold())
    ]
    if rows:
        rows.append(grand_total(cells("TOTAL", None, [sum((spent[id] for id in kept), NOTHING)])))
    return Made(plain_columns("Vendor", ["Total"]), rows, bool(rows))


def account_list(books: Books, found: Asked) -> Made:
    columns = (
        DetailColumn("account_name", "Account"),
        DetailColumn("account_type", "Type"),
        DetailColumn("detail_acc_type", "Detail type"),
        DetailColumn("account_bal", "Balance", "Money"),
    )
    rows = [
        data(
            [
                cell(row["FullyQualifiedName"], row["Id"]),
                cell(row["AccountType"]),
                cell(row.get("AccountSubType", "")),
                cell(Decimal(row["CurrentBalance"])),
            ]
        )
        for row in books.store.all("Account")
        if row.get("Active", True)
    ]
    return Made(detail_columns(columns, typed=False), rows, bool(rows))


def sales(store: Store) -> Iterator[Sale]:
    for kind, sign in SOLD:
        for row in store.all(kind):
            for line in sales_lines(row["Line"]):
                amount = sign * home(row, Decimal(line["Amount"]))
                place = row.get("DepartmentRef", {}).get("value", "")
                customer = row.get("CustomerRef", {}).get("value", "")
                on = date.fromisoformat(row["TxnDate"])
                if line["DetailType"] == "DiscountLineDetail":
                    yield Sale(on, customer, None, NOTHING, -amount, NOTHING, "", place)
                    continue
                detail = line["SalesItemLineDetail"]
                quantity = sign * Decimal(detail.get("Qty", 0))
                item = store.get("Item", detail["ItemRef"]["value"])
                price = Decimal(item["PurchaseCost"]) if item["Type"] == "Inventory" else NOTHING
                cost = (quantity * price).quantize(CENT, ROUND_HALF_UP)
                kind = detail.get("ClassRef", {}).get("value", "")
                yield Sale(on, customer, item["Id"], quantity, amount, cost, kind, place)


def _summed(
    books: Books,
    found: Asked,
    first_type: str,
    names: Mapping[str, str],
    by: Callable[[Sale], str],
) -> Made:
    spans = [] if found.by == "Total" else periods(found.start, found.end, found.by)
    every = [*spans, Period("Total", found.start, found.end)]
    sums: dict[str, list[Decimal]] = {}
    for sale in sales(books.store):
        if not (found.start <= sale.on <= found.end and _wanted(sale, found)):
            continue
        row = sums.setdefault(by(sale), [NOTHING] * len(every))
        for at, span in enumerate(every):
            if span.start <= sale.on <= span.end:
                row[at] += sale.amount
    rows = [
        data(cells(names[id], id, sums[id]), typed=False)
        for id in sorted(sums, key=lambda id: names[id].casefold())
    ]
    if rows:
        totals = [sum(at, NOTHING) for at in zip(*sums.values(), strict=True)]
        rows.append(grand_total(cells("TOTAL", None, totals)))
    name, *_, whole = plain_columns(first_type, [span.title for span in every])
    return Made([name, *map(period_column, spans), whole], rows, bool(rows))


def _figures(of: Sequence[Sale], whole: Decimal) -> list[Decimal | str | None]:
    quantity = sum((sale.quantity for sale in of), NOTHING)
    amount = sum((sale.amount for sale in of), NOTHING)
    cost = sum((sale.cost for sale in of), NOTHING)
    price = (amount / quantity).quantize(CENT, ROUND_HALF_UP) if quantity else None
    margin = amount - cost
    return [
        quantity,
        amount,
        _percent(amount, whole),
        price,
        cost or None,
        margin if cost else None,
        _percent(margin, amount) if cost else None,
    ]


def _percent(part: Decimal, whole: Decimal) -> str | None:
    return f"{part / whole * 100:.2f} %" if whole else None


def _wanted(sale: Sale, found: Asked) -> bool:
    return not found.customers or sale.customer in found.customers


def _is_cash(account: Row) -> bool:
    return account["AccountType"] == "Bank" or account.get("AccountSubType") == "UndepositedFunds"


def _moved(postings: Iterable[Posting], account: str, start: date, end: date) -> Decimal:
    return sum(
        (each.amount for each in postings if each.account == account and start <= each.on <= end),
        NOTHING,
    )
