"""From QuickBooks' records to rows of cells, as the catalog's columns say. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil.core.cells import Cell, is_number, maker, words
from counterfoil.core.datasets import Column, Source

Record = Mapping[str, Any]
"""One object of QuickBooks, parsed with `json.loads(text, parse_float=Decimal)`."""

Reader = Callable[[Record], Any]

_CUSTOM = re.compile(r"CustomField\[(\w+)\]")
CUSTOM_VALUES = ("StringValue", "NumberValue", "DateValue", "BooleanValue")
_PAIR_NAMES = ("Name", "Key")
_PAIR_VALUES = (*CUSTOM_VALUES, "Value")

CURRENCY = "CurrencyRef.value"  # of a record

# Where the name of its kind stands in a record that was wrapped in it.
KIND = "@kind"
# There and true where it counts against the others.
CREDIT = "@credit"
_CREDITS = ("CreditMemo", "RefundReceipt", "VendorCredit")

_CENT = Decimal("0.01")
ADDRESS_PARTS = (
    *("Line1", "Line2", "Line3", "Line4", "Line5", "City", "County", "CountrySubDivisionCode"),
    *("PostalCode", "PostalCodeSuffix", "Country", "CountryCode"),
)


def plain_rows(
    records: Iterable[Record], columns: Sequence[Column], zone: ZoneInfo
) -> list[list[Cell]]:
    """One row per record, one cell per column, in their order; datetimes in the sheet's zone.

    Raises ExportTooLarge for a text that no cell can hold.
    """
    makers = [(reader(column), maker(column.type, zone, column.title)) for column in columns]
    return [[make(read(record)) for read, make in makers] for record in records]


def unwrapped(record: Record) -> Record:
    """{"Invoice": {…}} as the invoice itself, which then knows its kind and whether it is a
    credit; anything else as it is.
    """
    if len(record) == 1:
        ((kind, held),) = record.items()
        if isinstance(held, Mapping):
            is_credit = kind in _CREDITS or (kind == "Purchase" and _is_true(held.get("Credit")))
            return {**held, KIND: kind, **({CREDIT: True} if is_credit else {})}
    return record


def reader(column: Column) -> Reader:
    """What reads the column's raw value from a record: a scalar, or None when it is not there."""
    match column.source:
        case Source.VALUE:
            return _value_reader(column.path.split("."))
        case Source.JOINED:
            return _joined_reader(column.path.split("."))
        case Source.PAIRS:
            return _pairs_reader(column.path.split("."))
        case Source.ADDRESS:
            read = _value_reader(column.path.split("."))
            return lambda record: address_line(read(record))
        case Source.CUSTOM:
            return _custom_reader(column.path)
        case Source.DEBITS:
            return _debits_reader(column.path.split("."))
        case Source.FIRST | Source.SIGNED | Source.HOME | Source.ELSE | Source.KEY:
            return _combined_reader(column)
        case Source.BUNDLE | Source.LINKED | Source.OWN:
            raise ValueError(f"{column.key} is read from a line, not from a record")


def parts(column: Column) -> tuple[Column, ...]:
    """The plain values that a column is worked out from, as columns; itself, where it is one."""
    match column.source:
        case Source.FIRST | Source.HOME | Source.KEY:
            paths = tuple(column.path.split("|"))
            if column.home:
                *_, last = (*paths[:3], *(paths[3:] or paths[1:2]))
                paths = (*paths[:3], last, CURRENCY)
        case Source.ELSE:
            paths = (column.path.partition("|")[0] or "Id",)
        case Source.SIGNED:
            paths = tuple(filter(None, (column.path, column.negative_if)))
        case Source.ADDRESS:
            paths = tuple(f"{column.path}.{part}" for part in ADDRESS_PARTS)
        case _:
            return (column,)
    return tuple(_part(column, path) for path in paths)


def _part(column: Column, path: str) -> Column:
    source = Source.DEBITS if path.endswith("[]") else Source.VALUE
    return Column(column.key, column.title, column.type, path, source)


def combined(column: Column) -> Callable[..., Any]:
    """What makes the column's value of the values of its `parts`."""
    match column.source:
        case Source.FIRST:
            return first
        case Source.HOME:
            return partial(_in_own_currency, column.home) if column.home else in_home_currency
        case Source.KEY:
            return key
        case Source.ELSE:
            path, _, text = column.path.partition("|")
            return lambda value: value if path and value is not None else text
        case Source.ADDRESS:
            return in_one_line
        case Source.SIGNED if column.sign < 0:
            return lambda amount, flag=False: negated(amount, not _is_true(flag))
        case _:
            return negated


def first(*values: Any) -> Any:
    """The first that is there."""
    for value in values:
        if value is not None:
            return value
    return None


def key(id: Any, *values: Any) -> Any:
    """The Id; of a record without one all the other values, None where one of them lacks."""
    if id not in (None, ""):
        return id
    return None if any(it in (None, "") for it in values) else " ".join(map(words, values))


def in_home_currency(told: Any, amount: Any, rate: Any, other: Any = None) -> Any:
    """What QuickBooks told; else the amount, or the `other` where there is none, at that rate, to
    the cent as QuickBooks rounds.
    """
    if told is not None:
        return told
    exact, times = _exact(other if amount is None else amount), _exact(rate)
    if exact is None or times is None:
        return None
    product = exact * times
    return product if product.adjusted() > _MOST_DIGITS else product.quantize(_CENT, ROUND_HALF_UP)


def _in_own_currency(
    home: str, told: Any, amount: Any, rate: Any, other: Any, currency: Any
) -> Any:
    """The same; an amount in the company's own currency is one at home, also without a rate."""
    return in_home_currency(told, amount, home_rate(rate, currency, home), other)


def home_rate(rate: Any, currency: Any, home: str) -> Any:
    """1 for what has no rate and is in the company's own currency, or does not say in which."""
    is_own = bool(home) and rate is None and currency in (None, "", home)
    return 1 if is_own else rate


# Beyond these a Decimal of cents would have more digits than its context keeps.
_MOST_DIGITS = 24


def _exact(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    exact = Decimal(value)
    return exact if exact.is_finite() else None


def negated(amount: Any, flag: object = False) -> Any:
    """The amount with the other sign where the flag is true; what is no number stays as it is."""
    if not _is_true(flag):
        return amount
    if isinstance(amount, bool):
        return amount
    if isinstance(amount, int):
        return -amount
    if isinstance(amount, str) and is_number(amount):
        amount = Decimal(amount)
    # Not "-": that would round to the context's 28 digits.
    return amount.copy_negate() if isinstance(amount, Decimal) else amount


def _is_true(flag: object) -> bool:
    return flag is True or flag == "true"


def address_line(address: object) -> str | None:
    """A PhysicalAddress in one line, the way it is written on a letter; None when empty."""
    if not isinstance(address, Mapping):
        return None
    return in_one_line(*map(address.get, ADDRESS_PARTS))


def in_one_line(*values: Any) -> str | None:
    """The same of the values of an address, in the order of its parts."""
    # Free-form addresses hold line breaks; one line is what was asked for.
    told = ["" if value is None else " ".join(str(value).split()) for value in values]
    *lines, state, code, suffix, country, country_code = told
    if suffix:
        code = f"{code}-{suffix}" if code else suffix
    lines.append(f"{state} {code}" if state and code else state or code)
    lines.append(country or country_code)
    return ", ".join(filter(None, lines)) or None


def _value_reader(path: Sequence[str]) -> Reader:
    if len(path) == 1:
        (name,) = path
        return lambda record: record.get(name)
    if len(path) == 2:
        outer, inner = path

        def read(record: Record) -> Any:
            held = record.get(outer)
            return held.get(inner) if isinstance(held, Mapping) else None

        return read

    def read_deep(record: Record) -> Any:
        held: Any = record
        for name in path:
            if not isinstance(held, Mapping):
                return None
            held = held.get(name)
        return held

    return read_deep


def _combined_reader(column: Column) -> Reader:
    reads = list(map(reader, parts(column)))
    make = combined(column)
    return lambda record: make(*(read(record) for read in reads))


def _joined_reader(path: Sequence[str]) -> Reader:
    def read(record: Record) -> str | None:
        found = _leaves(record, path)
        return ", ".join(words(it) for it in found if not isinstance(it, Mapping | list)) or None

    return read


def _debits_reader(path: Sequence[str]) -> Reader:
    def read(record: Record) -> Decimal | None:
        found = [
            exact
            for line in _leaves(record, path)
            if isinstance(line, Mapping)
            and isinstance(posted := line.get("JournalEntryLineDetail"), Mapping)
            and posted.get("PostingType") == "Debit"
            and (exact := _exact(line.get("Amount"))) is not None
        ]
        return sum(found, Decimal(0)) if found else None

    return read


def _pairs_reader(path: Sequence[str]) -> Reader:
    def read(record: Record) -> str | None:
        found = (_pair(held) for held in _leaves(record, path) if isinstance(held, Mapping))
        return "; ".join(filter(None, found)) or None

    return read


def _pair(held: Mapping[str, Any]) -> str | None:
    name = first(*(held.get(name) for name in _PAIR_NAMES))
    value = first(*(held.get(name) for name in _PAIR_VALUES))
    if value is None or isinstance(value, Mapping | list):
        return None
    return f"{words(name)}: {words(value)}" if name is not None else words(value)


def _leaves(held: Any, path: Sequence[str]) -> Iterable[Any]:
    """Everything at the path, in document order."""
    if not path:
        if held is not None:
            yield held
        return
    if not isinstance(held, Mapping):
        return
    name, rest = path[0], path[1:]
    if not name.endswith("[]"):
        yield from _leaves(held.get(name), rest)
        return
    for item in _items(held.get(name.removesuffix("[]"))):
        yield from _leaves(item, rest)


def _items(held: Any) -> Iterable[Any]:
    return held if isinstance(held, list) else ()


def custom_definition(path: str) -> str:
    """Which custom field a path names, by the id of its definition."""
    found = _CUSTOM.fullmatch(path)
    if found is None:
        raise ValueError(f"{path!r} names no custom field")
    return found[1]


def _custom_reader(path: str) -> Reader:
    definition = custom_definition(path)

    def read(record: Record) -> Any:
        for field in _items(record.get("CustomField")):
            if isinstance(field, Mapping) and field.get("DefinitionId") == definition:
                for name in CUSTOM_VALUES:
                    if field.get(name) is not None:
                        return field[name]
        return None

    return read
