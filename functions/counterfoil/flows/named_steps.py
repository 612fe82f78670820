"""A step of a table that filters narrow by names: with the ids of those who have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from counterfoil.core.watermarks import Watermark
from counterfoil.flows.all_turns import StepTurns, each_of
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.filter_names import Ids, ids_of, known, looked_up, with_ids
from counterfoil.flows.steps import Going

LeftBy = Callable[[Exporter, str], Mapping[str, Watermark]]


def with_names(going: Going, turns: StepTurns, left_by: LeftBy, *, anew: bool = False) -> Going:
    """The ids are those of an earlier step, for an update those of the run before, unless `anew`,
    or looked up. Raises BadRequest for a name that nobody has, and what a call raises.
    """
    parts = going.parts
    if not parts[0].entity.named:
        return going
    if going.cursor.ids is not None:
        return replace(going, parts=with_ids(parts, going.cursor.ids))
    ids = None if anew else _of_the_run_before(going, left_by)
    if ids is not None:
        return replace(going, parts=with_ids(parts, ids))
    found = each_of(
        parts, turns, lambda part: looked_up(turns.of(part.connection), part.entity.named)
    )
    every = ids_of(parts, found)
    cursor = replace(going.cursor, ids=every)
    return replace(going, parts=with_ids(parts, every), cursor=cursor)


def _of_the_run_before(going: Going, left_by: LeftBy) -> list[Ids] | None:
    """None where it did not know all of them, or its table is not asked about."""
    update = going.update
    if update is None or update.is_settled or update.told is None:
        return None
    marks = left_by(going.exporter, update.told.run)
    found: list[Ids] = []
    for part in going.parts:
        mark = marks.get(part.connection.id)
        ids = known(going.exporter, part.entity, mark.ids if mark else {})
        if ids is None:
            return None
        found.append(ids)
    return found
