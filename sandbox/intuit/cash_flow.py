"""The statement of cash flows as rows of a report. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from sandbox.intuit.book import narrowed
from sandbox.intuit.entries import account_labels
from sandbox.intuit.ledger import Posting
from sandbox.intuit.report_asked import Asked
from sandbox.intuit.report_books import Books, Made
from sandbox.intuit.report_cells import cells, data, plain_columns, section
from sandbox.intuit.statements import net_income
from sandbox.intuit.store import Row

NOTHING = Decimal(0)


def cash_flow(books: Books, found: Asked) -> Made:
    """The indirect method: net income, then what every other account gave or took."""
    book = narrowed(books.book("Accrual"), found.customers)
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


def _is_cash(account: Row) -> bool:
    return account["AccountType"] == "Bank" or account.get("AccountSubType") == "UndepositedFunds"


def _moved(postings: Iterable[Posting], account: str, start: date, end: date) -> Decimal:
    return sum(
        (each.amount for each in postings if each.account == account and start <= each.on <= end),
        NOTHING,
    )
