"""Fields decoded as what Intuit documents them to be, so that most of what was decoded is a cell as
it stands. A page where one of them is anything else is decoded again without expectations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from counterfoil.core.canonical import LARGEST_INTEGER
from counterfoil.core.cells import BLANK, TEXT_LIMIT, Cell, date_text_serial, maker, moment_serials
from counterfoil.core.datasets import Column, ColumnType, Source
from counterfoil.core.records import CUSTOM_VALUES, custom_definition, parts

# Below it no text needs counting: characters are one or two units of JavaScript's.
SHORT = TEXT_LIMIT // 2

Values = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is built at a field, what stands there where there is none, and how such values become
    cells; None where the columns that show it know.
    """

    type: Any = Any
    missing: Any = None
    cells: Callable[[Values], Sequence[Cell]] | None = None


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
    columns: Iterable[Column], built: Iterable[str], exact: Iterable[str], zone: ZoneInfo
) -> Mapping[str, Leaf]:
    """By path, of each field among those `built` that all its columns show as one and the same; the
    digits of those with the keys `exact` are kept, for their sum.
    """
    kinds: dict[str, set[str | None]] = {}
    digits: set[str] = set()
    for column in columns:
        for part in parts(column):
            kinds.setdefault(field_of(part), set()).add(_kind(column))
        if column.key in exact:
            digits.add(column.path)
    leaves = _leaves(zone)
    return {
        path: _leaf(kind, leaves, path in digits)
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


def amounts_at(raws: Iterable[bytes]) -> list[Decimal]:
    """Of a field whose digits were kept."""
    return list(map(Decimal, b",".join(raws).replace(b"null", b"0").decode().split(",")))


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


def _leaf(kind: str, leaves: Mapping[ColumnType, Leaf], has_digits: bool) -> Leaf:
    if kind == _CUSTOM:
        return _CUSTOM_FIELDS
    if kind == _NUMBER:
        return _WITH_DIGITS if has_digits else _FLOAT
    return leaves[ColumnType(kind)]


def _leaves(zone: ZoneInfo) -> Mapping[ColumnType, Leaf]:
    days = _Once(_days, maker(ColumnType.DATE, zone))
    moments = _Once(partial(moment_serials, zone=zone), maker(ColumnType.DATETIME, zone))
    return {
        ColumnType.TEXT: Leaf(Annotated[str, msgspec.Meta(max_length=SHORT)], BLANK, _as_they_are),
        ColumnType.BOOLEAN: Leaf(bool, BLANK, _as_they_are),
        ColumnType.DATE: Leaf(str, BLANK, days.cells),
        ColumnType.DATETIME: Leaf(str, BLANK, moments.cells),
    }


def _as_they_are(values: Values) -> Sequence[Cell]:
    return values


def _days(texts: Collection[str]) -> dict[str, int | None]:
    return {text: date_text_serial(text) for text in texts}


# Some pages of moments that all differ.
_REMEMBERED = 8192


class _Once:
    """The same days and moments come back in row after row, and in several columns of a row."""

    def __init__(
        self,
        serials: Callable[[Collection[str]], Mapping[str, Cell | None]],
        make: Callable[[object], Cell],
    ) -> None:
        self._serials = serials
        self._make = make  # for what is no day or moment
        self._known: dict[str, Any] = {BLANK: BLANK}

    def cells(self, texts: Values) -> Sequence[Cell]:
        # Other threads may add to it meanwhile, none takes anything away.
        known = self._known
        new = set(texts) - known.keys()
        if new:
            if len(known) + len(new) > _REMEMBERED:
                self._known = known = {BLANK: BLANK, **self._serials(set(texts) - {BLANK})}
            else:
                known.update(self._serials(new))
        found = list(map(known.__getitem__, texts))
        return list(map(self._make, texts)) if None in found else found


_read_numbers = msgspec.json.Decoder(list[float | None]).decode


def _of_digits(raws: Values) -> Sequence[Cell]:
    """Raises msgspec.DecodeError where one is no number."""
    numbers = _read_numbers(b"[" + b",".join(raws) + b"]")
    return _of_floats([BLANK if n is None else n for n in numbers] if None in numbers else numbers)


def _of_floats(values: Values) -> Sequence[Cell]:
    if {float} == set(map(type, values)) and not any(map(float.is_integer, values)):
        return values
    return [
        int(value)
        if value.__class__ is float
        and value.is_integer()
        and -LARGEST_INTEGER <= value <= LARGEST_INTEGER
        else value
        for value in values
    ]


_WITH_DIGITS = Leaf(msgspec.Raw, msgspec.Raw(b"null"), _of_digits)
_FLOAT = Leaf(float, BLANK, _of_floats)
