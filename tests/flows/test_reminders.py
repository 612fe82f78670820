"""Letters about schedules that were not kept: to whom, of what, and never twice in a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.people import Role
from counterfoil.core.plans import Plan, Stopped
from counterfoil.core.reminders import Letter, Posted, trouble
from counterfoil.core.schedules import parsed
from counterfoil.flows.leaving import What
from counterfoil.flows.reminders import Reminders
from counterfoil.flows.schedules import Schedules
from counterfoil.flows.upkeep import Upkeep
from tests.flows.world import ACME, ANA, BEN, HOSTILE, SHEET, World

DAILY = {"often": "daily", "hour": 9}


class Killed(BaseException):
    """The process is gone."""


class FakePost:
    """A mail server that keeps what it takes; `comes` are its next answers."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, Letter]] = []
        self.tries = 0
        self.comes: list[Posted | type[BaseException]] = []

    def send(self, to: str, letter: Letter) -> Posted:
        self.tries += 1
        came = self.comes.pop(0) if self.comes else Posted.TAKEN
        if isinstance(came, type):
            raise came
        if came in (Posted.TAKEN, Posted.UNKNOWN):
            self.letters.append((to, letter))
        return came

    @property
    def told(self) -> list[str]:
        return [to for to, _ in self.letters]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def post() -> FakePost:
    return FakePost()


@pytest.fixture
def upkeep(world: World, post: FakePost) -> Upkeep:
    return replace(world.upkeep, reminders=Reminders(world.records, post, world.clock))


def scheduled(world: World, *connections: str, **changes: Any) -> str:
    user = changes.pop("user", ANA)
    id = world.exporter(*connections, user=user, name=changes.pop("name", "Open invoices"))
    schedules = Schedules(world.exporters, world.connections)
    schedules.schedule(user, SHEET, id, parsed(DAILY).as_json())
    return id


def plan(world: World, id: str, **changes: Any) -> None:
    document = world.records.get("exporters", id)
    assert document is not None
    data = dict(document.data)
    world.records.replace(document, {**data, "plan": {**data["plan"], **changes}})


def hours(world: World, upkeep: Upkeep, count: int) -> Iterator[int]:
    """How many letters each tick sent, hour by hour."""
    for _ in range(count):
        world.clock.advance(hours=1)
        yield upkeep.tick().mailed


def test_an_export_that_nobody_refreshed_is_told_to_its_author_once_a_day(
    world: World, post: FakePost, upkeep: Upkeep
) -> None:
    scheduled(world, world.connected(realm=ACME))
    # It is 07:00 in New York; due at 9, late from 11 on. Rounds are every six hours.
    assert sum(hours(world, upkeep, 4)) == 0
    assert sum(hours(world, upkeep, 24)) == 1
    assert sum(hours(world, upkeep, 48)) == 2
    to, letter = post.letters[0]
    assert to == "ana@example.com"
    assert letter.subject == "Counterfoil: a table was not refreshed"
    assert letter.text.startswith(
        "You saved these exports in Counterfoil and gave them a schedule. They are waiting:\n\n"
        "Open invoices: has never been refreshed yet\n"
        "Its time has passed and nothing has refreshed it.\n\n"
    )


def test_all_exports_of_a_person_come_in_one_letter_and_those_of_others_in_another(
    world: World, post: FakePost, upkeep: Upkeep
) -> None:
    company = world.connected(realm=ACME)
    world.member(BEN, company, Role.EDITOR)
    for name in ("Open invoices", "Paid invoices"):
        scheduled(world, company, name=name)
    scheduled(world, company, user=BEN, name="Ben's own")
    world.clock.advance(hours=30)
    assert upkeep.tick().mailed == 2
    letters = dict(post.letters)
    assert letters["ana@example.com"].subject == "Counterfoil: 2 tables were not refreshed"
    assert "Open invoices:" in letters["ana@example.com"].text
    assert "Paid invoices:" in letters["ana@example.com"].text
    assert "Ben's own" not in letters["ana@example.com"].text
    assert "Ben's own:" in letters["ben@example.com"].text


@pytest.mark.parametrize("why", Stopped)
def test_whatever_stops_a_schedule_is_said_in_a_sentence(world: World, why: Stopped) -> None:
    now = world.clock()
    stopped = Plan.made(parsed(DAILY), now, ZoneInfo("UTC")).ended(why)
    said = trouble(stopped, None, now)
    assert said is not None
    assert said.startswith(("Its schedule has paused: ", "Its managed refresh has stopped: "))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"stopped": "errors"},
            "Its schedule has paused: three runs in a row ended with something that a person must "
            "see to.",
        ),
        ({"stopped": "left"}, "Its schedule has paused: whoever it ran as is no member any more."),
        (
            {"stopped": "unshared"},
            "Its managed refresh has stopped: the spreadsheet is not shared any more with the "
            "address that writes there. Share it again, then turn managed refresh on again.",
        ),
        (
            {"stopped": "unproven"},
            "Its managed refresh has stopped: the export was changed since somebody showed that "
            "they may edit the spreadsheet. Whoever may edit it can turn managed refresh on again.",
        ),
        (
            {"strikes": 1},
            "Its last run failed. QuickBooks no longer accepts our key: somebody has to reconnect.",
        ),
    ],
)
def test_a_failed_and_a_paused_schedule_are_told_at_once(
    world: World, post: FakePost, upkeep: Upkeep, changes: dict[str, Any], said: str
) -> None:
    id = scheduled(world, world.connected(realm=ACME))
    plan(world, id, good_at=world.clock() - timedelta(days=2), **changes)
    document = world.records.get("exporters", id)
    assert document is not None
    failed = {"state": "failed", "code": "reconnect_required", "at": world.clock()}
    world.records.replace(document, {**document.data, "last_run": failed})
    assert upkeep.tick().mailed == 1
    ((_, letter),) = post.letters
    assert f"Open invoices: not refreshed since 20 November 2026, 07:00\n{said}\n" in letter.text


def test_nothing_is_told_of_what_rests_by_somebodys_wish(
    world: World, post: FakePost, upkeep: Upkeep
) -> None:
    paused = world.connected(realm=HOSTILE)
    scheduled(world, paused)
    world.leaving.mark(paused, What.PAUSE, ANA)
    world.leaving.finish(paused)
    running = world.connected(realm=ACME)
    frozen = scheduled(world, running)
    document = world.records.get("exporters", frozen)
    assert document is not None
    world.records.replace(document, {**document.data, "frozen_at": world.clock()})
    world.exporter(running)  # without a schedule
    assert sum(hours(world, upkeep, 30)) == 0
    assert post.tries == 0


def test_who_is_no_member_any_more_gets_no_letter(
    world: World, post: FakePost, upkeep: Upkeep
) -> None:
    company = world.connected(realm=ACME)
    world.member(BEN, company, Role.EDITOR)
    scheduled(world, company, user=BEN)
    world.records.delete("members", f"{company}:{BEN.sub}")
    assert sum(hours(world, upkeep, 30)) == 0
    assert post.tries == 0


def test_a_mail_server_that_is_away_is_asked_again_by_the_next_tick(
    world: World, post: FakePost, upkeep: Upkeep
) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    post.comes = [Posted.AWAY, Posted.AWAY]
    assert list(hours(world, upkeep, 4)) == [0, 0, 1, 0]
    assert post.tries == 3
    assert post.told == ["ana@example.com"]


def test_a_server_that_is_away_is_tried_once_a_tick_and_nobody_is_passed_over(
    world: World, post: FakePost, upkeep: Upkeep
) -> None:
    company = world.connected(realm=ACME)
    world.member(BEN, company, Role.EDITOR)
    for user in (ANA, BEN):
        scheduled(world, company, user=user)
    world.clock.advance(hours=30)
    post.comes = [Posted.TAKEN, Posted.AWAY]
    assert list(hours(world, upkeep, 2)) == [1, 1]
    assert sorted(post.told) == ["ana@example.com", "ben@example.com"]


@pytest.mark.parametrize("came", [Posted.UNKNOWN, Posted.REFUSED])
def test_what_may_have_arrived_or_is_refused_for_good_is_not_sent_again_that_day(
    world: World, post: FakePost, upkeep: Upkeep, came: Posted
) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    post.comes = [came]
    assert sum(hours(world, upkeep, 20)) == 0
    assert post.tries == 1


@pytest.mark.parametrize("death", [Killed, MemoryError])
def test_a_process_that_dies_while_it_sends_sends_no_second_letter(
    world: World, post: FakePost, upkeep: Upkeep, death: type[BaseException]
) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    post.comes = [death]
    with pytest.raises(death):
        upkeep.tick()
    assert sum(hours(world, upkeep, 20)) == 0
    assert post.tries == 1
    assert sum(hours(world, upkeep, 10)) == 1


@pytest.mark.parametrize(
    ("write", "letters"),
    [(0, 0), (1, 1)],
    ids=["the day was noted", "the round was noted"],
)
def test_killed_after_a_write_the_next_tick_tells_nobody_twice(
    world: World, post: FakePost, write: int, letters: int
) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    left = iter(range(write, -1, -1))

    class Dying:
        def __getattr__(self, name: str) -> Any:
            real = getattr(world.records, name)

            def call(*args: Any, **kwargs: Any) -> Any:
                done = real(*args, **kwargs)
                if next(left) == 0:
                    raise Killed
                return done

            return call if name in ("create", "replace", "delete") else real

    with pytest.raises(Killed):
        Reminders(Dying(), post, world.clock).mail(lambda: True)
    Reminders(world.records, post, world.clock).mail(lambda: True)
    assert len(post.letters) == letters
    world.clock.advance(hours=25)
    assert Reminders(world.records, post, world.clock).mail(lambda: True) == 1


def test_two_ticks_at_once_tell_once(world: World, post: FakePost) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    ours = Reminders(world.records, post, world.clock)
    counted: list[int] = []

    class Behind:
        """Another tick comes to its end while this one is about to note the day."""

        def __getattr__(self, name: str) -> Any:
            real = getattr(world.records, name)
            if name != "create":
                return real

            def create(collection: str, *args: Any) -> Any:
                if collection == "mails" and not counted:
                    counted.append(ours.mail(lambda: True))
                return real(collection, *args)

            return create

    counted.append(Reminders(Behind(), post, world.clock).mail(lambda: True))
    assert sorted(counted) == [0, 1]
    assert post.told == ["ana@example.com"]


def test_a_store_that_is_away_breaks_no_tick(
    world: World, upkeep: Upkeep, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    find = world.records.find

    def away(collection: str, *args: Any, **kwargs: Any) -> Any:
        if collection == "exporters":
            raise ServiceUnavailable("The store is away.")
        return find(collection, *args, **kwargs)

    monkeypatch.setattr(world.records, "find", away)
    ticked = upkeep.tick()
    assert (ticked.mailed, ticked.purged) == (0, 7)


def test_without_a_mail_server_no_export_is_read(world: World) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    assert world.upkeep.tick().mailed == 0
    assert world.records.get("upkeep", "mails") is None


def test_when_the_time_is_over_the_next_tick_goes_on(world: World, post: FakePost) -> None:
    company = world.connected(realm=ACME)
    world.member(BEN, company, Role.EDITOR)
    for user in (ANA, BEN):
        scheduled(world, company, user=user)
    world.clock.advance(hours=30)
    looks = iter([True, False])
    reminders = Reminders(world.records, post, world.clock)
    assert reminders.mail(lambda: next(looks)) == 1
    assert reminders.mail(lambda: True) == 1
    assert sorted(post.told) == ["ana@example.com", "ben@example.com"]


def test_who_erases_themselves_takes_the_note_along(
    world: World, post: FakePost, upkeep: Upkeep
) -> None:
    scheduled(world, world.connected(realm=ACME))
    world.clock.advance(hours=30)
    assert upkeep.tick().mailed == 1
    assert len(world.records.all("mails")) == 1
    assert world.erasing.erase(ANA)["left"] == 0
    assert world.records.all("mails") == {}
