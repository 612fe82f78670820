"""One report made of those of consecutive periods, whose amounts are added cell by cell. Pure.

Where columns are of customers, classes and the like, those of one part may lack in another: each is
known by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from counterfoil.core.report_join import Part, beside, misfit, sum_of
from counterfoil.core.reports import ReportColumn, ReportLine, ReportTable

_TOTAL = "total"


def summed(parts: Sequence[ReportTable]) -> ReportTable:
    """Raises IncompleteRead where the parts do not fit together to the cell."""
    first, last = parts[0], parts[-1]
    columns = _columns(parts)
    wide = [_widened(part, columns) for part in parts]
    end = {name: last.header[name] for name in ("EndPeriod",) if name in last.header}
    tree = _added(beside(wide), len(parts), len(columns) - 1)
    return replace(first, header={**first.header, **end}, columns=columns, tree=tree)


def _columns(parts: Sequence[ReportTable]) -> tuple[ReportColumn, ...]:
    """Those of all parts, each once, behind what they follow; totals stay last."""
    for part in parts:
        amounts = [column.is_amount for column in part.columns]
        if amounts != [False, *[True] * (len(amounts) - 1)] or len(amounts) < 2:
            raise misfit()
    named = [[(column.key, column.title) for column in part.columns] for part in parts]
    columns = [replace(each, end=last.end) for each, last in _pairs(parts[0], parts[-1], named)]
    if columns:
        return tuple(columns)
    if any("#" in key for part in named for key, _ in part):
        raise misfit()  # known by their order only, which is another one in each part
    found = list(parts[0].columns)
    for part in parts[1:]:
        at = 0
        for column in part.columns:
            known = next((i for i, each in enumerate(found) if each.key == column.key), None)
            if known is None:
                while at < len(found) and _is_before(found[at], column):
                    at += 1
                found.insert(at, column)
                known = at
            at = known + 1
    return tuple(found)


def _pairs(
    first: ReportTable, last: ReportTable, named: Sequence[Sequence[tuple[str, str]]]
) -> list[tuple[ReportColumn, ReportColumn]]:
    """Each column and the same one of the last part; none where parts have others."""
    same = all(each == named[0] for each in named)
    return list(zip(first.columns, last.columns, strict=True)) if same else []


def _is_before(there: ReportColumn, new: ReportColumn) -> bool:
    return there.key != _TOTAL and there.title.casefold() < new.title.casefold()


def _widened(part: ReportTable, columns: Sequence[ReportColumn]) -> ReportTable:
    """With a place for every column; blank in those that it has not."""
    own = {column.key: place for place, column in enumerate(part.columns)}
    places = [own.get(column.key) for column in columns]

    def line(each: ReportLine) -> ReportLine:
        if len(each.values) != len(own) or each.extra:
            raise misfit()
        return each._replace(
            values=tuple(None if at is None else each.values[at] for at in places),
            texts=tuple("" if at is None else each.texts[at] for at in places),
            ids=tuple(None if at is None else each.ids[at] for at in places),
            links=tuple(None if at is None else each.links[at] for at in places),
        )

    return replace(part, columns=tuple(columns), tree=mapped(part.tree, line))


def _added(tree: Sequence[Part], parts: int, amounts: int) -> tuple[Part, ...]:
    def line(each: ReportLine) -> ReportLine:
        if len(each.values) != 1 + parts * amounts:
            raise misfit()
        sums = [sum_of(each.values[1 + at :: amounts]) for at in range(amounts)]
        blank = (None,) * amounts
        return each._replace(
            values=(each.values[0], *sums),
            texts=(each.texts[0], *("" if amount is None else str(amount) for amount in sums)),
            ids=(each.ids[0], *blank),
            links=(each.links[0], *blank),
        )

    return mapped(tree, line)


def mapped(tree: Sequence[Part], line: Callable[[ReportLine], ReportLine]) -> tuple[Part, ...]:
    """With every line so."""
    return tuple(
        line(part)
        if isinstance(part, ReportLine)
        else replace(
            part,
            head=line(part.head) if part.head else None,
            inside=mapped(part.inside, line),
            total=line(part.total) if part.total else None,
        )
        for part in tree
    )
