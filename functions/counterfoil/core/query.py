"""The text of queries to QuickBooks. Pure.

Everything that is not a name from the catalog passes through `literal`, so no text of a
user or of QuickBooks can change what a statement asks.
https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from counterfoil.core.datasets import Entity
from counterfoil.core.errors import BadRequest

Scalar = str | int | bool | Decimal | date | datetime

# The most rows that QuickBooks gives in one answer; more is refused or clipped.
LARGEST_PAGE = 1000

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Op(enum.StrEnum):
    EQ = "="
    LT = "<"
    GT = ">"
    LE = "<="
    GE = ">="
    IN = "IN"
    LIKE = "LIKE"


@dataclass(frozen=True, slots=True)
class Condition:
    """`path op value`; a tuple of values goes with IN, and only with it."""

    path: str
    op: Op
    value: Scalar | tuple[Scalar, ...]

    def __str__(self) -> str:
        if (self.op is Op.IN) is not isinstance(self.value, tuple):
            raise ValueError("IN takes a tuple of values, the others take one")
        if isinstance(self.value, tuple):
            if not self.value:
                raise ValueError("IN needs at least one value")
            return f"{_name(self.path)} IN ({', '.join(map(_operand, self.value))})"
        return f"{_name(self.path)} {self.op} {_operand(self.value)}"


def literal(text: str) -> str:
    """The text in quotes, so that nothing in it can end the quotation.

    Raises BadRequest for control characters, which no value in QuickBooks can hold.
    """
    if _CONTROL.search(text):
        raise BadRequest("A filter holds a character that QuickBooks does not know.")
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def select(
    entity: str,
    where: Iterable[Condition] = (),
    order_by: str = "Id",
    start: int = 1,
    size: int = LARGEST_PAGE,
) -> str:
    """One page of whole records. Always ordered: without an order, pages shift under edits."""
    if start < 1 or not 1 <= size <= LARGEST_PAGE:
        raise ValueError("a page starts at 1 or later and has 1 to 1000 rows")
    page = f"ORDERBY {_name(order_by)} STARTPOSITION {start} MAXRESULTS {size}"
    return f"SELECT * FROM {_name(entity)}{_where(where)} {page}"  # noqa: S608  literal() guards


def count(entity: str, where: Iterable[Condition] = ()) -> str:
    """How many records there are, without paging."""
    return f"SELECT COUNT(*) FROM {_name(entity)}{_where(where)}"  # noqa: S608  literal() guards


def rates_on(currencies: Iterable[str], day: date) -> str:
    """QuickBooks' rates of a day. They have no Id to be ordered by, and are few."""
    where = (
        Condition("SourceCurrencyCode", Op.IN, tuple(currencies)),
        Condition("AsOfDate", Op.EQ, day),
    )
    return f"SELECT * FROM ExchangeRate{_where(where)}"  # noqa: S608  literal() guards


def conditions(
    entity: Entity, start: date | None, end: date | None, *, include_inactive: bool = False
) -> tuple[Condition, ...]:
    """What narrows an export: a range of days, both ends included, and inactive names.

    Raises BadRequest when the dataset has no date to filter by.
    """
    found: list[Condition] = []
    if start is not None or end is not None:
        if entity.date_path is None:
            raise BadRequest(f"{entity.title} cannot be filtered by date. Leave the dates out.")
        if start is not None:
            found.append(Condition(entity.date_path, Op.GE, start))
        if end is not None:
            found.append(Condition(entity.date_path, Op.LE, end))
    if include_inactive and entity.has_active:
        found.append(Condition("Active", Op.IN, (True, False)))
    return tuple(found)


def _where(conditions: Iterable[Condition]) -> str:
    text = " AND ".join(map(str, conditions))
    return f" WHERE {text}" if text else ""


def _operand(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("not a finite number")
        return format(value, "f")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a moment needs an offset")
        return literal(value.isoformat())
    if isinstance(value, date):
        return literal(value.isoformat())
    return literal(value)


def _name(path: str) -> str:
    if not _NAME.fullmatch(path):
        raise ValueError(f"{path!r} is no name of an entity or a property")
    return path
