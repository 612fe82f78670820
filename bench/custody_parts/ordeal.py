"""One company's life under fire: trouble, then what people do after it, then what is left.

python -m bench.custody_parts.ordeal WHAT: goes on until so many victims were killed.
"""

from __future__ import annotations

import logging
import pathlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bench import machine
from bench.custody_parts.crew import Crew, Trouble
from bench.custody_parts.desk import DANA, ERIN, Desk, SharedClock
from bench.custody_parts.victim import KEY, Stores, Task
from counterfoil.adapters.firestore_records import FirestoreRecords
from counterfoil.adapters.firestore_records import client as firestore_client
from counterfoil.adapters.sealed_envelopes import SealedEnvelopes
from counterfoil.adapters.sealed_secrets import SealedSecrets
from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.secret_manager_secrets import SecretManagerSecrets
from counterfoil.adapters.secret_manager_secrets import client as secret_manager_client
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.people import ConnectionState
from counterfoil.flows.ports import Records, Secrets

DAY_S = 25 * 3600.0  # a rotation is due each time
LIFE = 20  # episodes of one company, which end before a spare's hundred days do

# What the victim is about, and what happens to it; how often.
ACTIONS = {
    "use": 30, "connect": 15, "take over": 13, "lost rights": 6, "pause": 8, "delete": 8,
    "erase": 12, "erase last": 4, "leave": 4,
}  # fmt: skip
TROUBLES = {
    "moment": 52, "any": 18, "thinking": 10, "clock": 8, "drop": 4, "late": 4, "busy": 2,
    "refuse": 2,
}  # fmt: skip


BESIDE = 0.6  # how often somebody else wants the token at the same moment
BESIDE_DIES = 0.5  # and how often they die as well


class Ordeal:
    def __init__(self, what: Mapping[str, Any], folder: pathlib.Path) -> None:
        self._what = what
        self._folder = folder
        self._chance = random.Random(what["seed"])
        self._clock = SharedClock()
        self._companies = 0
        self._next: Counter[str] = Counter()  # the moment at which the next of an action dies
        self.counts: Counter[str] = Counter()
        self.lasts_s = 0.1  # the wall clock's time from a victim's birth to its natural end
        self._begin()

    def _begin(self) -> None:
        """A new company in empty stores, with two consents."""
        self._companies += 1
        kept = self.crew if self._companies > 1 else None
        self.desk = Desk(self._clock, self._what["grace"])
        stores = _stores(self._what, self._folder, self._companies)
        self.crew = Crew(self.desk, stores, self._chance, self._judge, self._base)
        if kept is not None:
            self.crew.counts, self.crew.died_at = kept.counts, kept.died_at
            self.crew.outcomes, self.crew.moments = kept.outcomes, kept.moments
        self._established: dict[str, str] = {}  # persons, by a value that is theirs
        self._active = DANA
        self._tell = ""
        self._settle("begin")

    def episode(self) -> None:
        """One piece of trouble, what people do after it, and the count of what is left."""
        if self.counts["episodes"] % LIFE == LIFE - 1:
            self._begin()
        self._clock.pass_by(DAY_S)
        action = _picked(self._chance, ACTIONS)
        kind = _picked(self._chance, TROUBLES)
        self.counts["episodes"] += 1
        task = self._task(action)
        trouble = Trouble("" if kind == "moment" else kind)
        if kind in ("moment", "clock"):
            task = Task(task.action, task.sub, self._moment(task.action))
        if kind == "any":
            trouble.kills_after_s = self._chance.uniform(0, self.lasts_s)
        beside = []
        if self._chance.random() < BESIDE:
            dies = self._chance.random() < BESIDE_DIES
            beside = [Task("use", dies_at=self._chance.randrange(30) if dies else -1)]
        self._tell = f"{action}, {kind}, {task}, {len(beside)} beside"
        self.crew.play([task, *beside], trouble)
        self._clock.pass_by(BETWEEN_S)
        self._settle(task.action, task.sub, ends=(action == "erase last"))
        for name in ("doubled", "calls_in_window", "rotations"):
            self.counts[name] += getattr(self.desk, name)
            setattr(self.desk, name, 0)

    def _task(self, action: str) -> Task:
        if action == "take over":
            self.desk.disconnect(self._active)
            return Task("use")
        if action == "lost rights":
            self.desk.denied.add(self._active)
            return Task("use")
        if action == "erase last":
            first, last = self._chance.sample((DANA, ERIN), 2)
            self.crew.play([Task("leave", first)], Trouble())
            return Task("erase", last)
        return Task(action, self._chance.choice((DANA, ERIN)))

    def _moment(self, action: str) -> int:
        """Each moment of an action in turn; of the processes of a run each begins elsewhere."""
        known = self.crew.moments.get(action)
        if known is None:
            return self._chance.randrange(40)
        if action not in self._next:
            self._next[action] = self._chance.randrange(known)
        self._next[action] += 1
        return self._next[action] % known

    def _settle(self, action: str, sub: str = DANA, *, ends: bool = False) -> None:
        """`ends`: nobody is left, and the company goes."""
        self._action, self._sub = action, sub
        self._ends = ends or action in ("pause", "delete")
        self.desk.thinking.clear()
        self.crew.play([Task("settle", sub, after=action)], Trouble())

    def _judge(self, outcome: str, found: dict[str, Any]) -> list[str]:
        """Counts what was lost or falsely given up; who has to consent anew."""
        gone = self._gone()
        self._judge_end(outcome, found, gone)
        alive = {sub for sub, grant in found["grants"].items() if self._alive(sub, grant, found)}
        if not self._ends:
            for sub in self._established.keys() - found["grants"].keys() - gone:
                self._bad("lost_outside_window", f"{sub}'s grant is gone", found)
            if alive and found["state"] is ConnectionState.NEEDS_RECONNECTION:
                self._bad("falsely_broken", outcome, found)
            elif alive and outcome not in ("fine", "connected"):
                self._bad("stuck", outcome, found)
        self.desk.denied.clear()
        self.desk.disconnected.clear()
        # Whoever left is a member again by a consent.
        left = {self._sub} if self._action == "leave" else set()
        return [sub for sub in (DANA, ERIN) if sub not in alive - left]

    def _gone(self) -> set[str]:
        """Whose consent has to be at its end."""
        if self._ends:
            return {DANA, ERIN}
        return {self._sub} if self._action == "erase" else set()

    def _judge_end(self, outcome: str, found: dict[str, Any], gone: set[str]) -> None:
        """What was to end is finished, and nothing is left of it here or at Intuit."""
        if self._ends and outcome not in ("left", "not connected"):
            self._bad("unfinished", outcome, found)
        if gone & (found["grants"].keys() | found["secrets"]):
            self._bad("unfinished", f"kept of {gone}: {found['secrets']}", found)
        for line in self.desk.tokens.lines():
            # What the store has never had cannot be revoked by anybody.
            known = line.refresh in self.desk.acknowledged
            if line.consent.sub in gone and known and not line.ended:
                self._bad("unfinished", f"Intuit honours {line.consent.sub}'s", found)

    def _alive(self, sub: str, grant: dict[str, Any], found: dict[str, Any]) -> bool:
        """Whether the grant can still be used: Intuit honours it, and a value of it is stored."""
        line = self.desk.tokens.line_of(grant["pointed"] or self._established.get(sub, ""))
        if line is None:
            return False
        if line.ended:
            if sub not in self.desk.disconnected | self._gone():
                self._bad("lost_outside_window", f"we ended {sub}'s consent at Intuit", found)
            return False
        if line.refresh not in grant["values"] and not self._heals(line, grant):
            if line.refresh in self.desk.acknowledged:
                self._bad("lost_outside_window", sub, found)
            else:
                self.counts["lost_in_window"] += 1
            return False
        if grant["refused"]:
            self._bad("falsely_broken", sub, found)
        return not grant["refused"] and not grant["denied"]

    def _heals(self, line: Any, grant: dict[str, Any]) -> bool:
        """A spare that nobody has asked about yet, whose old value Intuit still takes."""
        return self._what["grace"] and line.previous in grant["values"]

    def _base(self, found: dict[str, Any]) -> None:
        assert found["state"] is ConnectionState.CONNECTED, found["state"]
        assert found["grants"].keys() == {DANA, ERIN}
        self._established = {sub: grant["pointed"] for sub, grant in found["grants"].items()}
        self._active = found["active"]

    def _bad(self, what: str, why: str, found: dict[str, Any]) -> None:
        self.counts[what] += 1
        shown = {sub: (g["refused"], len(g["values"])) for sub, g in found["grants"].items()}
        machine.say(f"{what}: {self._tell}: {why}; {found['state']}, {found['active']}, {shown}")

    def measured(self) -> float:
        """Seconds of the wall clock that a use with a refresh takes here, fork and all."""
        began = time.perf_counter()
        for action in ("use", "connect"):
            self._clock.pass_by(DAY_S)
            self.crew.play([Task(action)], Trouble())
        return (time.perf_counter() - began) / 2

    def result(self) -> dict[str, Any]:
        return {
            **self.crew.counts,
            **self.counts,
            "places": dict(self.crew.died_at),
            "outcomes": dict(self.crew.outcomes),
        }


BETWEEN_S = 160.0  # until the next person comes: a dead holder's lease has run out


def _picked(chance: random.Random, weights: Mapping[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _stores(what: Mapping[str, Any], folder: pathlib.Path, number: int) -> Stores:
    """Made by each victim for itself: the parent opens no file and no channel."""
    if what["stores"] == "embedded":
        place = folder / str(number)
        return lambda: (
            SqliteRecords(place / "records.sqlite"),
            SealedSecrets(place / "secrets.sqlite", KEY),
        )
    project = f"{what['project']}-{number}"

    def records() -> FirestoreRecords:
        return FirestoreRecords(project, lambda: firestore_client(what["firestore"]))

    def envelopes() -> tuple[Records, Secrets]:
        kept = records()
        return kept, SealedEnvelopes(kept.together, AesSealer(KEY, purpose="secrets"))

    if what["stores"] == "envelopes":
        return envelopes
    return lambda: (
        records(),
        SecretManagerSecrets(project, lambda: secret_manager_client(what["secret_manager"])),
    )


def endured(what: Mapping[str, Any]) -> dict[str, Any]:
    """`kills`, `grace`, `seed`, `stores`; for the cloud's also where they are. Goes on until so
    many were killed, and for so many `episodes` at least.
    """
    shm = pathlib.Path("/dev/shm")  # noqa: S108 - faster, and gone with the folder
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        ordeal = Ordeal(what, pathlib.Path(folder))
        ordeal.lasts_s = ordeal.measured()
        while ordeal.crew.counts["kills"] < what["kills"] or ordeal.counts["episodes"] < what.get(
            "episodes", 0
        ):
            ordeal.episode()
        return ordeal.result()


def main() -> None:
    logging.disable()
    machine.tell(endured(machine.given()))


if __name__ == "__main__":
    main()
