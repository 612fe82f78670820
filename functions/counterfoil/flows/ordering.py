"""In which order a person wants the rows, and how many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.core.datasets import Column, ColumnType
from counterfoil.core.errors import BadRequest
from counterfoil.core.order import Order
from counterfoil.core.readings import tell

# As many rows can wait in a cursor for those still to come, of all but very wide tables.
MOST_FIRST = 10_000

_PARTS = frozenset(("column", "descending"))


def chosen_order(
    columns: Sequence[Column], options: Mapping[str, Any], is_update: bool
) -> tuple[Order | None, dict[str, Any]]:
    """The order, and what of it an exporter keeps: `sort` {"column", "descending"} and `first`.

    Raises BadRequest that names what is wrong.
    """
    tell("sort", lambda: _schema(columns))
    tell("first", {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_FIRST})
    sort, first = options.get("sort"), options.get("first")
    if sort is None and first is None:
        return None, {}
    if sort is None:
        raise BadRequest(
            "Which rows are the first depends on their order. Choose a column to sort by.",
            option="first",
        )
    if is_update and len(columns) < 2:
        raise BadRequest(
            "An update puts rows in order by a column beside the one that it knows them by. Choose "
            "one more column.",
            option="sort",
        )
    if not isinstance(sort, Mapping) or not sort.keys() <= _PARTS:
        raise BadRequest('"sort" names a column, and whether it is descending.', option="sort")
    descending = sort.get("descending", False)
    if not isinstance(descending, bool):
        raise BadRequest('"descending" must be true or false.', option="sort")
    place = _place(columns, sort.get("column"))
    kept: dict[str, Any] = {"sort": {"column": columns[place].key, "descending": descending}}
    if first is None:
        return Order(place, descending), kept
    if not isinstance(first, int) or isinstance(first, bool) or not 1 <= first <= MOST_FIRST:
        raise BadRequest(
            f"The number of first rows is a whole number from 1 to {MOST_FIRST:,}.", option="first"
        )
    return Order(place, descending, first), {**kept, "first": first}


def _schema(columns: Sequence[Column]) -> Mapping[str, Any]:
    return {
        "type": ["object", "null"],
        "properties": {
            "column": {"enum": [column.key for column in columns]},
            "descending": {"type": "boolean"},
        },
        "required": ["column"],
        "additionalProperties": False,
    }


def words(order: Order, columns: Sequence[Column]) -> str:
    """ "by Total, largest first"."""
    column = columns[order.column]
    ascending, descending = _WORDS.get(column.type, ("A to Z", "Z to A"))
    return f"by {column.title}, {descending if order.descending else ascending}"


def _place(columns: Sequence[Column], key: object) -> int:
    for place, column in enumerate(columns):
        if column.key == key:
            return place
    raise BadRequest(
        "The rows are sorted by one of the columns that you chose. Choose the column again.",
        option="sort",
    )


_NUMBERS, _DAYS = ("smallest first", "largest first"), ("oldest first", "newest first")
_WORDS: Mapping[ColumnType, tuple[str, str]] = {
    ColumnType.MONEY: _NUMBERS,
    ColumnType.NUMBER: _NUMBERS,
    ColumnType.DATE: _DAYS,
    ColumnType.DATETIME: _DAYS,
    ColumnType.BOOLEAN: ("no first", "yes first"),
}
