"""Which reports tell of the same, and by which figures that shows. Pure data.

To check another pair, add an entry: the form's check-box, the cost shown and the tests follow.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from counterfoil.catalog.report_balances import (
    CUSTOMER_BALANCE,
    CUSTOMER_BALANCE_DETAIL,
    PAYABLES,
    PAYABLES_DETAIL,
    RECEIVABLES,
    RECEIVABLES_DETAIL,
    VENDOR_BALANCE,
    VENDOR_BALANCE_DETAIL,
)
from counterfoil.catalog.report_books import (
    BALANCE_SHEET,
    GENERAL_LEDGER,
    PROFIT_AND_LOSS,
    PROFIT_AND_LOSS_DETAIL,
    TRIAL_BALANCE,
)
from counterfoil.catalog.report_trade import STOCK, STOCK_DETAIL
from counterfoil.core.datasets import Report
from counterfoil.core.tie_figures import Measure


class Span(enum.Enum):
    """For which days two reports tell of the same."""

    SAME = "the same days"
    YEAR_TO_DATE = "the fiscal year up to the day of the other"
    EVER = "all days up to the day of the other"


class Basis(enum.Enum):
    SAME = "the same basis"
    ACCRUAL = "what is owed is on no other basis"


@dataclass(frozen=True, slots=True)
class Side:
    report: Report
    measure: Measure


@dataclass(frozen=True, slots=True)
class Tie:
    """`sides[0]` is the report of a state, of open items or of accounts; with YEAR_TO_DATE the
    other one begins with the fiscal year, with EVER before there were any books.
    """

    key: str
    title: str
    sides: tuple[Side, Side]
    span: Span = Span.SAME
    basis: Basis = Basis.SAME
    # Parameters that both take, and that change the figure: the other report is asked with them.
    shared: tuple[str, ...] = ()

    @property
    def calls(self) -> int:
        return 1

    def other(self, report: Report) -> Side:
        return next(side for side in self.sides if side.report is not report)

    def own(self, report: Report) -> Side:
        return next(side for side in self.sides if side.report is report)


TIES = (
    Tie(
        "net-income",
        "Net income of the Balance Sheet and of the Profit and Loss",
        (Side(BALANCE_SHEET, Measure.NET_INCOME), Side(PROFIT_AND_LOSS, Measure.NET_INCOME)),
        span=Span.YEAR_TO_DATE,
        shared=("adjusted_gain_loss",),
    ),
    Tie(
        "receivable-accounts",
        "Receivables in the Balance Sheet and their aging",
        (Side(BALANCE_SHEET, Measure.RECEIVABLE), Side(RECEIVABLES, Measure.TOTAL)),
        basis=Basis.ACCRUAL,
    ),
    Tie(
        "payable-accounts",
        "Payables in the Balance Sheet and their aging",
        (Side(BALANCE_SHEET, Measure.PAYABLE), Side(PAYABLES, Measure.TOTAL)),
        basis=Basis.ACCRUAL,
    ),
    Tie(
        "receivable-detail",
        "Aging of receivables and its detail",
        (Side(RECEIVABLES, Measure.TOTAL), Side(RECEIVABLES_DETAIL, Measure.OPEN)),
    ),
    Tie(
        "payable-detail",
        "Aging of payables and its detail",
        (Side(PAYABLES, Measure.TOTAL), Side(PAYABLES_DETAIL, Measure.OPEN)),
    ),
    Tie(
        "customer-balance-detail",
        "Balances of customers and their detail",
        (Side(CUSTOMER_BALANCE, Measure.TOTAL), Side(CUSTOMER_BALANCE_DETAIL, Measure.OPEN)),
    ),
    Tie(
        "vendor-balance-detail",
        "Balances of vendors and their detail",
        (Side(VENDOR_BALANCE, Measure.TOTAL), Side(VENDOR_BALANCE_DETAIL, Measure.OPEN)),
    ),
    Tie(
        "profit-and-loss-detail",
        "Net income of the Profit and Loss and of its detail",
        (
            Side(PROFIT_AND_LOSS, Measure.NET_INCOME),
            Side(PROFIT_AND_LOSS_DETAIL, Measure.BOTTOM),
        ),
        shared=("adjusted_gain_loss",),
    ),
    Tie(
        "ledger-balances",
        "Balances of the Trial Balance and of the General Ledger",
        (Side(TRIAL_BALANCE, Measure.BALANCES), Side(GENERAL_LEDGER, Measure.CLOSING)),
        span=Span.YEAR_TO_DATE,
    ),
    Tie(
        "stock-detail",
        "Value of the stock and its detail",
        (Side(STOCK, Measure.STOCK), Side(STOCK_DETAIL, Measure.STOCK_LEFT)),
        span=Span.EVER,
    ),
)


class Found(enum.Enum):
    """How documents that are open are found."""

    OPEN = "by what is left of them"
    ALL = "among all of their kind"  # where QuickBooks filters by no rest
    NAMED = "by the ids in the detail of the aging"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """Transactions that can be open: `amount` is the field of what is left of one, in front of
    which stands `sign`; "" where QuickBooks does not tell, and the detail of the aging is believed.
    `several` is what they are called in a sentence.
    """

    entity: str
    title: str
    several: str
    amount: str
    sign: int = 1
    found: Found = Found.NAMED


@dataclass(frozen=True, slots=True)
class OpenDocuments:
    """An aging against the documents behind it, as they are today: nobody knows what was left of
    one on another day.
    """

    key: str
    title: str
    report: Report
    detail: Report
    kinds: tuple[DocumentKind, ...]

    @property
    def against(self) -> str:
        return "The open documents"

    @property
    def calls(self) -> int:
        """Of a company with no more than a page of each kind."""
        return 1 + len(self.kinds)


RECONCILIATIONS = (
    OpenDocuments(
        "receivable-documents",
        "Aging of receivables and the open documents",
        RECEIVABLES,
        RECEIVABLES_DETAIL,
        (
            DocumentKind("Invoice", "Open invoices", "invoices", "Balance", found=Found.OPEN),
            DocumentKind("CreditMemo", "Credits", "credit memos", "Balance", -1, Found.ALL),
            DocumentKind(
                "Payment", "Unapplied payments", "payments", "UnappliedAmt", -1, Found.ALL
            ),
            DocumentKind("JournalEntry", "Journal entries", "journal entries", ""),
        ),
    ),
    OpenDocuments(
        "payable-documents",
        "Aging of payables and the open documents",
        PAYABLES,
        PAYABLES_DETAIL,
        (
            DocumentKind("Bill", "Open bills", "bills", "Balance", found=Found.OPEN),
            DocumentKind("VendorCredit", "Credits", "vendor credits", "Balance", -1, Found.ALL),
            DocumentKind("BillPayment", "Unapplied payments", "bill payments", ""),
            DocumentKind("JournalEntry", "Journal entries", "journal entries", ""),
        ),
    ),
)

NEUTRAL = frozenset(
    (
        *("start_date", "end_date", "report_date", "accounting_method"),
        *("summarize_column_by", "columns", "sort_order", "sort_by", "qzurl"),
        *("aging_method", "aging_period", "num_periods"),
    )
)
"""Parameters that change how a report looks, or that a tie has an eye on; any other narrows it."""


AnyTie = Tie | OpenDocuments


def ties_of(report: Report) -> tuple[AnyTie, ...]:
    pairs = [tie for tie in TIES if any(side.report is report for side in tie.sides)]
    return (*pairs, *(each for each in RECONCILIATIONS if each.report is report))


def against(tie: AnyTie, report: Report) -> str:
    """What a report is held against, in words."""
    return tie.other(report).report.title if isinstance(tie, Tie) else tie.against
