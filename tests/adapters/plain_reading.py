"""Pages by both readers, to be held against each other."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil import catalog
from counterfoil.core.datasets import (
    Column,
    Entity,
    LineChoice,
)
from counterfoil.core.line_pages import plain_line_page
from counterfoil.core.pages import Page, plain_page

NEW_YORK = ZoneInfo("America/New_York")
INVOICES = catalog.entity("invoices")
PURCHASES = catalog.entity("purchases")

Json = Any


def plainly(
    body: bytes, entity: Entity, columns: Sequence[Column], lines: LineChoice | None = None
) -> Page:
    answer = json.loads(body, parse_float=Decimal)
    if lines:
        return plain_line_page(answer, entity, columns, NEW_YORK, lines)
    return plain_page(answer, entity, columns, NEW_YORK)


def told(page: Page) -> str:
    """Everything in a page, types included: 1 is not 1.0 and not True."""
    return repr(
        (
            [list(row) for row in page.rows],
            list(page.currencies),
            {key: list(amounts) for key, amounts in page.amounts.items()},
            page.time,
            page.of_lines and (page.of_lines.ids, list(page.of_lines.counts)),
            sorted(page.lacks, key=repr),
        )
    )


def line_columns(entity: Entity) -> tuple[Column, ...]:
    """All that can be read typed: what reads through the lines of a record is not."""
    every = catalog.columns_of(entity, LineChoice())
    return tuple(column for column in every if "Line[]" not in column.path)


def encoded(records: list[Json], entity: str = "Invoice") -> bytes:
    """A page as QuickBooks would send it; Decimals as their own digits."""
    numbers: dict[str, str] = {}

    def number(value: object) -> str:
        if not isinstance(value, Decimal):
            raise TypeError
        mark = f"@@{len(numbers)}@@"
        numbers[mark] = str(value)
        return mark

    answer = {"QueryResponse": {entity: records}, "time": "2026-05-05T05:16:21.718-07:00"}
    text = json.dumps(answer, default=number)
    return re.sub('"(@@[0-9]+@@)"', lambda found: numbers[found[1]], text).encode()
