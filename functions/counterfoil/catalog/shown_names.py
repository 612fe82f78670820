"""Which names of lists a table shows, and by which ids an update finds the rows of a renamed one.

CDC tells of these lists: https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/changedatacapture
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from counterfoil.catalog.columns import LISTS
from counterfoil.core.changes import WITHOUT_CDC
from counterfoil.core.datasets import Column, ColumnType, Entity, Headers, LineChoice, Source
from counterfoil.core.line_pages import OF_CURRENCY, OF_DAY

# References whose name QuickBooks always sends along, so that no list is asked for it.
_PEOPLE = ("Customer", "Vendor", "Employee")
_OTHERS = {
    "ProjectRef": ("Customer",),
    "EntityRef": _PEOPLE,
    "Entity": _PEOPLE,
    "GroupItemRef": ("Item",),
    "MarkUpIncomeAccountRef": ("Account",),
}
# The documents that a line pays or uses up, whose numbers stand beside it: by who pays.
_PAID = {
    "Payment": ("Invoice", "CreditMemo", "JournalEntry"),
    "BillPayment": ("Bill", "VendorCredit", "JournalEntry"),
}
_PAID_ID = "line_linked_ids"
_FULL_NAME = "FullyQualifiedName"

DEPARTED = Column(
    # No field of QuickBooks has such a name: the cell is blank until a row departs.
    "departed",
    "Gone since",
    ColumnType.TEXT,
    "counterfoilDeparted",
)


@dataclass(frozen=True, slots=True)
class ShownName:
    """A column of names: the lists that may hold them, and the column with their ids, None where
    the dataset has none.
    """

    column: Column
    lists: tuple[str, ...]
    id: Column | None
    own: bool = False  # a record's own name, which begins with those above it


def shown_names(
    entity: Entity, columns: Sequence[Column], every: Sequence[Column]
) -> list[ShownName]:
    """Those of `columns` whose cells a rename elsewhere changes; `every` are all there are."""
    known = {column.key: column for column in every}
    found = []
    for column in columns:
        lists = _told(_lists(entity, column))
        if lists:
            own = column.path == _FULL_NAME
            paid = column.source is Source.LINKED
            id = entity.columns[0] if own else known.get(_PAID_ID if paid else f"{column.key}_id")
            found.append(ShownName(column, lists, id, own))
    return found


def untold_names(entity: Entity, columns: Sequence[Column]) -> list[Column]:
    """Those that show names of lists of whose changes CDC does not tell."""
    return [it for it in columns if WITHOUT_CDC & set(_lists(entity, it))]


def completed(
    entity: Entity,
    columns: Sequence[Column],
    every: Sequence[Column],
    lines: LineChoice | None,
    *,
    marked: bool,
) -> tuple[Column, ...]:
    """The columns that were chosen, and behind them those by which an update knows rows: the ids
    beside names, of a row of a line its record's; the currency, for the totals, and the day, by
    which rows leave; last, where rows stay `marked`, the mark.
    """
    chosen = {column.key for column in columns}
    wanted = [each.id for each in shown_names(entity, columns, every) if each.id]
    own = [*_currency(entity, columns, lines), *_day(entity, lines)]
    more = [*([entity.columns[0]] if lines else []), *wanted, *own]
    added = {column.key: column for column in more if column.key not in chosen}
    return (*columns, *added.values(), *([DEPARTED] if marked else []))


def _currency(entity: Entity, columns: Sequence[Column], lines: LineChoice | None) -> list[Column]:
    """Whose total the sheet alone can tell, it tells by currency: in each row."""
    path = entity.currency_path
    known = [it for it in entity.columns if path and it.path == path]
    if not any(column.type is ColumnType.MONEY for column in columns):
        return []
    return [replace(it, key=OF_CURRENCY) if _is_once(lines) else it for it in known[:1]]


def _day(entity: Entity, lines: LineChoice | None) -> list[Column]:
    """The date that a range of days filters by, in each row."""
    days = days_of(entity, entity.columns)
    return [replace(it, key=OF_DAY) if _is_once(lines) else it for it in days[:1]]


def days_of(entity: Entity, columns: Sequence[Column]) -> list[Column]:
    path = entity.date_path
    return [it for it in columns if path and it.path == path and it.type is ColumnType.DATE]


def _is_once(lines: LineChoice | None) -> bool:
    """Whether what a transaction has once stands beside its first line alone."""
    return lines is not None and lines.headers is Headers.ONCE


def currency_place(entity: Entity, columns: Sequence[Column]) -> int | None:
    """Which column holds the currency of each row; None where all are of the home one."""
    keys = [column.key for column in columns]
    if OF_CURRENCY in keys:
        return keys.index(OF_CURRENCY)
    path = entity.currency_path
    known = [it.key for it in entity.columns if path and it.path == path and it.key in keys]
    return keys.index(known[0]) if known else None


def lists_named(paths: Sequence[str]) -> tuple[str, ...]:
    """The lists whose names stand at such paths of a record, those of which CDC tells."""
    return _told(lists_at(paths))


def lists_at(paths: Sequence[str]) -> tuple[str, ...]:
    """The lists whose names stand at such paths of a record ("CustomerRef.name")."""
    refs = [path.removesuffix(".name").rpartition(".")[2] for path in paths if _is_name(path)]
    return tuple(dict.fromkeys(each for ref in refs for each in _of(ref)))


def _lists(entity: Entity, column: Column) -> Iterable[str]:
    if column.look_up:
        return tuple(filter(None, column.look_up.split("|")))
    if column.path == _FULL_NAME:
        return (entity.entity,)
    if column.source is Source.LINKED:
        return _PAID.get(entity.entity, ())
    return lists_at(column.path.split("|"))


def _is_name(path: str) -> bool:
    return path.endswith(".name")


def _of(ref: str) -> tuple[str, ...]:
    return (LISTS[ref],) if ref in LISTS else _OTHERS.get(ref, ())


def _told(lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(each for each in lists if each not in WITHOUT_CDC)
