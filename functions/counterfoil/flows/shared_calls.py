"""Updates of one company that one press runs one after the other: the first asks for all of them.

An answer is used by no press but its own, which it is not older than, and the proof says up to when
it holds. What changed after it is found by the next run of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from counterfoil.core.changes import LOOK_BACK, WITHOUT_CDC
from counterfoil.core.quiet import Wanted
from counterfoil.core.watermarks import Watermark
from counterfoil.flows.choices import checked
from counterfoil.flows.chosen import EntityChoice, Mode
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.saved import dataset_of
from counterfoil.flows.update_columns import update_columns
from counterfoil.flows.updates import ALONE

# A press that runs many exports takes minutes; a run that began earlier is of another one.
PRESS = timedelta(minutes=15)
MOST_TOGETHER = 50


def wanted_by(
    exporter: Exporter,
    connection_id: str,
    left_by: Callable[[Exporter, str], Mapping[str, Watermark]],
    now: datetime,
) -> Wanted | None:
    """None for what is no update of that company, or has to read everything anyway."""
    if exporter.connection_ids != (connection_id,) or exporter.last_run is None:
        return None
    choice = checked(dataset_of(exporter), exporter.options, now.date())
    if not isinstance(choice, EntityChoice) or choice.mode is Mode.REPLACE:
        return None
    mark = left_by(exporter, str(exporter.last_run["run_id"])).get(connection_id)
    since = mark.since if mark else None
    if since is None or now - since > LOOK_BACK or choice.entity.entity in WITHOUT_CDC | ALONE:
        return None
    lists = mark.lists if mark and mark.lists is not None else update_columns(choice).lists
    return Wanted((choice.entity.query_name, *lists), since)
