"""What the totals of a page come to in the company's own currency, asked for by nobody: a page in
which all is in that currency is not looked at twice. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from counterfoil.core.cells import Cell
from counterfoil.core.datasets import Column, ColumnType, Entity, LineChoice, Source
from counterfoil.core.line_pages import LINES, RATE
from counterfoil.core.pages import Body, Page, is_home, total_columns
from counterfoil.core.records import in_home_currency

Reader = Callable[[Body], Page]

ABROAD = "@abroad"  # how many records were in another currency
LINES_AT_HOME = replace(LINES, key="@home_lines", title="Lines in home currency")
_RATE = Column("@rate", "", ColumnType.NUMBER, RATE)


@dataclass(frozen=True, slots=True)
class Twin:
    """A total of the proof, by its key, and what it is called at home."""

    total: str
    home: Column

    @property
    def unknown(self) -> str:
        """Under which records are counted of which nobody told what they come to at home."""
        return f"@unknown_{self.home.key}"


def twins_of(
    entity: Entity, columns: Sequence[Column], lines: LineChoice | None
) -> tuple[Twin, ...]:
    """Of the totals that are chosen, those whose amount at home is not a column of its own."""
    if entity.currency_path is None:
        return ()
    chosen = {column.key for column in columns}
    totals = [columns[place] for place in total_columns(entity, columns)]
    found = [
        Twin(total.key, home)
        for total in totals
        for home in entity.columns
        if _is_twin(home, total) and home.key not in chosen
    ]
    by_line = any(is_home(column) and column.of_line for column in columns)
    if lines and entity.lines and entity.lines.total and not by_line:
        found.append(Twin(LINES.key, LINES_AT_HOME))
    return tuple(found)


def _is_twin(home: Column, total: Column) -> bool:
    """Whether the one is the other at the rate of its record."""
    if home.source is not Source.HOME or total.source not in (Source.VALUE, Source.FIRST):
        return False
    _, amount, _, *debits = home.path.split("|")
    return total.path == "|".join((amount, *debits))


def columns_at_home(entity: Entity, twins: Sequence[Twin]) -> tuple[Column, ...]:
    """What is read of a page for them."""
    return (entity.columns[0], *(it.home for it in twins if it.home is not LINES_AT_HOME), _RATE)


def with_home_totals(read: Reader, look: Reader, twins: Sequence[Twin], home: str) -> Reader:
    """The same reader. `look` reads `columns_at_home` from the same answers, by record."""
    if not twins:
        return read

    def reading(body: Body) -> Page:
        page = read(body)
        if {"", home}.issuperset(page.currencies):
            return page
        return replace(page, at_home=dict(_at_home(page, look(body), twins, home)))

    return reading


def _at_home(
    page: Page, looked: Page, twins: Sequence[Twin], home: str
) -> Iterator[tuple[str, Sequence[Decimal | None]]]:
    rates = [row[-1] for row in looked.rows]
    own = [currency in ("", home) for currency in page.currencies]
    place = 0
    for twin in twins:
        amounts = page.amounts[twin.total]
        if twin.home is LINES_AT_HOME:
            found: Sequence[Decimal | None] = list(map(_at_rate, amounts, rates))
        else:
            place += 1
            cells = [row[place] for row in looked.rows]
            told = looked.amounts[twin.home.key]
            found = [None if cell == "" else it for cell, it in zip(cells, told, strict=True)]
        yield twin.total, [a if it else b for it, a, b in zip(own, amounts, found, strict=True)]


def _at_rate(amount: Decimal, rate: Cell) -> Decimal | None:
    known = isinstance(rate, int | float) and not isinstance(rate, bool)
    found: Decimal | None = in_home_currency(None, amount, Decimal(repr(rate))) if known else None
    return found
