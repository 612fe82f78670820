"""What is decoded of the lines of a page, and as what: structs made of the columns' paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import msgspec

from counterfoil.adapters.typed_fields import attribute, struct
from counterfoil.core import line_links, line_pages
from counterfoil.core.datasets import Column, ColumnType, Source
from counterfoil.core.lines import GROUP, JOURNAL, Facts
from counterfoil.core.records import parts

# What decides over a line, and what its document's number is told by.
_DECIDE = ("Id", "DetailType", "Amount")
_WHOLES = ("LinkedTxn", "LineEx")

posting_of = attrgetter(f"{attribute(JOURNAL)}.{attribute('PostingType')}")
inner_of = attrgetter(f"{attribute(GROUP)}.{attribute('Line')}")


def is_plain(column: Column) -> bool:
    """Whether the line alone tells the column's value."""
    if column.source in (Source.OWN, Source.LINKED, Source.BUNDLE):
        return False
    return not (column.source is Source.FIRST and "/" in column.path)


def beside_columns(currency: Column | None, rule: Any, *, rate: bool) -> list[Column]:
    """What is read of each record besides its columns."""
    named = {
        "id": "Id",
        **({"currency": currency.path} if currency else {}),
        **({"total": rule.total} if rule.total else {}),
        **{f"added_{at}": path for at, path in enumerate(rule.added)},
        **{f"taken_{at}": path for at, path in enumerate(rule.taken)},
        **({"flag": rule.negative_if} if rule.negative_if else {}),
        **({"rate": line_pages.RATE} if rate else {}),
    }
    return [Column(key, "", ColumnType.TEXT, path) for key, path in named.items()]


def split(columns: Iterable[Column]) -> tuple[list[Column], list[Column]]:
    """The plain values to decode of records, and those of lines."""
    of_records: list[Column] = []
    of_lines: list[Column] = []
    for column in columns:
        if column.source in (Source.OWN, Source.LINKED):
            continue
        plain = replace(column, source=Source.VALUE) if column.source is Source.BUNDLE else column
        for part in parts(plain):
            if column.of_line and not part.path.startswith("/"):
                of_lines.append(part)
            else:
                of_records.append(of_record(part))
    return of_records, of_lines


def of_record(part: Column) -> Column:
    return replace(part, path=part.path.removeprefix("/"))


def deciding(columns: Sequence[Column], rule: Any) -> list[Column]:
    linked = rule.credits or any(it.source is Source.LINKED for it in rule.columns)
    plain = [*_DECIDE, f"{JOURNAL}.PostingType", f"{GROUP}.Quantity"]
    return [Column("", "", ColumnType.TEXT, path) for path in plain] + [
        Column("", "", ColumnType.TEXT, path) for path in (_WHOLES if linked else ())
    ]


def line_struct(tree: dict[str, Any]) -> tuple[Any, type[msgspec.Struct]]:
    """A line without anything in it, and the type of lines: a bundle holds others like it."""
    inner = struct("Part", tree, {GROUP: ("Line", Any, None)})
    outer = struct("Line", tree, {GROUP: ("Line", tuple[inner, ...], ())})  # type: ignore[valid-type]
    return outer(), outer


def facts_reader(tree: dict[str, Any], credits: Sequence[str]) -> Callable[[Any], Facts]:
    kind, amount = attribute("DetailType"), attribute("Amount")
    get = attrgetter(kind, amount)
    posting = attrgetter(f"{attribute(JOURNAL)}.{attribute('PostingType')}")

    def read(line: Any) -> Facts:
        found, amount = get(line)
        if found == JOURNAL:
            return Facts(found, amount, posting(line))
        if found == GROUP:
            return Facts(found, amount, inner=[read(part) for part in inner_of(line) or ()])
        linked = line_links.linked_kind(line.f_LinkedTxn) if credits else None
        return Facts(found, amount, None, linked)

    return read
