"""Totals of a printed report as formulas over the lines that they are the sums of. Pure.

Nothing is claimed that does not come to the same: a total becomes a formula in those columns in
which the lines, exactly added, give what QuickBooks says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from counterfoil.core.blocks import Layout
from counterfoil.core.line_operations import Place, Total
from counterfoil.core.reports import LineKind, ReportLine, ReportSection, ReportTable
from counterfoil.core.ties import PROFIT_AND_LOSS

Part = ReportSection | ReportLine


@dataclass(frozen=True, slots=True)
class _Sum:
    total: ReportLine
    plus: tuple[ReportLine, ...]
    minus: tuple[ReportLine, ...] = ()

    def holds(self, place: int) -> bool:
        """Whether it comes to the total in that column."""
        said = self.total.values[place]
        parts = [_amount(line, place) for line in (*self.plus, *self.minus)]
        if not isinstance(said, Decimal) or None in parts:
            return False
        added = [part for part in parts if part is not None]
        count = len(self.plus)
        return said == sum(added[:count], Decimal(0)) - sum(added[count:], Decimal(0))


def live_totals(table: ReportTable, keys: Sequence[str], layout: Layout) -> list[Total]:
    """The cells that are to be formulas; `keys` are those of the lines in the block's rows, ""
    where a line is none of the report's any more.
    """
    rows = {key: layout.header_rows + at for at, key in enumerate(keys) if key}
    columns = {key: at for at, key in enumerate(layout.keys) if key}
    scales = dict(layout.sums)
    places = [
        (place, columns[column.key])
        for place, column in enumerate(table.columns)
        if column.is_amount and columns.get(column.key) in scales
    ]
    return [
        Total(
            row=rows[each.total.key],
            column=at,
            plus=_runs([rows[line.key] for line in each.plus]),
            minus=_runs([rows[line.key] for line in each.minus]),
            scale=scales[at],
        )
        for each in _sums(table)
        if each.plus or each.minus
        for place, at in places
        if each.holds(place)
    ]


def _sums(table: ReportTable) -> Iterator[_Sum]:
    yield from _section_sums(table.tree)
    for part in table.tree:
        grand = part.total if isinstance(part, ReportSection) else part
        if part.group == "GrandTotal" and grand is not None:
            others = [each for each in table.tree if each is not part]
            yield _Sum(grand, tuple(line for each in others for line in _contribution(each)))
    groups = {part.group: part for part in table.tree if isinstance(part, ReportSection)}
    if table.name == "ProfitAndLoss":
        for group in PROFIT_AND_LOSS:
            total = groups[group].total if group in groups else None
            if total is not None:
                plus, minus = _formula(groups, group)
                yield _Sum(total, tuple(plus), tuple(minus))


def _section_sums(parts: Sequence[Part]) -> Iterator[_Sum]:
    for part in parts:
        if isinstance(part, ReportSection):
            if part.total is not None:
                yield _Sum(part.total, tuple(_inside(part)))
            yield from _section_sums(part.inside)


def _formula(
    groups: Mapping[str | None, ReportSection], group: str
) -> tuple[list[ReportLine], list[ReportLine]]:
    """The lines that a total which stands alone adds and subtracts."""
    plus: list[ReportLine] = []
    minus: list[ReportLine] = []
    added, subtracted = PROFIT_AND_LOSS[group]
    for names, own, other in ((added, plus, minus), (subtracted, minus, plus)):
        for name in names:
            if name in groups:
                own += _contribution(groups[name])
            elif name in PROFIT_AND_LOSS:  # left out, because it equals the one above it
                more, less = _formula(groups, name)
                own += more
                other += less
    return plus, minus


def _contribution(part: Part) -> list[ReportLine]:
    if isinstance(part, ReportLine):
        return [] if part.kind is LineKind.TOTAL else [part]
    return [part.total] if part.total is not None else _inside(part)


def _inside(section: ReportSection) -> list[ReportLine]:
    # An account with postings of its own carries them in the head of its section.
    head = section.head
    has_own = head is not None and any(isinstance(value, Decimal) for value in head.values)
    own = [head] if head is not None and has_own else []
    return own + [line for part in section.inside for line in _contribution(part)]


def _amount(line: ReportLine, place: int) -> Decimal | None:
    """None for a text: nobody can add it. A head's name stands among its amounts, and is none."""
    value = line.values[place]
    if value is None or (line.kind is LineKind.SECTION and isinstance(value, str)):
        return Decimal(0)
    return value if isinstance(value, Decimal) else None


def _runs(rows: Sequence[int]) -> tuple[Place, ...]:
    runs: list[Place] = []
    for row in sorted(set(rows)):
        if runs and sum(runs[-1]) == row:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((row, 1))
    return tuple(runs)
