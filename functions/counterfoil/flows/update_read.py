"""How rows come to a block: in place of all there is, laid by key, or only those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from counterfoil.catalog.shown_names import currency_place
from counterfoil.core import blocks, patches
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.cells import Cell
from counterfoil.core.datasets import Headers, Source
from counterfoil.core.digest import Digest
from counterfoil.core.line_pages import OF_HOME
from counterfoil.core.operations import EncodedRows, Operation
from counterfoil.core.pages import is_home
from counterfoil.core.patches import Leaving
from counterfoil.core.tally import Tally
from counterfoil.flows.chosen import Departed, EntityChoice, Mode
from counterfoil.flows.closed_books import Closed
from counterfoil.flows.several import Part
from counterfoil.flows.turns import Turn
from counterfoil.flows.update_columns import UpdateColumns, closed_until, rows_known, update_columns
from counterfoil.flows.updates import Update


def laid(
    parts: Sequence[Part],
    layout: Layout,
    target: Target,
    digest: Digest,
    tally: Tally,
    rows: EncodedRows | None,
    update: Update | None = None,
    closed: Closed = (),
) -> tuple[Operation, ...]:
    """The operations that end a run which read everything. Without `rows` they wait on the run's
    stage; `closed` is for a replacement.

    A block that was never written, or that is gone, has no rows to lay others over.
    """
    choice = parts[0].entity
    if choice.mode is not Mode.REPLACE and not target.new:
        columns = update_columns(choice)
        deleted = update.deleted if update else None
        removed = None if deleted is None else _deleted(choice, columns, deleted)
        found = (blocks.stage_found(layout, target.run, digest, tally),) if rows is None else ()
        by_key = patches.whole(
            layout,
            target,
            key=_key(digest),
            key_columns=columns.key_places,
            rows=rows,
            tally=tally,
            leaving=_leaving(choice, columns, target, removed, update.closed if update else ()),
            currency=_currencies(parts, layout),
        )
        return (*found, *by_key)
    if choice.mode is Mode.REPLACE:
        layout = replace(layout, known=rows_known(parts, closed))
    if rows is None:
        return blocks.staged_end(layout, target, digest, tally)
    return blocks.direct(layout, rows, target, digest, tally)


def patched(
    parts: Sequence[Part],
    layout: Layout,
    target: Target,
    digest: Digest,
    turn: Turn,
) -> tuple[Operation, ...]:
    """The operations of an update that read only what changed."""
    choice = parts[0].entity
    columns = update_columns(choice)
    tally = layout.tally()
    departed: list[list[Cell]] = []
    removed: list[list[Cell]] = []
    for each in turn.changed:
        whose: list[Cell] = [each.part.connection.realm_id] if columns.company else []
        tally.add(each.found.rows)
        departed += [[*whose, key] for key in each.found.departed]
        removed += [[*whose, key] for key in each.found.removed]
    keys = list(columns.key_places)
    after = sum(each.found.rows_after for each in turn.changed)
    return patches.changes(
        _as_they_stand(choice, layout),
        target,
        key=_key(digest),
        base=turn.base,
        key_columns=keys,
        rows=EncodedRows.joined([each.found.encoded for each in turn.changed]),
        departed=departed,
        tally=tally,
        leaving=_leaving(
            choice, columns, target, {"columns": keys, "values": removed}, turn.update.closed
        ),
        rows_after=None if marks_rows(choice) else after,
        currency=_currencies(parts, layout),
    )


def _as_they_stand(choice: EntityChoice, layout: Layout) -> Layout:
    """What a company calls its fields is known where all is read: those titles stay."""
    custom = {i for i, it in enumerate(choice.columns) if it.source is Source.CUSTOM}
    return replace(layout, kept_titles=frozenset(custom))


def _currencies(parts: Sequence[Part], layout: Layout) -> list[dict[str, Any]]:
    """By which the sheet tells each of its totals."""
    choice, home = parts[0].entity, parts[0].connection.currency
    own = currency_place(choice.entity, choice.columns)
    keys = [column.key for column in choice.columns]
    at_home = keys.index(OF_HOME) if OF_HOME in keys else None
    places = (at_home if is_home(choice.columns[it]) else own for it, _ in layout.sums)
    return [{"column": place, "home": home} for place in places]


def marks_rows(choice: EntityChoice) -> bool:
    """Whether rows that are no more may stay, so that nobody knows before how many there are."""
    return choice.departed is not Departed.MOVE


def _leaving(
    choice: EntityChoice,
    columns: UpdateColumns,
    target: Target,
    removed: dict[str, object] | None,
    closed: Closed,
) -> Leaving:
    mark = None
    if marks_rows(choice):
        beside = choice.departed is Departed.KEEP
        mark = {"column": len(choice.columns) - 1, "text": target.at[:10], "beside": beside}
    day = next((i for i, it in enumerate(choice.columns) if it is columns.day), None)
    return Leaving(
        gone=patches.gone_title(target.title),
        mark=mark,
        removed=removed,
        labels=columns.labels,
        keep=choice.mode is Mode.ADD,
        closed=closed_until(closed, day, columns.company_place),
        order=(
            {"column": choice.order.column, "descending": choice.order.descending}
            if choice.order
            else None
        ),
        together=_together(choice, columns),
    )


def _together(choice: EntityChoice, columns: UpdateColumns) -> tuple[int, ...]:
    """What tells a transaction whose own cells stand beside the first of its lines alone: a line
    that comes later would be nobody's at the end.
    """
    if choice.order is not None or choice.lines is None:
        return ()
    if choice.lines.headers is Headers.REPEAT:
        return ()
    *whose, _ = columns.key_places
    return (*whose, _record_place(choice))


def _deleted(
    choice: EntityChoice, columns: UpdateColumns, deleted: tuple[tuple[str, ...], ...]
) -> dict[str, object]:
    """Which rows of a full reading were deleted: by the Id of their record."""
    *whose, key = columns.key_places
    column = _record_place(choice) if choice.lines else key
    return {"columns": [*whose, column], "values": [list(each) for each in deleted]}


def _record_place(choice: EntityChoice) -> int:
    """The column with the Id of each line's record."""
    return [column.key for column in choice.columns].index(choice.entity.columns[0].key)


def _key(digest: Digest) -> str:
    return str(digest.as_json(with_key=True)["key"])
