"""One report of transactions made of those of consecutive periods, exactly. Pure.

Lines of the same section follow each other, and its total is the sum of its parts' totals. A
running balance goes on where the part before left it; where that is not what a part begins with,
the report is refused: a fiscal year was closed between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from counterfoil.core.errors import IncompleteRead
from counterfoil.core.report_join import misfit, weave
from counterfoil.core.report_values import FOLLOWING
from counterfoil.core.reports import LineKind, ReportLine, ReportSection, ReportTable

Part = ReportSection | ReportLine

_LEDGERS = frozenset(("GeneralLedger", "GeneralLedgerFR"))
LISTS = _LEDGERS | frozenset(
    (
        *("JournalReport", "JournalReportFR", "ProfitAndLossDetail", "TransactionList"),
        *("TransactionListByCustomer", "TransactionListByVendor", "TransactionListWithSplits"),
    )
)
_AMOUNT, _BALANCE, _DATE = "subt_nat_amount", "rbal_nat_amount", "tx_date"
# Sections by such may begin in one part and end in the next.
_OF_TIME = frozenset(("Day", "Week", "Month", "Quarter", "Year"))
_ZERO = Decimal(0)
_NUMBERED = re.compile(r"#\d+$")


def follow_each_other(parameters: Mapping[str, str]) -> bool:
    """Whether lines of later days stand below: in another order parts would have to be mixed."""
    return (
        parameters.get("sort_by", _DATE) == _DATE
        and parameters.get("sort_order", "ascend") == "ascend"
        and parameters.get("summarize_column_by", "Total") == "Total"
        and not set(parameters.get("group_by", "").split()) & _OF_TIME
    )


def joined_lines(parts: Sequence[ReportTable]) -> ReportTable:
    """Raises IncompleteRead where the parts do not fit together to the cent."""
    first, last = parts[0], parts[-1]
    keys = [column.plain_key for column in first.columns]
    if any([column.plain_key for column in part.columns] != keys for part in parts):
        raise misfit()
    # What a balance begins with is told in the column of days, and by what a line moves it.
    if first.name in _LEDGERS and _DATE not in keys:
        raise misfit()
    if _BALANCE in keys and _AMOUNT not in keys:
        raise misfit()
    end = {name: last.header[name] for name in ("EndPeriod",) if name in last.header}
    joining = _Joining(_Places.of(first))
    tree = joining.level([part.tree for part in parts])
    return replace(first, header={**first.header, **end}, tree=tree)


@dataclass(frozen=True, slots=True)
class _Places:
    amounts: frozenset[int]
    day: int | None
    moved: int | None
    balance: int | None

    @classmethod
    def of(cls, table: ReportTable) -> _Places:
        at = {column.plain_key: place for place, column in enumerate(table.columns)}
        amounts = (place for place, column in enumerate(table.columns) if column.is_amount)
        return cls(frozenset(amounts), at.get(_DATE), at.get(_AMOUNT), at.get(_BALANCE))


class _Joining:
    def __init__(self, places: _Places) -> None:
        self._at = places
        self._given: dict[str, int] = {}

    def level(
        self, trees: Sequence[Sequence[Part] | None], totals: Sequence[ReportLine | None] = ()
    ) -> tuple[Part, ...]:
        """The lines of all in order, then their sections and totals, each once. `totals` are those
        of the sections that these are the insides of.
        """
        found = [self._numbered(part) for part in self._lines(trees)]
        order: list[Part] = []
        by_key: list[dict[str, Part]] = []
        for tree in trees:
            own = [part for part in tree or () if not _is_of_sequence(part)]
            by_key.append({part.key: part for part in own})
            weave(order, own)
        if any(_NUMBERED.search(part.key) for part in order):
            raise misfit()  # two of one name: which is which in another part, nobody knows
        for part in order:
            its = [known.get(part.key) for known in by_key]
            found.append(self._merged(its, trees, totals))
        return tuple(found)

    def _lines(self, trees: Sequence[Sequence[Part] | None]) -> list[Part]:
        """Without what later parts begin with, which must be where the ones before have ended."""
        found: list[Part] = []
        ended = _ZERO
        for number, tree in enumerate(trees):
            own = [part for part in tree or () if _is_of_sequence(part)]
            begins = _ZERO
            if own and isinstance(own[0], ReportLine) and self._is_opening(own[0]):
                begins = self._balance(own[0]) or _ZERO
                if number:
                    self._must_be(begins, ended)
                    own = own[1:]
            elif number and own:
                own = self._carried_on(own, ended)
            found += own
            balances = [self._balance(part) for part in own if isinstance(part, ReportLine)]
            ended = next((each for each in reversed(balances) if each is not None), ended)
        return found

    def _carried_on(self, own: Sequence[Part], ended: Decimal) -> list[Part]:
        """Balances that begin at nothing in every answer, as those of income and costs do."""
        balance, moved = self._at.balance, self._at.moved
        if balance is None or not ended:
            return list(own)
        first = own[0]
        if moved is None or not isinstance(first, ReportLine):
            raise misfit()
        before = (self._balance(first) or _ZERO) - _decimal(first, moved)
        if before == ended:
            return list(own)
        self._must_be(before, _ZERO)
        return [
            _with(part, balance, value + ended)
            if isinstance(part, ReportLine) and (value := self._balance(part)) is not None
            else part
            for part in own
        ]

    def _is_opening(self, line: ReportLine) -> bool:
        if self._at.day is None:
            return False
        said = line.values[self._at.day]
        return isinstance(said, str) and said.strip() != FOLLOWING

    def _balance(self, line: ReportLine) -> Decimal | None:
        """None without such a column or line; zero shows as nothing in newer answers."""
        if self._at.balance is None or not "".join(line.texts).strip():
            return None
        return _decimal(line, self._at.balance)

    def _must_be(self, begins: Decimal, ended: Decimal) -> None:
        if self._at.balance is not None and begins != ended:
            raise IncompleteRead(
                "QuickBooks cannot show this report in one piece, and balances of its parts do not "
                "follow each other, as where a fiscal year ends between them. Nothing was written. "
                "Choose dates within one fiscal year, or a shorter range."
            )

    def _merged(
        self,
        its: Sequence[Part | None],
        trees: Sequence[Sequence[Part] | None],
        totals: Sequence[ReportLine | None],
    ) -> Part:
        sections = [part for part in its if isinstance(part, ReportSection)]
        if not sections:
            line = next(part for part in its if isinstance(part, ReportLine))
            return self._total(line, self._said(its, trees, totals))
        if len(sections) != sum(part is not None for part in its):
            raise misfit()
        # An account has its sub-accounts below it only in parts in which they moved.
        whole = max(sections, key=lambda section: len(_inner(section.inside)))
        if whole.total is not None and _is_total(whole):
            return replace(whole, total=self._total(whole.total, self._said(its, trees, totals)))
        if any(section.head and self._has_amounts(section.head) for section in sections):
            raise misfit()
        if len({section.total is None for section in sections}) > 1:
            raise misfit()
        own = [part.total if isinstance(part, ReportSection) else None for part in its]
        inside = [part.inside if isinstance(part, ReportSection) else None for part in its]
        said = [line for line in own if line is not None]
        total = self._total(whole.total, said) if whole.total else None
        return replace(whole, inside=self.level(inside, own), total=total)

    def _said(
        self,
        its: Sequence[Part | None],
        trees: Sequence[Sequence[Part] | None],
        totals: Sequence[ReportLine | None],
    ) -> list[ReportLine]:
        """The total in each part; where an account has no sub-accounts it is that of its section.

        Raises IncompleteRead for a part that has lines, and not the total over them.
        """
        found: list[ReportLine] = []
        for at, part in enumerate(its):
            line = part.total if isinstance(part, ReportSection) else part
            tree = trees[at] or ()
            if line is None and tree:
                line = totals[at] if totals and not _inner(tree) else None
                if line is None:
                    raise misfit()
            if line is not None:
                found.append(line)
        return found

    def _total(self, like: ReportLine, lines: Sequence[ReportLine]) -> ReportLine:
        """Their sum in each column of amounts; of a running balance there is none."""
        found = like
        for place in self._at.amounts:
            if any(line.values[place] is not None for line in lines):
                if place == self._at.balance:
                    raise misfit()
                found = _with(found, place, sum((_decimal(each, place) for each in lines), _ZERO))
        return found

    def _has_amounts(self, line: ReportLine) -> bool:
        return any(isinstance(line.values[place], Decimal) for place in self._at.amounts)

    def _numbered(self, part: Part) -> Part:
        """With a key of its own, as if all had come in one answer."""
        base = _NUMBERED.sub("", part.key)
        count = self._given[base] = self._given.get(base, 0) + 1
        key = base if count == 1 else f"{base}#{count}"
        if isinstance(part, ReportSection) and part.total:
            return replace(part, key=key, total=part.total._replace(key=f"{key}:total"))
        return part._replace(key=key) if isinstance(part, ReportLine) else replace(part, key=key)


def _is_of_sequence(part: Part) -> bool:
    """What stands where it stands: a line, or the total of a transaction, which has no name."""
    if isinstance(part, ReportLine):
        return part.kind is LineKind.DATA
    return _is_total(part) and part.total is not None and not part.total.label.strip()


def _is_total(section: ReportSection) -> bool:
    return section.head is None and not section.inside


def _inner(tree: Sequence[Part]) -> list[Part]:
    return [part for part in tree if isinstance(part, ReportSection) and not _is_total(part)]


def _decimal(line: ReportLine, place: int) -> Decimal:
    value = line.values[place]
    if value is None:
        return _ZERO
    if not isinstance(value, Decimal):
        raise misfit()
    return value


def _with(line: ReportLine, place: int, amount: Decimal) -> ReportLine:
    values, texts = list(line.values), list(line.texts)
    values[place], texts[place] = amount, str(amount)
    return line._replace(values=tuple(values), texts=tuple(texts))
