"""How an update begins: what it was told of its table, and whether everything has to be read."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from counterfoil import catalog
from counterfoil.core import filters
from counterfoil.core.canonical import canonical
from counterfoil.core.changes import LOOK_BACK, WITHOUT_CDC
from counterfoil.core.errors import BadRequest, BlockNeeded
from counterfoil.core.query import conditions
from counterfoil.core.standing import Standing, asked_for, standing
from counterfoil.core.watermarks import Watermark
from counterfoil.flows.changed_read import Whole
from counterfoil.flows.chosen import Choice, EntityChoice, Mode
from counterfoil.flows.closed_books import Closed
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.filter_names import kept
from counterfoil.flows.update_columns import update_columns

# One record each, which is read with the call that would ask whether it changed.
ALONE = frozenset({"CompanyInfo", "Preferences"})

SLOW = "QuickBooks did not answer fast enough for all companies to be asked what changed."
GONE = "The table was not there any more, so it was made anew."


@dataclass(frozen=True, slots=True)
class Update:
    """What an update carries through its run. `told` is its table, until it is known what has to
    be read; `why` is then why that is everything.
    """

    told: Standing | None
    why: str = ""
    deleted: tuple[tuple[str, ...], ...] | None = None  # records: their Id, of several behind whose
    closed: Closed = ()
    is_settled: bool = False
    waited: bool = False  # a step ended before all companies had been asked

    def later(self) -> Update:
        """For the step after one that could not ask all companies."""
        if self.waited:
            return self.whole(SLOW, None, ())
        return replace(self, waited=True)

    @property
    def is_gone(self) -> bool:
        """There is no table to lay anything over."""
        return self.why == GONE

    def whole(
        self, why: str, deleted: tuple[tuple[str, ...], ...] | None, closed: Closed
    ) -> Update:
        return Update(None, why, deleted, closed, is_settled=True)

    def as_cursor(self) -> dict[str, Any]:
        """What a sealed cursor keeps: nothing of the table, which is told of again."""
        return {
            "why": self.why,
            "deleted": list(map(list, self.deleted)) if self.deleted is not None else None,
            "closed": [[realm, day.isoformat()] for realm, day in self.closed],
            "is_settled": self.is_settled,
            "waited": self.waited,
        }

    @classmethod
    def of_cursor(cls, kept: Mapping[str, Any]) -> Update:
        return cls(
            None,
            kept["why"],
            tuple(map(tuple, kept["deleted"])) if kept["deleted"] is not None else None,
            tuple((realm, date.fromisoformat(day)) for realm, day in kept["closed"]),
            kept["is_settled"],
            kept["waited"],
        )


def begun(exporter: Exporter, choice: Choice, block: Mapping[str, Any] | None) -> Update | None:
    """What the request told of the table; None for what is no update, or the first run of one.

    Raises BlockNeeded where it told nothing, BadRequest.
    """
    if not isinstance(choice, EntityChoice) or choice.mode is Mode.REPLACE or exporter.is_new:
        return None
    wanted = update_columns(choice).needed
    if block is None:
        raise BlockNeeded(
            "An update must know what stands in its table. Please reload the sidebar, and run it "
            "again.",
            block=exporter.block,
            columns=asked_for(exporter.digest_key, wanted),
        )
    told = standing(block, exporter.digest_key, wanted)
    if not told.there:
        return Update(None, GONE, is_settled=True)
    return Update(told)


def of_company(choice: Choice, held: Sequence[str] | None, connection_id: str) -> None:
    """Raises BadRequest where the table holds the rows of others, and does not tell whose: two
    companies give the same ids to different records, and what people typed beside these would stay.
    """
    if isinstance(choice, EntityChoice) and update_columns(choice).company is not None:
        return
    if held is not None and tuple(held) != (connection_id,):
        raise BadRequest(
            "The table holds the rows of another company, and an update would lay these among "
            "them. Make a new export, or choose to replace all rows.",
            option="mode",
        )


def gone_on(
    exporter: Exporter,
    choice: Choice,
    kept: Mapping[str, Any] | None,
    block: Mapping[str, Any] | None,
) -> Update | None:
    """The same in a later step: until it is settled what has to be read, its table is told of
    again. Raises as `begun`.
    """
    if kept is None or kept["is_settled"]:
        return Update.of_cursor(kept) if kept else None
    update = begun(exporter, choice, block)
    return replace(update, waited=kept["waited"]) if update else None


def why_whole(
    update: Update,
    choice: EntityChoice,
    mark: Watermark | None,
    scope: str,
    now: datetime,
    reconcile: timedelta,
    *,
    replace: bool = False,
) -> Whole | str:
    """Why everything has to be read: a Whole where QuickBooks need not be asked what changed, else
    the reason, "" where there is none.
    """
    told = update.told
    if choice.entity.entity in WITHOUT_CDC | ALONE:
        return Whole("QuickBooks keeps no list of changes of these.")
    if told is None or not told.run or mark is None or mark.since is None:
        return Whole("The last run of this table did not end, or is not known here.")
    if now - mark.since > LOOK_BACK:
        return Whole("QuickBooks tells of the changes of 30 days, and the last run is older.")
    if replace:
        return "What people changed in the table is replaced."
    if mark.scope != scope:
        return "What was chosen, or what day it is, changed since the last run."
    columns = update_columns(choice)
    missing = [key for key in columns.needed if key not in told.columns]
    if missing:
        return "Columns by which rows are known have changed in the table."
    keys = told.columns[columns.key.key]
    if len(set(keys)) != len(keys):
        return "Two rows of the table stand for one record."
    moved = (mark.start, mark.end) != (choice.start, choice.end)
    if moved and columns.day is None:
        return "The days moved, and the table does not show them."
    if now - mark.full_at >= reconcile:
        return f"Everything is read once in {reconcile.days} days."
    return ""


def watermark(
    exporter: Exporter,
    of: Of,
    since: datetime | None,
    full_at: datetime,
    types: Mapping[str, str],
    records: int | None,
    lists: Sequence[str] | None = None,
) -> Watermark:
    choice = of.choice
    return Watermark(
        since,
        full_at,
        scope_of(exporter, of),
        choice.start,
        choice.end,
        types,
        kept(exporter, choice),
        records,
        lists,
    )


@dataclass(frozen=True, slots=True)
class Of:
    """What one company brings to an update of all `companies` of its table."""

    choice: EntityChoice
    companies: Sequence[tuple[str, str]]  # connections, and how the table calls them, if it does
    zone: str


def scope_of(exporter: Exporter, of: Of) -> str:
    """Stands for everything that was chosen but the days: with another one, rows may belong to the
    table that nobody touched, or show another name of their company.
    """
    choice, entity = of.choice, of.choice.entity
    chosen = [
        catalog.VERSION,
        *(text for company in of.companies for text in company),
        entity.key,
        of.zone,
        repr(choice.lines),
        repr(choice.order if choice.first is not None else None),
        *(column.key for column in choice.columns),
        *map(str, conditions(entity, None, None, include_inactive=choice.include_inactive)),
        *map(str, filters.asked(choice.judged)),
        *map(repr, choice.local),
    ]
    text = canonical([chosen]).encode()
    return hmac.digest(bytes.fromhex(exporter.digest_key), text, hashlib.sha256).hex()[:32]
