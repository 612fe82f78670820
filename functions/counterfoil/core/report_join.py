"""One report made of reports of consecutive periods, exactly. Pure.

Only where every column stands for a period of its own, and where amounts are of what happened in
it, so that a total over all is the sum of the parts' totals. Balances do not add up.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from counterfoil.core.errors import IncompleteRead
from counterfoil.core.report_columns import rekeyed
from counterfoil.core.reports import (
    LineKind,
    ReportColumn,
    ReportLine,
    ReportSection,
    ReportTable,
    Value,
)
from counterfoil.core.statement_order import ORDER

Part = ReportSection | ReportLine

_ORDER = ORDER["ProfitAndLoss"]
_DAY = timedelta(days=1)


def joined(parts: Sequence[ReportTable]) -> ReportTable:
    """Raises IncompleteRead where the parts do not fit together to the cell."""
    first, last = parts[0], parts[-1]
    shapes = [_Shape.of(part) for part in parts]
    periods = [column for shape in shapes for column in shape.periods]
    follows = all(
        one.end and other.start and one.end + _DAY == other.start
        for one, other in itertools.pairwise(periods)
    )
    if not follows or len({(shape.before, shape.after) for shape in shapes}) > 1:
        raise misfit()
    by = first.header.get("SummarizeColumnsBy", "")
    columns = (
        *first.columns[: shapes[0].before],
        *rekeyed(periods, by),
        *first.columns[len(first.columns) - shapes[0].after :],
    )
    end = {name: last.header[name] for name in ("EndPeriod",) if name in last.header}
    tree = _Join(shapes).trees([part.tree for part in parts])
    return replace(first, header={**first.header, **end}, columns=columns, tree=tree)


def beside(parts: Sequence[ReportTable], kinds: int = 1) -> tuple[Part, ...]:
    """The tree of reports of a label and as many amounts each, with those of one report behind
    those of the one before. Of `kinds` of amounts that take turns one may have no total at all:
    pieces of one kind are not added to those of another.

    Raises IncompleteRead where two lines of one have the same name, so that nobody knows which is
    which in another.
    """
    shapes = [_Shape(1, part.columns[1:], 0) for part in parts]
    return _Join(shapes, kinds).trees([part.tree for part in parts])


@dataclass(frozen=True, slots=True)
class _Shape:
    """Labels, then periods, then totals over them."""

    before: int
    periods: tuple[ReportColumn, ...]
    after: int

    @classmethod
    def of(cls, table: ReportTable) -> _Shape:
        columns = table.columns
        places = [place for place, column in enumerate(columns) if column.start is not None]
        if not places or places != list(range(places[0], places[-1] + 1)):
            raise misfit()
        totals = columns[places[-1] + 1 :]
        if any(not column.is_amount for column in totals) or columns[0].is_amount:
            raise misfit()
        return cls(places[0], columns[places[0] : places[-1] + 1], len(totals))


class _Join:
    def __init__(self, shapes: Sequence[_Shape], kinds: int = 1) -> None:
        self._shapes = shapes
        self._kinds = kinds

    def trees(self, trees: Sequence[Sequence[Part] | None]) -> tuple[Part, ...]:
        """What stands in any of them, each once, in QuickBooks' order."""
        by_key = [{part.key: part for part in tree or ()} for tree in trees]
        order: list[Part] = []
        for tree in trees:
            weave(order, tree or ())
        if any("#" in part.key for part in order):
            raise misfit()  # two of one name: which is which in another part, nobody knows
        return tuple(self._part([known.get(part.key) for known in by_key]) for part in order)

    def _part(self, found: Sequence[Part | None]) -> Part:
        lines = [part for part in found if isinstance(part, ReportLine)]
        if len(lines) == sum(part is not None for part in found):
            return self._line([part if isinstance(part, ReportLine) else None for part in found])
        sections = [_as_section(part) for part in found]
        first = next(section for section in sections if section)
        return ReportSection(
            key=first.key,
            group=first.group,
            head=self._optional([section.head if section else None for section in sections]),
            inside=self.trees([section.inside if section else None for section in sections]),
            total=self._optional(
                [section.total if section else None for section in sections],
                # Its name is that of a total, which a line made one does not have.
                next((part.total for part in found if isinstance(part, ReportSection)), None),
            ),
        )

    def _optional(
        self, lines: Sequence[ReportLine | None], like: ReportLine | None = None
    ) -> ReportLine | None:
        return self._line(lines, like) if any(lines) else None

    def _line(
        self, lines: Sequence[ReportLine | None], like: ReportLine | None = None
    ) -> ReportLine:
        first = like or next(line for line in lines if line)
        before, after = self._shapes[0].before, self._shapes[0].after
        pairs = list(zip(lines, self._shapes, strict=True))

        def cells(of: Callable[[ReportLine], Sequence[Any]], blank: Any) -> list[Any]:
            """Those of the periods; blank where a part has no such line."""
            return [
                cell
                for line, shape in pairs
                for cell in (of(line) if line else [blank] * (before + len(shape.periods)))[
                    before : before + len(shape.periods)
                ]
            ]

        amounts = cells(lambda line: line.values, None)
        texts = cells(lambda line: line.texts, "")
        for kind in range(self._kinds if first.kind is LineKind.TOTAL else 0):
            own = slice(kind, None, self._kinds)
            if any(value is not None for value in amounts[own]):
                # Where nothing happened an account has no amount, but a total is 0.
                amounts[own] = [Decimal(0) if each is None else each for each in amounts[own]]
                texts[own] = [text or "0.00" for text in texts[own]]
        totals = [
            sum_of([line.values[at - after] for line in lines if line]) for at in range(after)
        ]
        return first._replace(
            values=(*first.values[:before], *amounts, *totals),
            texts=(
                *first.texts[:before],
                *texts,
                *("" if total is None else str(total) for total in totals),
            ),
            ids=(*first.ids[:before], *cells(lambda line: line.ids, None), *[None] * after),
            links=(*first.links[:before], *cells(lambda line: line.links, None), *[None] * after),
        )


def weave(order: list[Part], tree: Sequence[Part]) -> None:
    """Puts what is new into `order`: behind what it follows, and among its neighbours by name."""
    own = {part.key for part in tree}
    at = 0
    for part in tree:
        known = next((i for i, each in enumerate(order) if each.key == part.key), None)
        if known is None:
            while at < len(order) and order[at].key not in own and _rank(order[at]) < _rank(part):
                at += 1
            order.insert(at, part)
            known = at
        at = max(at, known + 1)


def _rank(part: Part) -> tuple[int, str]:
    group = part.group or ""
    line = part if isinstance(part, ReportLine) else part.head or part.total
    return (_ORDER.index(group) if group in _ORDER else -1, line.label.casefold() if line else "")


def _as_section(part: Part | None) -> ReportSection | None:
    """An account without sub-accounts in one part has them in another: its line is their head and,
    as nothing else is in it, their total.
    """
    if not isinstance(part, ReportLine):
        return part
    head = part._replace(kind=LineKind.SECTION)
    total = part._replace(key=f"{part.key}:total", kind=LineKind.TOTAL)
    return ReportSection(part.key, part.group, head, (), total)


def sum_of(values: Sequence[Value]) -> Value:
    amounts = [value for value in values if value is not None]
    if not amounts:
        return None
    if not all(isinstance(value, Decimal) for value in amounts):
        raise misfit()
    return sum((value for value in amounts if isinstance(value, Decimal)), Decimal(0))


def misfit() -> IncompleteRead:
    return IncompleteRead(
        "QuickBooks cannot show this report in one piece, and its parts do not fit together. "
        "Nothing was written. Choose a shorter range of dates."
    )
