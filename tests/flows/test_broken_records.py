"""One record that is not what it should be stops no other: each on its own, journalled, go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from counterfoil.flows.hints import Hints
from counterfoil.flows.leaving import What
from tests.flows.world import ACME, ANA, BEN, ERIN, HOSTILE, World

OTHER = "9130347596842112"


class Day:
    """Two companies that are idle and of which a hint came, one that is being paused, one secret
    without a grant; the ids of the first company's records come before those of the second.
    """

    def __init__(self) -> None:
        self.world = world = World()
        world.companies.names |= {OTHER: "Other Ltd"}
        one, two = world.connected(realm=ACME), world.connected(realm=HOSTILE)
        self.paused = world.connected(BEN, realm=OTHER, sub=ERIN)
        self.realms = {one: ACME, two: HOSTILE}
        self.first, self.second = sorted(self.realms)
        world.clock.advance(days=8)
        for realm in (ACME, HOSTILE):
            Hints(world.records, world.clock).disconnected(realm)
        world.leaving.mark(self.paused, What.PAUSE, BEN)
        self._storing("con_a", "intuit-of-nobody")
        self._storing("con_z", "intuit-of-nobody")

    def _storing(self, connection_id: str, sub: str) -> None:
        self.world.records.create(
            "storing",
            f"{connection_id}:{sub}",
            {
                "connection_id": connection_id,
                "sub": sub,
                "user": "1009",
                "started_at": self.world.clock(),
                "given_up": False,
            },
        )
        self.world.clock.advance(hours=1)

    def breaks(self, collection: str, id: str, field: str, value: Any) -> None:
        held = self.world.records.get(collection, id)
        assert held is not None
        data = {name: kept for name, kept in held.data.items() if name != field}
        if value is not MISSING:
            data[field] = value
        self.world.records.replace(held, data)


MISSING = object()


def _named(value: Any) -> str:
    return "missing" if value is MISSING else repr(value)


FIELDS = {
    "grants": [
        "connection_id", "state", "refusals", "refreshed_at", "refresh_version", "sub",
        "previous_until", "access", "access_expires", "generation", "superseded",
    ],
    "connections": ["state", "active_grant", "realm_id"],
    "storing": ["started_at", "connection_id", "sub", "given_up"],
    "hints": ["realm_id", "expires_at"],
    "realms": ["connection_id"],
}  # fmt: skip


@pytest.fixture
def day() -> Day:
    return Day()


def places(day: Day, collection: str) -> str:
    """The record of the first company."""
    records = day.world.records.all(collection)
    if collection == "hints":
        return next(id for id, it in records.items() if it["realm_id"] == day.realms[day.first])
    if collection == "realms":
        return day.realms[day.first]
    if collection == "connections":
        return day.first
    return min(id for id in records if id.startswith((f"{day.first}:", "con_a:")))


@pytest.mark.parametrize("value", [MISSING, None, 7, "not that", ["x"], {}], ids=_named)
@pytest.mark.parametrize(
    ("collection", "field"), [(name, field) for name in FIELDS for field in FIELDS[name]]
)
def test_a_broken_record_stops_no_other(day: Day, collection: str, field: str, value: Any) -> None:
    world = day.world
    day.breaks(collection, places(day, collection), field, value)
    began = world.clock.now
    ticked = world.upkeep.tick()
    second = world.grant(day.second)
    assert second.refreshed_at >= began
    assert world.records.all("connections")[day.second]["hinted_at"] >= began
    paused = world.records.all("connections")[day.paused]
    assert (paused["leaving"], ticked.finished) == (None, 1)
    assert "con_z:intuit-of-nobody" not in world.records.all("storing")
    assert ticked.purged == 7
    # And again: it is no worse the next time.
    world.clock.advance(hours=1)
    assert world.upkeep.tick().purged == 7


@pytest.mark.parametrize("field", ["state", "refusals", "sub"])
def test_a_company_to_be_left_whose_consent_is_broken_stops_no_other(day: Day, field: str) -> None:
    world = day.world
    world.leaving.mark(day.first, What.PAUSE, ANA)
    world.leaving.mark(day.second, What.PAUSE, ANA)
    day.breaks("grants", places(day, "grants"), field, MISSING)
    assert world.upkeep.tick().finished == 2
    assert world.records.all("connections")[day.second]["leaving"] is None
    assert world.records.all("connections")[day.first]["leaving"] == "pause"


@pytest.mark.parametrize("field", ["after", "at"])
@pytest.mark.parametrize("value", [MISSING, 7, ["x"]], ids=_named)
def test_a_place_that_is_broken_is_begun_anew(day: Day, field: str, value: Any) -> None:
    world = day.world
    world.upkeep.tick()
    world.clock.advance(days=8)
    day.breaks("upkeep", "place", field, value)
    assert world.upkeep.tick_if_due() is not None
    assert world.grant(day.second).refreshed_at == world.clock.now


def test_what_breaks_is_journalled_without_names(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    day.breaks("connections", day.first, "state", MISSING)
    day.world.upkeep.tick()
    told = [record for record in caplog.records if record.levelname == "ERROR"]
    assert told
    for record in told:
        assert record.msg == "broken record"
        assert record.fields["error"] == "KeyError"  # type: ignore[attr-defined]
        assert "intuit-" not in str(record.fields)  # type: ignore[attr-defined]


def test_a_part_that_breaks_as_a_whole_stops_no_other(day: Day) -> None:
    def breaks() -> int:
        raise KeyError("expires_at")

    began = day.world.clock.now
    ticked = replace(day.world.upkeep, orphans=breaks, purge=breaks).tick()
    assert (ticked.orphaned, ticked.purged, ticked.finished) == (0, 0, 1)
    for id in (day.first, day.second):
        assert day.world.grant(id).refreshed_at == began
