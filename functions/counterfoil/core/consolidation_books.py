"""One company's report as entries that can be matched with those of other companies. Pure.

An entry is what one account (or a line that is no account's, as net income) shows of its own; every
total is left behind, and made anew of what it is the sum of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from counterfoil.core.errors import IncompleteRead
from counterfoil.core.reports import LineKind, ReportLine, ReportSection, ReportTable

PROFIT_AND_LOSS, BALANCE_SHEET = "ProfitAndLoss", "BalanceSheet"
CASH_FLOW, TRIAL_BALANCE = "CashFlow", "TrialBalance"
NET_INCOME = "NetIncome"
INCREASE, BEGINNING, ENDING = "CashIncrease", "BeginningCash", "EndingCash"
RATE_EFFECT = "RateEffect"  # ours: what rates did to cash
EQUITY = "Equity"

# In one version of the service.
_MISSPELLED = {"FinancingActivites": "FinancingActivities"}
_CASH_LINES = frozenset((INCREASE, BEGINNING, ENDING))
# Those of which net income is made.
_EARNING = (("Income",), ("COGS",), ("Expenses",), ("OtherIncome",), ("OtherExpenses",))
_EARNED_IN = frozenset((EQUITY, "OperatingActivities"))

Place = tuple[str, ...]
"""The groups around an entry, outermost first; () in a trial balance."""


@dataclass(frozen=True, slots=True)
class Account:
    """`name` is the full one, "Vehicles:Fuel"; `classification` is QuickBooks' ("Equity")."""

    id: str
    name: str
    number: str = ""
    classification: str = ""

    @property
    def leaf(self) -> str:
        return self.name.rsplit(":", 1)[-1]


@dataclass(frozen=True, slots=True)
class Entry:
    """`account` is None for a line of the report's own, which `group` names then; `parent` is the
    place of the entry above it in the list; `total` the words of its total, where it is a section.
    """

    place: Place
    account: Account | None
    group: str
    label: str
    amount: Decimal | None
    parent: int | None = None
    total: str = ""


@dataclass(frozen=True, slots=True)
class Books:
    """What one company brings. `sums` are amounts of lines that are totals only, by group; `words`
    the heads and totals of its groups.
    """

    id: str
    name: str
    currency: str
    entries: tuple[Entry, ...]
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    words: Mapping[Place, tuple[str, str]] = field(default_factory=dict)


def books_of(
    id: str, name: str, currency: str, table: ReportTable, accounts: Mapping[str, Account]
) -> Books:
    """`accounts` by id; one that is not there is known by its label alone.

    Raises IncompleteRead for what stands where amounts should.
    """
    reading = _Reading(table, accounts)
    reading.walk(table.tree, (), None, "")
    books = Books(id, name, currency, tuple(reading.entries), reading.sums, reading.words)
    _check(table.name, books)
    return books


def _check(report: str, books: Books) -> None:
    """That nothing was left behind but totals: what is left gives the last of them."""
    if report == CASH_FLOW:  # lists not all that it adds up
        return
    debits = sum(
        (signed(report, each.place, each.amount or Decimal(0)) for each in books.entries),
        Decimal(0),
    )
    if report == PROFIT_AND_LOSS and any(
        each.amount and each.place[:1] not in _EARNING for each in books.entries
    ):
        raise IncompleteRead(
            "This report has a group that we do not know, so nobody can say what net income of "
            "several companies is. Nothing was written. Leave this company out."
        )
    said = books.sums.get(NET_INCOME, -debits) if report == PROFIT_AND_LOSS else Decimal(0)
    if debits != -said:
        raise IncompleteRead(
            "The lines of this report do not add up to its last total, so companies cannot be "
            "added up. Nothing was written. Please export again."
        )


class _Reading:
    def __init__(self, table: ReportTable, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._places = [at for at, column in enumerate(table.columns) if column.is_amount]
        self._two_sided = table.name == TRIAL_BALANCE
        self.entries: list[Entry] = []
        self.sums: dict[str, Decimal] = {}
        self.words: dict[Place, tuple[str, str]] = {}

    def walk(
        self,
        parts: Sequence[ReportSection | ReportLine],
        place: Place,
        parent: int | None,
        above: str,
    ) -> None:
        for part in parts:
            if isinstance(part, ReportSection):
                self._section(part, place, parent, above)
            elif part.kind is not LineKind.TOTAL:
                self._line(part, place, parent, above)

    def _section(
        self, section: ReportSection, place: Place, parent: int | None, above: str
    ) -> None:
        head, total = section.head, section.total
        label = head.label if head else ""
        if section.group is None:
            at = parent
            if head is not None:
                self._line(head, place, parent, above, total.label if total else "")
                at = len(self.entries) - 1
            self.walk(section.inside, place, at, _path(above, label))
            return
        group = _MISSPELLED.get(section.group, section.group)
        inner = (*place, group)
        self.words[inner] = (label, total.label if total else "")
        if not section.inside and total is not None and not head:
            self.sums[group] = self._amount(total) or Decimal(0)
            return
        if head is not None and self._amount(head):
            self._line(head, inner, None, "")
        self.walk(section.inside, inner, None, "")

    def _line(
        self, line: ReportLine, place: Place, parent: int | None, above: str, total: str = ""
    ) -> None:
        id, group = line.ids[0] if line.ids else None, line.group or ""
        if id is None and not group:
            group = NET_INCOME if place[-1:] and place[-1] in _EARNED_IN else ""
        amount = self._amount(line)
        if group in _CASH_LINES:
            self.sums[group] = amount or Decimal(0)
            self.words[group,] = ("", line.label)
            return
        account = None
        if id is not None:
            account = self._accounts.get(id) or Account(id, _path(above, line.label))
        label = line.label
        self.entries.append(Entry(place, account, group, label, amount, parent, total))

    def _amount(self, line: ReportLine) -> Decimal | None:
        found = [self._decimal(line, place) for place in self._places]
        if self._two_sided and len(found) == 2:
            debit, credit = found
            if debit is None and credit is None:
                return None
            return (debit or Decimal(0)) - (credit or Decimal(0))
        return found[-1] if found else None

    def _decimal(self, line: ReportLine, place: int) -> Decimal | None:
        value = line.values[place]
        if value is None or isinstance(value, Decimal):
            return value
        raise IncompleteRead(
            "This report has a text where an amount should be, so companies cannot be added up. "
            "Nothing was written."
        )


def _path(above: str, label: str) -> str:
    return f"{above}:{label}" if above else label


def signed(report: str, place: Place, amount: Decimal) -> Decimal:
    """With a debit positive; of a cash flow as it is, where what comes in is."""
    return -amount if is_credit(report, place) else amount


def is_credit(report: str, place: Place) -> bool:
    """Whether a credit shows there as a positive amount."""
    if report == PROFIT_AND_LOSS:
        return place[:1] in (("Income",), ("OtherIncome",))
    return report == BALANCE_SHEET and place[:1] != ("TotalAssets",)
