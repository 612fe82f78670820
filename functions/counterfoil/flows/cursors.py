"""What a run carries from step to step, sealed: nobody but us reads or makes one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from counterfoil import catalog
from counterfoil.core.dates import zone
from counterfoil.core.errors import CursorExpired, NotFound
from counterfoil.core.occasions import Occasion
from counterfoil.core.people import Sheet, User
from counterfoil.core.stores import SealBroken
from counterfoil.flows import runs
from counterfoil.flows.ports import Clock, Sealer

LIFE = timedelta(hours=2)  # from the step that issued it
# Those of managed refresh that go on in another tick, by exporter.
PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a run stands. Opens only for the user and the spreadsheet it was made for."""

    run_id: str
    fence: int  # which of the exporter's runs it is
    exporter_id: str
    revision: int
    companies: Sequence[Mapping[str, Any]]  # that it reads: id, name, fiscal_month
    zone: str  # the spreadsheet's when the run began: all its rows use the same
    day: str  # there, when the run began: what dates that move are counted from
    cells: Mapping[str, str | None]  # what stood in the cells that the export names
    is_new: bool  # the block has never been written
    replace: bool  # whatever people did to it
    tidy_up: bool  # lines and columns of a report that are gone leave the sheet
    calls: int
    setbacks: int  # steps in a row that QuickBooks refused
    pauses: int  # so many of them with a throttle's pause of a minute
    drops: Sequence[str]  # dead runs whose stages the sheet drops before anything else
    position: Mapping[str, Any] | None  # of the reading; None at the very beginning
    update: Mapping[str, Any] | None = None  # of an update: updates.Update.as_cursor
    ids: Sequence[Any] | None = None  # of each company, those of the names that filters compare

    @property
    def occasions(self) -> list[Occasion]:
        """Of each company, the same for all steps of the run."""
        day, where = date.fromisoformat(self.day), zone(self.zone)
        return [Occasion(day, where, each["fiscal_month"], self.cells) for each in self.companies]


@dataclass(frozen=True, slots=True)
class Cursors:
    sealer: Sealer
    clock: Clock

    def sealed(self, user: User, sheet: Sheet, cursor: Cursor) -> str:
        content = {
            **asdict(cursor),
            "until": (self.clock() + LIFE).timestamp(),
            "catalog": catalog.VERSION,
        }
        plain = json.dumps(content, separators=(",", ":")).encode()
        return self.sealer.seal(plain, bound_to=_bound(user, sheet))

    def opened(self, user: User, sheet: Sheet, text: str) -> Cursor:
        """Raises NotFound for what is tampered with or somebody else's, CursorExpired."""
        try:
            content = json.loads(self.sealer.open(text, bound_to=_bound(user, sheet)))
        except SealBroken as error:
            raise NotFound("There is no such run in this spreadsheet.") from error
        until = datetime.fromtimestamp(content.pop("until"), UTC)
        over = None
        # What a cursor holds changes with the deployment, as the catalog does.
        held = content.keys() - {"catalog"} == {each.name for each in fields(Cursor)}
        if content.pop("catalog") != catalog.VERSION or not held:
            over = CursorExpired("Counterfoil was updated during this run. Please export again.")
        elif self.clock() >= until:
            over = CursorExpired("This run was left for too long. Please export again.")
        if over:
            raise runs.ended(over, content["run_id"], content["exporter_id"])
        return Cursor(**content)


def _bound(user: User, sheet: Sheet) -> str:
    # A list, so that no user's sub can run into a sheet's digest.
    return json.dumps(["cursor", user.sub, sheet.digest])
