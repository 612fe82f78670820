"""What an update says of itself: how it read, and when everything was read for the last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from counterfoil.catalog.shown_names import untold_names
from counterfoil.core.dates import wall_clock
from counterfoil.core.proof import Proof, Verdict, joined
from counterfoil.core.quiet import Quiet
from counterfoil.flows.chosen import EntityChoice, Mode
from counterfoil.flows.turns import Changed, Turn
from counterfoil.flows.update_read import marks_rows
from counterfoil.flows.updates import Update


@dataclass(frozen=True, slots=True)
class Told:
    """`update` is None for what is none: a table that is replaced."""

    proof: Proof
    update: Mapping[str, str | None] | None
    quiet: Quiet | None = None


def of_changes(turn: Turn, zone: ZoneInfo) -> Told:
    """An update that asked only for what changed: totals of the table only the sheet knows."""
    each = [(it.part.name, _proof(it, zone)) for it in turn.changed]
    since = min(it.found.since for it in turn.changed)
    full_at = min(it.mark.full_at for it in turn.changed)
    quiet = turn.changed[0].found.quiet if len(turn.changed) == 1 else None
    told = {**_told("changes", "", since, full_at), "shares": "yes" if quiet else None}
    return Told(joined(each), told, quiet)


def _proof(changed: Changed, zone: ZoneInfo) -> Proof:
    choice, found, mark = changed.part.entity, changed.found, changed.mark
    since = wall_clock(found.since, zone)
    full = f"Everything was read on {mark.full_at.astimezone(zone):%Y-%m-%d}{_untold(choice)}."
    stays = f" {_STAYS}" if choice.mode is Mode.ADD else ""
    if found.is_nothing and not found.told:
        until = f", as it told at {wall_clock(found.until, zone)}" if found.was_told else ""
        why = f"QuickBooks has changed nothing here since {since}{until}. {full}"
    elif found.is_nothing:
        why = f"{_none_of(found.told, choice.mode, since)}{stays} {full}"
    else:
        read = "1 record was" if found.records == 1 else f"{found.records:,} records were"
        why = f"QuickBooks told what has changed since {since}; {read} read again.{stays} {full}"
    return Proof(
        Verdict.PASS,
        why,
        sent=found.records,
        counted=None,
        distinct=found.records,
        rows=None if marks_rows(choice) else found.rows_after,
    )


_STAYS = "Rows that are there stay as they are."


def _none_of(told: int, mode: Mode, since: str) -> str:
    """Of records that were changed, and of which no row has come or gone."""
    is_one = told == 1
    if mode is Mode.ADD:
        what, why = "add", "it is not new here" if is_one else "they are not new here"
    else:
        why = "it does" if is_one else "they do"
        what, why = "change", f"{why} not belong in this table"
    records = "1 record" if is_one else f"{told:,} records"
    return f"Nothing to {what}: QuickBooks changed {records} since {since}; {why}."


def _untold(choice: EntityChoice) -> str:
    """What only the reading of everything brings up to date."""
    columns = untold_names(choice.entity, choice.columns) if choice.mode is Mode.UPDATE else []
    if not columns:
        return ""
    titles = " and ".join(f"“{column.title}”" for column in columns)
    return f", and QuickBooks tells of no change of the names in {titles} since"


def of_whole(
    choice: EntityChoice, proof: Proof, update: Update | None, now: datetime, *, is_new: bool
) -> Told:
    """A run that read everything; `update` says why, where it might have read less."""
    if choice.mode is Mode.REPLACE:
        return Told(proof, None)
    why = update.why if update else ""
    if why:
        proof = replace(proof, why=f"{proof.why} {why}")
    if not is_new and choice.mode is Mode.ADD:
        # The rows that are there stay as they are, whatever was sent.
        proof = replace(proof, why=f"{proof.why} {_STAYS}", rows=None, totals=())
    elif not is_new and marks_rows(choice):
        proof = replace(proof, rows=None)
    return Told(proof, _told("whole", why, None, now))


def _told(
    way: str, why: str, since: datetime | None, full_at: datetime
) -> Mapping[str, str | None]:
    return {
        "way": way,
        "why": why,
        "since": since.isoformat() if since else None,
        "full_at": full_at.isoformat(),
    }
