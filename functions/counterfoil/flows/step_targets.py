"""Where a run writes, and what the table's note says of it."""

from __future__ import annotations

from datetime import datetime

from counterfoil.core import blocks
from counterfoil.core.blocks import Target
from counterfoil.core.dates import in_sheet, zone
from counterfoil.flows.several import named
from counterfoil.flows.steps import Going


def target_of(going: Going, now: datetime, rows: int, first: str = "") -> Target:
    """The block as this run is going to leave it, with the note that says so."""
    return Target(
        run=going.run.id,
        fence=going.cursor.fence,
        title=going.exporter.tab,
        note=blocks.note_text(
            going.title,
            named([part.connection for part in going.parts]),
            "\n".join(filter(None, (going.period, first))),
            now,
            zone(going.cursor.zone),
            rows,
            going.run.short,
        ),
        at=now.isoformat(timespec="seconds"),
        new=going.cursor.is_new,
        replace=going.cursor.replace,
        late=_late(going, now),
    )


def _late(going: Going, now: datetime) -> tuple[tuple[int, int], tuple[int, int]] | None:
    plan, here = going.exporter.plan, zone(going.cursor.zone)
    # What has paused for what a good run mends is on again with the one that writes this.
    if plan is None or plan.is_over:
        return None
    return in_sheet(now, here), in_sheet(plan.late_from(now), here)
