"""Reports of transactions: general ledger, journal, lists, the detail of profit and loss. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sandbox.intuit.book import Book, narrowed
from sandbox.intuit.entries import Entry, account_labels, entries, split_of
from sandbox.intuit.report_asked import Asked
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import (
    Cell,
    DetailColumn,
    cell,
    data,
    detail_columns,
    section,
)
from sandbox.intuit.statements import CREDIT_TYPES, net_income
from sandbox.intuit.store import Row

NOTHING = Decimal(0)
CARRIED = "Beginning Balance"
FOLLOWING = "0-00-00"
"""The date of a transaction's second and later lines."""

DATE = DetailColumn("tx_date", "Date", "Date")
TYPE = DetailColumn("txn_type", "Transaction Type")
NUMBER = DetailColumn("doc_num", "Num")
POSTING = DetailColumn("is_no_post", "Posting", "Boolean")
NAME = DetailColumn("name", "Name")
MEMO = DetailColumn("memo", "Memo/Description")
ACCOUNT = DetailColumn("account_name", "Account")
SPLIT = DetailColumn("split_acc", "Split")
OTHER = DetailColumn("other_account", "Split")
AMOUNT = DetailColumn("subt_nat_amount", "Amount", "Money")
BALANCE = DetailColumn("rbal_nat_amount", "Balance", "Money")
DEBIT = DetailColumn("debt_amt", "Debit", "Money")
CREDIT = DetailColumn("credit_amt", "Credit", "Money")

OF_POSTINGS = ("GeneralLedger", "ProfitAndLossDetail")
PROFIT_TYPES = (
    ("Income", "Income", 1),
    ("Cost of Goods Sold", "Cost of Goods Sold", -1),
    ("Expense", "Expenses", -1),
    ("Other Income", "Other Income", 1),
    ("Other Expense", "Other Expenses", -1),
)
BALANCE_SHEET_TYPES = (
    "Bank",
    "Accounts Receivable",
    "Other Current Asset",
    "Fixed Asset",
    "Other Asset",
    "Accounts Payable",
    "Credit Card",
    "Other Current Liability",
    "Long Term Liability",
    "Equity",
)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The entries of a basis, and how accounts are called."""

    book: Book
    all: Sequence[Entry]
    labels: Mapping[str, str]
    together: Mapping[tuple[str, str], Sequence[Entry]]

    @classmethod
    def of(cls, books: Books, found: Asked) -> _Ledger:
        book = books.book(found.basis)
        every = entries(books.store, book.postings)
        together: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in every:
            together[entry.document].append(entry)
        if found.customers and found.name in OF_POSTINGS:  # the others are of whole documents
            book = narrowed(book, found.customers)
            every = [entry for entry in every if entry.posting.customer in found.customers]
        return cls(book, every, account_labels(book.accounts, book.numbered), together)

    def within(self, found: Asked) -> list[Entry]:
        return [entry for entry in self.all if found.start <= entry.on <= found.end]

    def cells(self, entry: Entry) -> dict[str, Cell]:
        """What each column says of a posting, by its key; signs are the account's own."""
        account = entry.posting.account
        amount = self.sign(account) * entry.amount
        split = split_of(entry, self.together[entry.document], self.labels)
        return {
            "tx_date": cell(entry.on),
            "txn_type": cell(entry.type, entry.posting.document),
            "doc_num": cell(entry.number),
            "is_no_post": cell("Yes"),
            "name": cell(entry.name.shown, entry.name.id) if entry.name else cell("", ""),
            "memo": cell(entry.memo),
            "account_name": cell(self.labels[account], account),
            "split_acc": cell(split),
            "other_account": cell(split, ""),
            "subt_nat_amount": cell(amount),
            "debt_amt": cell(entry.amount if entry.amount > 0 else None),
            "credit_amt": cell(-entry.amount if entry.amount < 0 else None),
        }

    def sign(self, account: str) -> int:
        return -1 if self.kind(account) in CREDIT_TYPES else 1

    def kind(self, account: str) -> str:
        return next(str(a["AccountType"]) for a in self.book.accounts if a["Id"] == account)


def general_ledger(books: Books, found: Asked) -> Made:
    """A section per account with its beginning balance, its postings and a total.

    Sub-accounts lie inside their parents, which then have a total of their own postings and one
    "with sub-accounts".
    """
    ledger = _Ledger.of(books, found)
    columns = _chosen(
        found, (DATE, TYPE, NUMBER, NAME, MEMO, SPLIT, AMOUNT, BALANCE), (DEBIT, CREDIT, ACCOUNT)
    )
    children: dict[str | None, list[Row]] = defaultdict(list)
    for account in ledger.book.accounts:
        children[account.get("ParentRef", {}).get("value")].append(account)

    def of(account: Row) -> tuple[Row, Decimal] | None:
        id, sign = account["Id"], ledger.sign(account["Id"])
        own = [entry for entry in ledger.all if entry.posting.account == id]
        carried = _carried(ledger, account, own, found) * sign
        lines, moved = _running(ledger, columns, own, found, carried, sign)
        inner = [made for child in children[id] if (made := of(child)) is not None]
        if found.accounts and id not in found.accounts:
            lines = []
        if not lines and not inner:
            return None
        label = ledger.labels[id].rpartition(":")[2]
        total = moved + sum((amount for _, amount in inner), NOTHING)
        head = _labelled(columns, label, {}, id=id)
        if not inner:
            return section(
                head, lines, _labelled(columns, f"Total for {label}", {AMOUNT.key: moved})
            ), moved
        own_total = _labelled(columns, f"Total for {label}", {AMOUNT.key: moved})
        rows = [*lines, section(None, None, own_total), *(row for row, _ in inner)]
        words = f"Total for {label} with sub-accounts"
        return section(head, rows, _labelled(columns, words, {AMOUNT.key: total})), total

    rows = [made[0] for account in children[None] if (made := of(account)) is not None]
    return Made(detail_columns(columns, typed=False), rows, bool(rows))


def journal(books: Books, found: Asked) -> Made:
    """Each transaction's lines, then a section that is only their totals, then a blank line."""
    ledger = _Ledger.of(books, found)
    columns = _chosen(found, (DATE, TYPE, NUMBER, NAME, MEMO, ACCOUNT, DEBIT, CREDIT), ())
    rows: list[Row] = []
    for group in _documents(ledger.within(found)):
        debits = sum((entry.amount for entry in group if entry.amount > 0), NOTHING)
        credits = sum((-entry.amount for entry in group if entry.amount < 0), NOTHING)
        rows += [data(line) for line in _together(ledger, columns, group)]
        rows.append(
            section(None, None, _labelled(columns, "", {DEBIT.key: debits, CREDIT.key: credits}))
        )
        rows.append(data([cell(None) for _ in columns]))
    return Made(detail_columns(columns, typed=False), rows, bool(rows))


def transactions(books: Books, found: Asked) -> Made:
    """One line per transaction, by date: its first posting stands for it."""
    ledger = _Ledger.of(books, found)
    columns = _listed(found)
    rows = [
        data(_line(columns, ledger.cells(group[0]))) for group in _documents(ledger.within(found))
    ]
    return Made(detail_columns(columns, typed=True), rows, bool(rows))


def transactions_by_customer(books: Books, found: Asked) -> Made:
    return _by_name(books, found, "Customer")


def transactions_by_vendor(books: Books, found: Asked) -> Made:
    return _by_name(books, found, "Vendor")


def transactions_with_splits(books: Books, found: Asked) -> Made:
    """The first line of a transaction in full; of the others the date is "0-00-00"."""
    ledger = _Ledger.of(books, found)
    amount = DetailColumn("nat_amount", "Amount", "Money")
    columns = _chosen(found, (DATE, TYPE, NUMBER, POSTING, NAME, MEMO, ACCOUNT, amount), ())
    rows: list[Row] = []
    for group in _documents(ledger.within(found)):
        rows += [data(line) for line in _together(ledger, columns, group)]
        rows.append(data([cell(None) for _ in columns]))
    return Made(detail_columns(columns, typed=True), rows, bool(rows))


def profit_and_loss_detail(books: Books, found: Asked) -> Made:
    """The postings behind the profit and loss, account by account, and the net income below."""
    ledger = _Ledger.of(books, found)
    columns = _chosen(
        found, (DATE, TYPE, NUMBER, NAME, MEMO, SPLIT, AMOUNT, BALANCE), (DEBIT, CREDIT)
    )
    within = ledger.within(found)
    rows: list[Row] = []
    for kind, title, _ in PROFIT_TYPES:
        inner: list[Row] = []
        total = NOTHING
        for account in ledger.book.accounts:
            own = [entry for entry in within if entry.posting.account == account["Id"]]
            if account["AccountType"] != kind or not own:
                continue
            label = ledger.labels[account["Id"]]
            lines, moved = _running(ledger, columns, own, found, None, ledger.sign(account["Id"]))
            foot = _labelled(columns, f"Total for {label}", {AMOUNT.key: moved})
            inner.append(section(_labelled(columns, label, {}, id=account["Id"]), lines, foot))
            total += moved
        if inner:
            foot = _labelled(columns, f"Total for {title}", {AMOUNT.key: total})
            rows.append(section(_labelled(columns, title, {}), inner, foot))
    if rows:
        net = net_income(ledger.book, found.start, found.end)
        rows.append(section(None, None, _labelled(columns, "Net Income", {AMOUNT.key: net})))
    return Made(detail_columns(columns, typed=False), rows, bool(rows))


def _by_name(books: Books, found: Asked, kind: str) -> Made:
    ledger = _Ledger.of(books, found)
    columns = _listed(found)
    wanted = found.customers if kind == "Customer" else found.vendors
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for group in _documents(ledger.within(found)):
        name = group[0].name
        if name is not None and name.kind == kind and (not wanted or name.id in wanted):
            groups[name.shown, name.id].append(group[0])
    rows = []
    for (shown, id), firsts in sorted(groups.items()):
        total = sum((ledger.sign(each.posting.account) * each.amount for each in firsts), NOTHING)
        lines = [data(_line(columns, ledger.cells(each))) for each in firsts]
        foot = _labelled(columns, f"Total for {shown}", {AMOUNT.key: total})
        rows.append(section(_labelled(columns, shown, {}, id=id), lines, foot))
    return Made(detail_columns(columns, typed=True), rows, bool(rows))


def _listed(found: Asked) -> tuple[DetailColumn, ...]:
    own = (DATE, TYPE, NUMBER, POSTING, NAME, MEMO, ACCOUNT, OTHER, AMOUNT)
    return _chosen(found, own, (DEBIT, CREDIT))


def _chosen(
    found: Asked, own: Sequence[DetailColumn], more: Sequence[DetailColumn]
) -> tuple[DetailColumn, ...]:
    """The columns asked for, as far as the report has them; else its own."""
    known = {column.key: column for column in (*own, *more)}
    return tuple(known[key] for key in found.columns if key in known) or tuple(own)


def _documents(within: Iterable[Entry]) -> list[list[Entry]]:
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in within:
        groups.setdefault(entry.document, []).append(entry)
    return list(groups.values())


def _together(
    ledger: _Ledger, columns: Sequence[DetailColumn], group: Sequence[Entry]
) -> Iterable[list[Cell]]:
    for at, entry in enumerate(group):
        known = ledger.cells(entry) | {
            "nat_amount": cell(ledger.sign(entry.posting.account) * entry.amount)
        }
        if at:
            known |= {
                "tx_date": cell(FOLLOWING),
                "txn_type": cell("", entry.posting.document),
                "doc_num": cell(None),
                "is_no_post": cell(None),
                "name": cell("", ""),
            }
        yield _line(columns, known)


def _running(
    ledger: _Ledger,
    columns: Sequence[DetailColumn],
    own: Sequence[Entry],
    found: Asked,
    carried: Decimal | None,
    sign: int,
) -> tuple[list[Row], Decimal]:
    """An account's lines with a running balance, and what moved; `carried` None: none is shown."""
    lines: list[Row] = []
    balance, moved = carried or NOTHING, NOTHING
    if carried:
        known = {columns[0].key: cell(CARRIED), BALANCE.key: cell(carried)}
        lines.append(data(_line(columns, known)))
    for entry in own:
        if not found.start <= entry.on <= found.end:
            continue
        moved += sign * entry.amount
        balance += sign * entry.amount
        lines.append(data(_line(columns, ledger.cells(entry) | {BALANCE.key: cell(balance)})))
    return lines, moved


def _carried(ledger: _Ledger, account: Row, own: Sequence[Entry], found: Asked) -> Decimal:
    """The debit balance before the first day; accounts of income and cost begin at nothing."""
    if account["AccountType"] not in BALANCE_SHEET_TYPES:
        return NOTHING
    before = sum((entry.amount for entry in own if entry.on < found.start), NOTHING)
    if account["Id"] == ledger.book.retained_earnings:
        opened = _fiscal_start(found.start, ledger.book.fiscal_month)
        before -= net_income(ledger.book, date.min, opened - timedelta(days=1))
    return before


def _fiscal_start(on: date, month: int) -> date:
    return date(on.year if on.month >= month else on.year - 1, month, 1)


def _labelled(
    columns: Sequence[DetailColumn],
    label: str,
    amounts: Mapping[str, Decimal],
    *,
    id: str | None = None,
) -> list[Cell]:
    first = [] if columns[0].is_amount else [cell(label, id)]
    rest = columns[len(first) :]
    if not first:  # QuickBooks puts the label in front of the amounts
        first = [cell(label, id)] if amounts else []
    return [*first, *(cell(amounts.get(column.key)) for column in rest)]


def _line(columns: Sequence[DetailColumn], known: Mapping[str, Cell]) -> list[Cell]:
    return [known.get(column.key, cell(None)) for column in columns]
