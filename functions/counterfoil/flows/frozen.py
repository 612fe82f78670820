"""Whether a table is frozen, and by whom, in words."""

from __future__ import annotations

from counterfoil.core.dates import wall_clock, zone
from counterfoil.core.errors import ExporterFrozen
from counterfoil.core.people import Sheet
from counterfoil.flows.connections import MEMBERS, member_id
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.ports import Records

_NOTHING_WRITTEN = "Nothing was written. An editor of the company can unfreeze it."
# Nobody could take its padlock away any more, nor the note that says who froze it.
_NOT_DELETED = "Nothing was deleted. Unfreeze it first, then delete the export."


def check_thawed(
    records: Records, exporter: Exporter, sheet: Sheet, *, to_delete: bool = False
) -> None:
    """Raises ExporterFrozen, naming who froze it and when."""
    if exporter.frozen_at is not None:
        why = _NOT_DELETED if to_delete else _NOTHING_WRITTEN
        raise ExporterFrozen(
            f"{said(records, exporter, sheet)} {why}",
            at=exporter.frozen_at.isoformat(timespec="seconds"),
        )


def said(records: Records, exporter: Exporter, sheet: Sheet) -> str:
    """ "ana@example.com froze this table at 2026-11-28 14:05 (Europe/Berlin)." """
    by = address(records, exporter.connection_id, exporter.frozen_by) or "Somebody"
    at = exporter.frozen_at
    when = f" at {wall_clock(at, zone(sheet.zone))}" if at else ""
    return f"{by} froze this table{when}."


def address(records: Records, connection_id: str, sub: str | None) -> str:
    """Of a member; "" when they are none any more."""
    member = records.get(MEMBERS, member_id(connection_id, sub)) if sub else None
    return str(member.data["email"]) if member else ""
