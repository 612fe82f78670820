"""Fields decoded as what Intuit documents them to be, so that most of what was decoded is a cell as
it stands. A page where one of them is anything else is decoded again without expectations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from counterfoil.adapters.typed_cells import SHORT, Shown, Values
from counterfoil.adapters.typed_numbers import numbers
from counterfoil.core.cells import BLANK, Cell, date_text_serial, maker, moment_serials
from counterfoil.core.datasets import Column, ColumnType, Source
from counterfoil.core.records import CUSTOM_VALUES, custom_definition, parts


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is built at a field, what stands there where there is none, and how such values become
    cells; None where the columns that show it know.
    """

    type: Any = Any
    missing: Any = None
    shown: Callable[[Values], Shown] | None = None


ANYTHING = Leaf()

_CustomField = msgspec.defstruct(
    "CustomField",
    [("DefinitionId", str, ""), *((name, Any, None) for name in CUSTOM_VALUES)],
    frozen=True,
    gc=False,
)
_CUSTOM_FIELDS = Leaf(tuple[_CustomField, ...], ())  # type: ignore[valid-type]  # made just now
_NUMBER, _CUSTOM = "number", "custom"
# Documented as numbers; QuickBooks sends "37.43", and "INVALID".
_SENT_AS_TEXTS = (".Lat", ".Long")


def leaves_of(
    columns: Iterable[Column], built: Iterable[str], zone: ZoneInfo
) -> Mapping[str, Leaf]:
    """By path, of each field among those `built` that all its columns show as one and the same."""
    kinds: dict[str, set[str | None]] = {}
    for column in columns:
        for part in parts(column):
            kinds.setdefault(field_of(part), set()).add(_kind(column))
    leaves = _leaves(zone)
    return {
        path: _leaf(kind, leaves)
        for path in built
        if len(kinds.get(path, ())) == 1 and (kind := next(iter(kinds[path]))) is not None
    }


def field_of(column: Column) -> str:
    """The path of what is built for a plain column: the value, or what it is looked for in."""
    if column.source is Source.VALUE:
        return column.path
    return column.path.partition(".")[0].partition("[")[0]


def shows_its_field(column: Column) -> bool:
    """Whether the column's value is that of one field."""
    is_amount = column.source is Source.SIGNED and column.sign > 0 and not column.negative_if
    return column.source is Source.VALUE or is_amount


def custom_reader(column: Column) -> Callable[[Values], Values]:
    """The values of a custom field, of the custom fields of many records."""
    definition = custom_definition(column.path)

    def value(fields: tuple[Any, ...]) -> Any:
        """The first that is there."""
        for field in fields:
            if field.DefinitionId == definition:
                for each in msgspec.structs.astuple(field)[1:]:
                    if each is not None:
                        return each
        return None

    def values(found: Values) -> Values:
        # As a rule all records of a company have the same fields, in the same order, with texts.
        counts = set(map(len, found))
        every = list(chain.from_iterable(found)) if len(counts) == 1 else []
        for at in range(*counts) if every else ():
            fields = every[at :: len(every) // len(found)]
            definitions = set(map(_definition, fields))
            texts = list(map(_text, fields)) if definitions == {definition} else [None]
            if None not in texts:
                return texts
            if definition in definitions:
                break
        return list(map(value, found))

    return values


_definition, _text = attrgetter("DefinitionId"), attrgetter(CUSTOM_VALUES[0])


def _kind(column: Column) -> str | None:
    match column.source:
        case Source.CUSTOM:
            return _CUSTOM
        case Source.ADDRESS:
            return ColumnType.TEXT
        case _ if not shows_its_field(column) or column.path.endswith(_SENT_AS_TEXTS):
            return None
        case _ if column.type in (ColumnType.MONEY, ColumnType.NUMBER):
            return _NUMBER
        case _:
            return column.type


def _leaf(kind: str, leaves: Mapping[ColumnType, Leaf]) -> Leaf:
    if kind == _CUSTOM:
        return _CUSTOM_FIELDS
    return _NUMBER_LEAF if kind == _NUMBER else leaves[ColumnType(kind)]


def _leaves(zone: ZoneInfo) -> Mapping[ColumnType, Leaf]:
    days = _Once(_days, maker(ColumnType.DATE, zone))
    moments = _Once(partial(moment_serials, zone=zone), maker(ColumnType.DATETIME, zone))
    return {
        ColumnType.TEXT: Leaf(Annotated[str, msgspec.Meta(max_length=SHORT)], BLANK, _as_they_are),
        ColumnType.BOOLEAN: Leaf(bool, BLANK, _as_they_are),
        ColumnType.DATE: Leaf(str, BLANK, days.shown),
        ColumnType.DATETIME: Leaf(str, BLANK, moments.shown),
    }


def _as_they_are(values: Values) -> Shown:
    return Shown(values, alike=True)


def _days(texts: Collection[str]) -> dict[str, int | None]:
    return {text: date_text_serial(text) for text in texts}


# Some pages of moments that all differ.
_REMEMBERED = 8192


class _Once:
    """The same days and moments come back in row after row, and in several columns of a row."""

    def __init__(
        self,
        serials: Callable[[Collection[str]], Mapping[str, int | float | None]],
        make: Callable[[object], Cell],
    ) -> None:
        self._serials = serials
        self._make = make  # for what is no day or moment
        self._known = _Known({BLANK: BLANK})

    def shown(self, texts: Values) -> Shown:
        # Other threads may add to it meanwhile, none takes anything away.
        known = self._known
        try:
            found = list(map(known.__getitem__, texts))
        except KeyError:
            known = self._learned(set(texts))
            found = list(map(known.__getitem__, texts))
        if None in found:
            return Shown(list(map(self._make, texts)))
        return Shown(found, known.are_alike)

    def _learned(self, texts: set[str]) -> _Known:
        known = self._known
        new = texts - known.keys()
        if len(known) + len(new) > _REMEMBERED:
            self._known = known = _Known({BLANK: BLANK})
            new = texts - {BLANK}
        known.learn(self._serials(new))
        return known


class _Known(dict[str, Any]):
    """Serials by their texts, and whether every encoder writes them alike: parts of a day that
    JavaScript writes with an exponent there are only in the first one of the calendar.
    """

    are_alike = True

    def learn(self, serials: Mapping[str, int | float | None]) -> None:
        days = [each for each in serials.values() if each is not None]
        if not min(days, default=1) >= 1:
            self.are_alike = False
        self.update(serials)


_NUMBER_LEAF = Leaf(msgspec.Raw, msgspec.Raw(b"null"), numbers)
