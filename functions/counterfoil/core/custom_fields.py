"""What a company calls its custom fields: each record, and each line, tells the names along. Pure.

An empty field comes with its name and without a value.
https://developer.intuit.com/app/developer/qbo/docs/workflows/create-custom-fields
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from counterfoil.core.blocks import Layout
from counterfoil.core.cells import BLANK
from counterfoil.core.datasets import Column, Entity, Source
from counterfoil.core.lines import GROUP
from counterfoil.core.operations import EncodedRows
from counterfoil.core.pages import Body, NotAPage, Page, records_of
from counterfoil.core.records import Record, custom_definition

LONGEST = 100  # characters of a title
Reader = Callable[[Body], Page]


class FieldNames:
    """The names by the numbers of their definitions, as far as the columns ask for them. The same
    number is another field in another company: a table of several says both names.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self._custom = {
            place: definition_of(it)
            for place, it in enumerate(columns)
            if it.source is Source.CUSTOM
        }
        self._found: dict[str, list[str]] = {}
        self._is_settled = False

    def watched(self, entity: Entity, read: Reader) -> Reader:
        """The same reader of one company's pages, which learns the names: all that the first page
        with records tells, and on later ones those of fields that have their first values there.
        """
        if not self._custom:
            return read
        looked: set[str] = set()
        first = True

        def reading(body: Body) -> Page:
            nonlocal first
            page = read(body)
            if self._is_settled:
                return page
            valued = {
                it
                for place, it in self._custom.items()
                if it not in looked and any(row[place] != BLANK for row in page.rows)
            }
            if wanted := set(self._custom.values()) if first and page.ids else valued:
                names = names_in(body, entity, wanted)
                looked.update(valued, names)
                self._learn(names)
            first = first and not page.ids
            return page

        return reading

    def titled(self, layout: Layout) -> Layout:
        """With the names as titles; the keys of the columns stay those of the definitions."""
        if not self._found:
            return layout
        return replace(layout, header=EncodedRows.of([self.titles()]))

    def titles(self) -> list[str]:
        return [self._title(column) for column in self._columns]

    def settle(self) -> None:
        """The titles stand in the sheet already."""
        self._is_settled = True

    def state(self) -> Mapping[str, Sequence[str]]:
        """What a cursor keeps."""
        return self._found

    def go_on_from(self, state: Mapping[str, Sequence[str]]) -> None:
        self._found = {definition: list(names) for definition, names in state.items()}

    def _learn(self, names: Mapping[str, str]) -> None:
        for definition, name in names.items():
            known = self._found.setdefault(definition, [])
            if name not in known:
                known.append(name)

    def _title(self, column: Column) -> str:
        if column.source is not Source.CUSTOM:
            return column.title
        names = self._found.get(definition_of(column))
        if not names:
            return column.title
        return (_LINE * column.of_line + " / ".join(names))[:LONGEST]


_LINE = "Line: "  # before its name, which a field of the record may have as well
_OF_LINES = "line "


def definition_of(column: Column) -> str:
    """ "CustomField[7]" is the definition "7"; that of lines, which may be another, "line 7"."""
    return _OF_LINES * column.of_line + custom_definition(column.path)


def fields_in(
    body: Body, entity: Entity, wanted: Collection[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The custom fields of a page's records and of their lines, each with what `definition_of`
    calls it, as far as they are wanted.
    """
    of_lines = any(it.startswith(_OF_LINES) for it in wanted)
    for definition, field in _every_field(body, entity, of_lines=of_lines):
        if definition in wanted:
            yield definition, field


def all_names_in(body: Body, entity: Entity, *, of_lines: bool) -> dict[str, str]:
    """What all custom fields of a page are called, the first name of each, by the keys of their
    columns: "custom_7", "line_custom_7".
    """
    found: dict[str, str] = {}
    for definition, field in _every_field(body, entity, of_lines=of_lines):
        number = definition.removeprefix(_OF_LINES)
        if (title := _title_of(field)) and _NUMBER.fullmatch(number):
            line = definition != number
            found.setdefault(f"{'line_' * line}custom_{number}", _LINE * line + title)
    return found


_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)


def _title_of(field: Mapping[str, Any]) -> str:
    name = field.get("Name")
    return " ".join(name.split())[:LONGEST] if isinstance(name, str) else ""


def _every_field(
    body: Body, entity: Entity, *, of_lines: bool
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    lines = entity.lines if of_lines else None
    for record in records_in(body, entity):
        found = [("", record)]
        if lines:
            found += [(_OF_LINES, line) for line in _lines(record.get(lines.path))]
        for whose, holder in found:
            for field in _objects(holder.get("CustomField")):
                yield f"{whose}{field.get('DefinitionId')}", field


def _lines(held: Any) -> Iterator[Record]:
    """With what is in bundles."""
    for line in _objects(held):
        yield line
        bundle = line.get(GROUP)
        yield from _objects(bundle.get("Line") if isinstance(bundle, Mapping) else None)


def _objects(held: Any) -> Iterator[Mapping[str, Any]]:
    return (each for each in (held if isinstance(held, list) else ()) if isinstance(each, Mapping))


def names_in(body: Body, entity: Entity, wanted: Collection[str]) -> dict[str, str]:
    """Of the definitions that are wanted, the first name that a record of the page tells."""
    found: dict[str, str] = {}
    for definition, field in fields_in(body, entity, wanted):
        if title := _title_of(field):
            found.setdefault(definition, title)
        if len(found) == len(wanted):
            break
    return found


_parse = json.JSONDecoder().raw_decode


def records_in(body: Body, entity: Entity) -> Iterator[Record]:
    """One by one, where they come first in the answer: the first of a page tell all names, as a
    rule, and it has a thousand.
    """
    text = body.decode(errors="replace")
    begins = re.compile(rf'\s*{{\s*"QueryResponse"\s*:\s*{{\s*"{entity.entity}"\s*:\s*\[\s*')
    at = begins.match(text)
    if at is None or entity.wrapped:
        yield from _all_records(text, entity)
        return
    place = at.end()
    with suppress(ValueError, RecursionError):
        while text[place] == "{":
            record, place = _parse(text, place)
            yield record
            place = _COMMA.match(text, place).end()  # type: ignore[union-attr]  # matches always


_COMMA = re.compile(r"\s*,?\s*")


def _all_records(text: str, entity: Entity) -> list[Record]:
    try:
        return records_of(json.loads(text), entity)
    except (ValueError, RecursionError, NotAPage):
        return []
