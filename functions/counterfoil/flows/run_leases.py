"""One run of an exporter at a time: whose it is, since when, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from counterfoil.core.dates import wall_clock, zone
from counterfoil.core.errors import CursorExpired, RunInProgress, ServiceUnavailable
from counterfoil.core.people import Sheet, User
from counterfoil.core.stores import AlreadyThere, Changed, Document, Write
from counterfoil.flows.leases import LEASES
from counterfoil.flows.ports import Clock, Records
from counterfoil.flows.rewriting import rewritten

LEASE = timedelta(minutes=3)
# Each step renews, but a record that was written a moment ago need not be written again: so
# long at least a run is left alone after its last step.
_AT_LEAST = timedelta(minutes=2, seconds=30)

# Runs in a row that did not end well; each new one drops the stages of all of them.
_MOST_STAGES = 20

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Turn:
    """A run's turn at its exporter: how many had one so far, and what the dead ones left."""

    fence: int
    dead: Sequence[str]  # runs whose stages the new one drops first


@dataclass(frozen=True, slots=True)
class RunLeases:
    """Kept in `leases` as `run:<exporter>`: the run, its user, and the stages of dead runs.

    A record lives as long as its exporter: its fence must not begin anew while a receipt in a
    sheet holds a higher one, which would stop every run as superseded.
    """

    records: Records
    clock: Clock

    def take(
        self,
        exporter_id: str,
        run_id: str,
        user: User,
        sheet: Sheet,
        *,
        take_over: bool,
    ) -> Turn:
        """Raises RunInProgress while somebody's run is alive. A parked one is given up only with
        `take_over`; one that let its lease run out is dead.
        """
        for _ in range(_TRIES):
            now = self.clock()
            held = self.records.get(LEASES, run_lease(exporter_id))
            data = held.data if held else {}
            owner = data.get("owner", "")
            if owner and now < data["expires_at"]:
                parked = data["parked_until"] is not None
                if not (parked and take_over):
                    raise _in_progress(data, user, sheet)
            dead = [*data.get("stages", ()), *([owner] if owner else [])][-_MOST_STAGES:]
            fence = data.get("fence", 0) + 1
            turn = Turn(fence, dead)
            if self._put(held, exporter_id, _taken(turn, run_id, user, now)):
                return turn
        raise ServiceUnavailable("Counterfoil's store is too busy. Please try again in a minute.")

    def first(self, exporter_id: str, run_id: str, user: User) -> tuple[Turn, Write]:
        """The turn of an exporter's first run, and what takes it: nobody had one before."""
        turn = Turn(1, ())
        lease = _taken(turn, run_id, user, self.clock())
        return turn, Write(LEASES, run_lease(exporter_id), lease)

    def alive(self, exporter_id: str) -> Mapping[str, str | None] | None:
        """Whose run of it is alive, since when, and when it goes on if it is parked."""
        held = self.records.get(LEASES, run_lease(exporter_id))
        if held is None or not held.data["owner"] or self.clock() >= held.data["expires_at"]:
            return None
        return {"by": held.data["email"], **_times(held.data)}

    def renew(self, exporter_id: str, run_id: str, user: User, sheet: Sheet) -> None:
        """The run goes on. Raises RunInProgress or CursorExpired when it is no longer its turn."""
        for _ in range(_TRIES):
            now = self.clock()
            held = self.records.get(LEASES, run_lease(exporter_id))
            if held is None or held.data["owner"] != run_id:
                raise _lost(held.data if held else {}, now, user, sheet)
            fresh = held.data["expires_at"] >= now + _AT_LEAST
            if fresh and held.data["parked_until"] is None:
                return
            renewed = {**held.data, "expires_at": now + LEASE, "parked_until": None}
            if self._put(held, exporter_id, renewed):
                return
        raise ServiceUnavailable("Counterfoil's store is too busy. Please try again in a minute.")

    def park(self, exporter_id: str, run_id: str, until: datetime) -> bool:
        """Nobody works on the run until then; False when it is no longer its turn."""
        for _ in range(_TRIES):
            held = self.records.get(LEASES, run_lease(exporter_id))
            if held is None or held.data["owner"] != run_id:
                return False
            parked = {**held.data, "parked_until": until, "expires_at": until + LEASE}
            if self._put(held, exporter_id, parked):
                return True
        return False

    def release(self, exporter_id: str, run_id: str, *, swept: bool) -> None:
        """The run has ended; `swept` when the sheet has dropped its stage and those of the dead.
        Otherwise the next run does: a writer that failed may not have come to that either.
        """
        for _ in range(_TRIES):
            held = self.records.get(LEASES, run_lease(exporter_id))
            if held is None or held.data["owner"] != run_id:
                return
            free = given_back(held.data, self.clock())
            if swept:
                free["stages"] = []
            if self._put(held, exporter_id, free):
                return

    def clear(self, exporter_id: str) -> None:
        """Whoever runs it has lost their turn, and their name is gone."""
        held = self.records.get(LEASES, run_lease(exporter_id))
        rewritten(self.records, held, lambda data: given_back(data, self.clock()))

    def forget(self, exporter_id: str) -> None:
        self.records.delete(LEASES, run_lease(exporter_id))

    def _put(self, held: Document | None, exporter_id: str, data: Mapping[str, Any]) -> bool:
        try:
            if held is None:
                self.records.create(LEASES, run_lease(exporter_id), data)
            else:
                self.records.replace(held, data)
        except (AlreadyThere, Changed):
            return False
        return True


def run_lease(exporter_id: str) -> str:
    """The lease of an exporter's run."""
    return f"run:{exporter_id}"


def given_back(data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The lease as nobody's: the fence and the stages to drop stay, the person does not."""
    owner = data["owner"]
    stages = [*data.get("stages", ()), *([owner] if owner else [])][-_MOST_STAGES:]
    return {"owner": "", "fence": data["fence"], "expires_at": now, "stages": stages}


def _taken(turn: Turn, run_id: str, user: User, now: datetime) -> dict[str, Any]:
    return {
        "owner": run_id,
        "fence": turn.fence,
        "expires_at": now + LEASE,
        "since": now,
        "user": user.sub,
        "email": user.email,
        "parked_until": None,
        "stages": list(turn.dead),
    }


def _in_progress(data: Mapping[str, Any], user: User, sheet: Sheet) -> RunInProgress:
    """Who runs it since when, in the asking spreadsheet's time; and when a parked run goes on."""
    since: datetime = data["since"]
    until: datetime | None = data["parked_until"]
    here = zone(sheet.zone)
    mine = data["user"] == user.sub
    who, whose = ("You have", "Your") if mine else (f"{data['email']} has", f"{data['email']}’s")
    if until is None:
        sentence = (
            f"{who} been running this export since {wall_clock(since, here)}. "
            "Wait until it is done."
        )
    else:
        sentence = (
            f"{whose} run of this export, begun {wall_clock(since, here)}, is parked and goes on "
            f"at {wall_clock(until, here)}. Wait for it, or take it over."
        )
    may = until is not None
    return RunInProgress(sentence, by=data["email"], **_times(data), may_take_over=may)


def _times(data: Mapping[str, Any]) -> dict[str, str | None]:
    since: datetime = data["since"]
    until: datetime | None = data["parked_until"]
    return {
        "since": since.isoformat(timespec="seconds"),
        "goes_on_at": until.isoformat(timespec="seconds") if until else None,
    }


def _lost(data: Mapping[str, Any], now: datetime, user: User, sheet: Sheet) -> Exception:
    if data.get("owner") and now < data["expires_at"]:
        return _in_progress(data, user, sheet)
    return CursorExpired("This export was run by somebody else meanwhile. Please export again.")
