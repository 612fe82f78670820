"""How rows come to a block: in place of all there is, laid by key, or only those that changed."""

from __future__ import annotations

from datetime import date

from counterfoil.core import blocks, patches
from counterfoil.core.blocks import Layout, Target
from counterfoil.core.cells import EPOCH
from counterfoil.core.digest import Digest
from counterfoil.core.operations import EncodedRows, Operation
from counterfoil.core.patches import Leaving
from counterfoil.core.tally import Tally
from counterfoil.flows.changed_read import Found
from counterfoil.flows.choices import Departed, EntityChoice, Mode
from counterfoil.flows.update_columns import UpdateColumns, update_columns
from counterfoil.flows.updates import Update


def laid(
    choice: EntityChoice,
    layout: Layout,
    target: Target,
    digest: Digest,
    tally: Tally,
    rows: EncodedRows | None,
    update: Update | None = None,
) -> tuple[Operation, ...]:
    """The operations that end a run which read everything. Without `rows` they wait on the run's
    stage.

    A block that was never written, or that is gone, has no rows to lay others over.
    """
    if choice.mode is not Mode.REPLACE and not target.new:
        columns = update_columns(choice)
        deleted = update.deleted if update else None
        removed = None if deleted is None else _deleted(choice, columns, deleted)
        found = (blocks.stage_found(layout, target.run, digest, tally),) if rows is None else ()
        by_key = patches.whole(
            layout,
            target,
            key=_key(digest),
            key_columns=[columns.key_place],
            rows=rows,
            tally=tally,
            leaving=_leaving(choice, columns, target, removed, update.closed if update else None),
        )
        return (*found, *by_key)
    if rows is None:
        return blocks.staged_end(layout, target, digest, tally)
    return blocks.direct(layout, rows, target, digest, tally)


def patched(
    choice: EntityChoice,
    layout: Layout,
    target: Target,
    digest: Digest,
    found: Found,
    *,
    base: str,
    closed: date | None,
) -> tuple[Operation, ...]:
    """The operations of an update that read only what changed; `base` is the run before it."""
    columns = update_columns(choice)
    tally = layout.tally()
    tally.add(found.rows)
    removed = {"column": columns.key_place, "values": list(found.removed)}
    return patches.changes(
        layout,
        target,
        key=_key(digest),
        base=base,
        key_columns=[columns.key_place],
        rows=found.encoded,
        departed=[[key] for key in found.departed],
        tally=tally,
        leaving=_leaving(choice, columns, target, removed, closed),
        rows_after=None if marks_rows(choice) else found.rows_after,
    )


def marks_rows(choice: EntityChoice) -> bool:
    """Whether rows that are no more may stay, so that nobody knows before how many there are."""
    return choice.departed is not Departed.MOVE


def _leaving(
    choice: EntityChoice,
    columns: UpdateColumns,
    target: Target,
    removed: dict[str, object] | None,
    closed: date | None,
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
        closed=(
            {"column": day, "until": (closed - EPOCH).days} if closed and day is not None else None
        ),
    )


def _deleted(
    choice: EntityChoice, columns: UpdateColumns, deleted: tuple[str, ...]
) -> dict[str, object]:
    """Which rows of a full reading were deleted: by the Id of their record."""
    keys = [column.key for column in choice.columns]
    id = choice.entity.columns[0].key
    column = keys.index(id) if choice.lines else columns.key_place
    return {"column": column, "values": list(deleted)}


def _key(digest: Digest) -> str:
    return str(digest.as_json(with_key=True)["key"])
