"""One table of several companies: which of them are read, and what tells their rows apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from counterfoil.catalog.shown_names import DEPARTED
from counterfoil.core import looks
from counterfoil.core.blocks import Layout, entity_layout
from counterfoil.core.datasets import Column, ColumnType, Source
from counterfoil.core.errors import AppError, BadRequest
from counterfoil.core.line_pages import OF_COMPANY, OF_CURRENCY, OF_HOME, OF_REALM
from counterfoil.core.occasions import Occasion, bad_cell
from counterfoil.core.pages import is_home
from counterfoil.core.people import Connection
from counterfoil.flows.chosen import Choice, EntityChoice, Mode
from counterfoil.flows.consolidating import OPTION

MOST_COMPANIES = 20
# Of a company's id, which QuickBooks shows under Settings: enough to tell two of one name apart.
_TOLD = 4
# Numbers of so many digits a spreadsheet does not all know: they are doubles.
_INEXACT = 16
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Part:
    """What one company brings to a run."""

    connection: Connection
    choice: Choice
    name: str  # as the table and the proof call it, where there are several

    @property
    def entity(self) -> EntityChoice:
        assert isinstance(self.choice, EntityChoice)  # noqa: S101 - whoever asks has looked
        return self.choice


def chosen_companies(
    connections: Sequence[Connection], options: Mapping[str, Any], occasion: Occasion
) -> tuple[Connection, ...]:
    """Those that a run reads: all, or the one that a cell names among them.

    Raises BadRequest that names the cell.
    """
    cell = (options.get("cells") or {}).get("company")
    if cell is None:
        return tuple(connections)
    text = _typed(occasion.text(cell, connections[0].realm_id))
    told = told_apart(connections)
    found = [
        each
        for each, name in zip(connections, told, strict=True)
        if text in (_typed(each.name), _typed(name), each.realm_id)
    ]
    if len(found) == 1:
        return tuple(found)
    offered = f"Its companies: {', '.join(told)}."
    if found:
        why = f"names several companies of this export. {offered} "
        raise bad_cell(cell, why + "Write one of them as it stands here.")
    why = f"names no company of this export. {offered}"
    if text.isdecimal() and len(text) >= _INEXACT:
        why += (
            " A company ID as a number loses its last digits: write it as text, with ' before it."
        )
    raise bad_cell(cell, why)


def _typed(name: str) -> str:
    """The same for names that people take for the same: few keyboards have "…"."""
    return name.casefold().replace("...", "…")


def one_calendar(options: Mapping[str, Any], occasions: Sequence[Occasion]) -> Sequence[Occasion]:
    """A consolidated table has the same days for all: those of its first company's calendar."""
    return [occasions[0]] * len(occasions) if options.get(OPTION) else occasions


def check_ids(connection_ids: Sequence[str]) -> None:
    """Raises BadRequest for none, too many, or one named twice."""
    if not connection_ids:
        raise BadRequest("Choose a company.", field="connection_ids")
    if len(set(connection_ids)) != len(connection_ids):
        raise BadRequest("A company was chosen twice.", field="connection_ids")
    if len(connection_ids) > MOST_COMPANIES:
        raise BadRequest(
            f"An export reads up to {MOST_COMPANIES} companies.", field="connection_ids"
        )


def check_several(choice: Choice, companies: int) -> None:
    """Raises BadRequest for what one table cannot hold of several companies."""
    by_cell = _by_cell(choice)
    group = None if isinstance(choice, EntityChoice) else choice.shape.group
    if group is not None and (by_cell or companies < 2):
        raise BadRequest(
            "A consolidated table is of two companies or more. Choose them, or leave it out.",
            field="connection_ids",
        )
    if companies < 2 or by_cell:
        return
    if not isinstance(choice, EntityChoice) and choice.shape.group is None:
        words = "one table of all, consolidated" if choice.report.consolidates else "one"
        raise BadRequest(
            f"A report reads one company. Choose {words}, or let a cell choose among them.",
            field="connection_ids",
        )


def parts_of(
    connections: Sequence[Connection], choices: Sequence[Choice], names: Sequence[str]
) -> tuple[Part, ...]:
    """With a column of the company, and one of the currency, where there are several; an update
    knows their rows by the company's ID as well.
    """
    if len(connections) == 1:
        return (Part(connections[0], _by_company(choices[0], connections[0]), names[0]),)
    return tuple(
        Part(
            connection,
            _by_company(_of_company(choice, connection, name), connection)
            if isinstance(choice, EntityChoice)
            else choice,
            name,
        )
        for connection, choice, name in zip(connections, choices, names, strict=True)
    )


def layout_of(parts: Sequence[Part]) -> Layout:
    """Of a table of entities; amounts have the places of the currency that has most."""
    currencies = [part.connection.currency for part in parts]
    columns = parts[0].entity.columns
    key = next((at for at, it in enumerate(columns) if it.key == OF_COMPANY), 0)
    return entity_layout(
        columns,
        max(currencies, key=looks.decimals),
        key=key,
        hidden=parts[0].entity.added_places,
        title=_title(parts) if parts[0].entity.titled else "",
    )


def _title(parts: Sequence[Part]) -> str:
    companies = named([part.connection for part in parts])
    return f"{parts[0].entity.entity.title} · {companies}"


def named(connections: Sequence[Connection]) -> str:
    """ "Acme, Birch, Cedar and 2 more"."""
    names = [each.name for each in connections]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def called(parts: Sequence[Part]) -> list[tuple[str, str]]:
    """The connections of a table, each with the name that stands in it, if there are several."""
    return [(each.connection.id, each.name if len(parts) > 1 else "") for each in parts]


def blamed(error: AppError, connection: Connection, parts: Sequence[Part]) -> None:
    """Says which of several companies ended the run: none is ever left out."""
    name = next(part.name for part in parts if part.connection is connection)
    error.message = f"{name}: {error.message}"
    error.args = (error.message,)
    error.details["connection_id"] = connection.id


def told_apart(connections: Sequence[Connection]) -> list[str]:
    """What the companies are called in a table: their names, with more where two are equal
    but for their case.
    """
    names = [each.name.casefold() for each in connections]
    ends = [each.realm_id[-_TOLD:] for each in connections]
    times, last = Counter(names), Counter(zip(names, ends, strict=True))
    return [
        each.name
        if times[name] == 1
        else f"{each.name} (…{end})"
        if last[name, end] == 1
        else f"{each.name} ({each.realm_id})"
        for each, name, end in zip(connections, names, ends, strict=True)
    ]


def _by_cell(choice: Choice) -> bool:
    return "company" in (choice.options.get("cells") or {})


def _by_company(choice: Choice, connection: Connection) -> Choice:
    """Two companies give the same ids to different records: an update of several, or of whichever
    a cell names, tells them apart by an ID that no rename changes.
    """
    if not isinstance(choice, EntityChoice) or choice.mode is Mode.REPLACE:
        return choice
    told = {column.key for column in choice.columns}
    if OF_COMPANY not in told and not _by_cell(choice):
        return choice
    hidden = [_always(OF_REALM, "QuickBooks company ID", connection.realm_id)]
    if any(map(is_home, choice.columns)):
        hidden.append(_always(OF_HOME, "Home currency", connection.currency))
    last = [column for column in choice.columns if column is DEPARTED]
    ours = [column for column in choice.columns if column is not DEPARTED]
    added = choice.added | {column.key for column in hidden}
    return replace(choice, columns=(*ours, *hidden, *last), added=added)


def _of_company(choice: EntityChoice, connection: Connection, name: str) -> EntityChoice:
    """The company comes right behind the key, the currency behind it."""
    first, *others = choice.columns
    beside = [_always(OF_COMPANY, "QuickBooks company", name)]
    currency = _currency(choice, connection.currency)
    chosen = [it.key for it in others]
    added = choice.added
    if currency is not None and currency.key in added:  # nobody hides it from several
        del others[chosen.index(currency.key)]
        added -= {currency.key}
        beside.append(currency)
    elif currency is not None and currency.key in chosen:
        others[chosen.index(currency.key)] = currency
    elif currency is not None:
        beside.append(currency)
    columns = (first, *beside, *(_at_home(it, connection.currency) for it in others))
    order = choice.order
    if order is not None:
        key = choice.columns[order.column].key
        order = replace(order, column=[it.key for it in columns].index(key))
    return replace(choice, columns=columns, order=order, added=added)


def _at_home(column: Column, home: str) -> Column:
    """A company with one currency tells no rate: what it has is at home."""
    if is_home(column):
        return replace(column, home=home)
    if column.key != OF_CURRENCY:
        return column
    return replace(column, source=Source.ELSE, path=f"{column.path}|{home}")


def _currency(choice: EntityChoice, home: str) -> Column | None:
    """A company with one currency does not always say which: then it is its own."""
    path = choice.entity.currency_path
    if path is not None:
        known = next(it for it in choice.entity.columns if it.path == path)
        return replace(known, source=Source.ELSE, path=f"{path}|{home}", default=True)
    if any(it.type is ColumnType.MONEY for it in choice.columns):
        return _always(OF_CURRENCY, "Currency", home)
    return None


def _always(key: str, title: str, text: str) -> Column:
    return Column(key, title, ColumnType.TEXT, f"|{text}", Source.ELSE)
