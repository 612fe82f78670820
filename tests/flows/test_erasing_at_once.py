"""An erasing that is killed anywhere, or meets somebody: the same call again leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from counterfoil.core.errors import AppError, ConnectionBusy
from counterfoil.core.grants import Grant, GrantState, refresh_lease
from counterfoil.core.people import Role
from counterfoil.flows.active_grants import ActiveGrants
from counterfoil.flows.budgets import Budgets
from counterfoil.flows.invitations import Invitations
from counterfoil.flows.leases import Leases
from counterfoil.flows.leaving import What
from counterfoil.flows.run_leases import RunLeases
from counterfoil.flows.runs import Runs
from counterfoil.flows.storing import Storing
from tests.flows.test_erasing import Killed, erased, traces
from tests.flows.world import ANA, BEN, DANA, ERIN, SHEET, World


@pytest.fixture
def world() -> World:
    return World()


# A secret that is made anew just as its grant ends


def erased_just_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana is erased between the moment that a token arrives and that it is stored."""
    add = world.secrets.add

    def late(name: str, payload: bytes) -> str:
        monkeypatch.setattr(world.secrets, "add", add)
        world.erasing.erase(ANA)
        return add(name, payload)

    monkeypatch.setattr(world.secrets, "add", late)


def test_whoever_dies_over_a_grant_that_ended_meanwhile_leaves_no_secret_for_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.member(BEN, world.connected(ANA, sub=DANA), Role.OWNER)
    _, state, browser = world.leave(BEN)
    erased_just_before(world, monkeypatch)
    at_label(world, "secret_stored")
    with pytest.raises(Killed):
        world.come_back(state, browser, sub=DANA)
    world.at_step = lambda label: None
    assert any(world.secrets.kept.values())
    world.clock.advance(hours=2)
    world.upkeep.tick()
    assert not any(world.secrets.kept.values())
    assert world.records.all("storing") == {}


def test_a_refresh_of_a_grant_that_ended_meanwhile_leaves_no_secret(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)
    world.clock.advance(hours=25)
    monkeypatch.setattr(world.leaving, "_alone", unguarded)
    erased_just_before(world, monkeypatch)
    with pytest.raises(AppError):
        world.tokens.for_connection(connection_id)
    assert world.records.all("grants") == {}
    assert not any(world.secrets.kept.values())


@contextmanager
def unguarded(grant: Grant) -> Iterator[Callable[[], None]]:
    """As if the lease of whoever refreshes had run out while they were frozen."""
    yield lambda: None


# Wherever it is killed


def alone(world: World) -> None:
    """Her company is nobody else's, and so is what she began there."""
    connection_id = world.connected(ANA, sub=DANA)
    world.exporter(connection_id)
    world.leave(ANA)


def with_a_spare(world: World) -> None:
    """Ben's consent takes over from the active one, which is hers."""
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    exporter = world.exporter(connection_id)
    RunLeases(world.records, world.clock).take(exporter, "run-1", ANA, SHEET, take_over=False)
    Invitations(records=world.records, connections=world.connections, now=world.clock).invite(
        ANA, connection_id, "carl@example.com", Role.EDITOR
    )


def without_a_spare(world: World) -> None:
    world.member(BEN, world.connected(ANA, sub=DANA), Role.EDITOR)


def of_a_company_that_she_left(world: World) -> None:
    """Her consent goes on serving the others."""
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)
    world.records.delete("members", f"{connection_id}:{ANA.sub}")


def paused(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)
    world.leaving.mark(connection_id, What.PAUSE, ANA)
    world.leaving.finish(connection_id)


def with_a_first_consent_that_died(world: World) -> None:
    """A secret without a grant: only `storing` names it."""
    _, state, browser = world.leave(ANA)
    at_label(world, "secret_stored")
    with pytest.raises(Killed):
        world.come_back(state, browser, sub=DANA)
    world.at_step = lambda label: None


def where_the_tick_stopped(world: World) -> None:
    """Its place is the id of her consent."""
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)
    grant = world.grant(connection_id)
    world.records.create("upkeep", "place", {"after": grant.id, "at": world.clock()})


SITUATIONS = (
    alone, with_a_spare, without_a_spare, of_a_company_that_she_left, paused,
    with_a_first_consent_that_died, where_the_tick_stopped,
)  # fmt: skip


def at_label(world: World, dies_at: str) -> None:
    def die(label: str) -> None:
        if label == dies_at:
            world.at_step = lambda label: None
            raise Killed

    world.at_step = die


def killed_at(world: World, number: int) -> bool:
    """Whether the erasing came as far as its nth write, and was gone there."""
    writes = 0

    def gone(collection: str, id: str) -> None:
        nonlocal writes
        writes += 1
        if writes >= number:
            raise Killed

    world.records.before_write = gone
    try:
        erased(world)
    except Killed:
        return True
    finally:
        world.records.before_write = lambda collection, id: None
        world.clock.advance(minutes=3)  # its leases run out
    return False


@pytest.mark.parametrize("situation", SITUATIONS)
def test_of_an_erasing_that_is_killed_anywhere_the_same_call_leaves_nothing(
    situation: Callable[[World], None],
) -> None:
    number, dies = 0, True
    while dies:
        number += 1
        world = World()
        situation(world)
        dies = killed_at(world, number)
        assert erased(world)["left"] == 0
        for trace in traces(DANA):
            assert not world.knows(trace), (number, trace)
        assert not world.intuit.accepts_any_of(DANA) or situation in UNREVOKED
    assert number > 2


# Nobody holds its refresh token any more.
UNREVOKED = (with_a_first_consent_that_died,)


@pytest.mark.parametrize("label", ["revoked", "secret_destroyed", "grant_removed"])
def test_an_erasing_that_is_killed_between_the_stores_is_ended_by_the_same_call(
    world: World, label: str
) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)
    at_label(world, label)
    with pytest.raises(Killed):
        erased(world)
    world.clock.advance(minutes=3)
    assert erased(world)["left"] == 0
    for trace in traces(DANA):
        assert not world.knows(trace), trace


# Somebody else at the same moment


def erased_while_a_consent_is_stored(world: World, number: int) -> tuple[str, bool]:
    """How connecting ended, and whether it came as far as the nth write, where Ana was erased."""
    _, state, browser = world.leave(ANA)
    writes, told = [], []

    def meanwhile(collection: str, id: str) -> None:
        writes.append(id)
        if len(writes) == number:
            world.records.before_write = lambda collection, id: None
            told.append(erased(world))

    world.records.before_write = meanwhile
    outcome = world.come_back(state, browser)
    world.records.before_write = lambda collection, id: None
    return outcome.value, bool(told)


def test_a_consent_on_its_way_while_its_giver_is_erased_works_or_leaves_nothing() -> None:
    outcomes, number, met = [], 0, True
    while met:
        number += 1
        world = World()
        outcome, met = erased_while_a_consent_is_stored(world, number)
        outcomes.append(outcome)
        for data in world.records.all("grants").values():
            grant = Grant.of(data)
            assert world.secrets.read(grant.secret, grant.refresh_version), number
        if outcome != "connected":
            assert world.secrets.kept == {}
            assert not world.knows(DANA)
    assert number > 8
    assert set(outcomes) == {"expired", "busy", "connected"}


def test_a_consent_that_is_being_stored_makes_the_erasing_wait(world: World) -> None:
    _, state, browser = world.leave(ANA)
    met: list[str] = []

    def begins_again(collection: str, id: str) -> None:
        """The same consent, from another window, between the erasing's look and its word."""
        if collection == "storing":
            world.records.before_write = lambda collection, id: None
            held = world.records.get(collection, id)
            assert held is not None
            world.records.replace(held, held.data)
            met.append(id)

    at_label(world, "secret_stored")
    with pytest.raises(Killed):
        world.come_back(state, browser)
    world.records.before_write = begins_again
    with pytest.raises(ConnectionBusy):
        erased(world)
    assert len(met) == 1
    assert erased(world)["left"] == 0


def test_who_waits_for_a_token_of_an_ended_consent_leaves_no_name_of_it(world: World) -> None:
    connection_id = world.connected(ANA, sub=DANA)
    world.member(BEN, connection_id, Role.OWNER)
    id = world.grant(connection_id).id
    assert erased(world)["left"] == 0
    world.tokens.keep(id)
    lease = Leases(world.records, world.clock).take(refresh_lease(id), timedelta(minutes=1))
    assert lease is not None
    for trace in traces(DANA):
        assert not world.knows(trace), trace


def test_a_run_that_began_while_its_user_was_erased_is_forgotten_too(world: World) -> None:
    """It saw the membership just before that went."""
    id = world.connected(BEN, sub=ERIN)
    world.member(ANA, id, Role.EDITOR)
    exporter = world.exporters.of(SHEET, world.exporter(id, user=BEN))
    began: list[str] = []

    def begins(collection: str, place: str) -> None:
        if (collection, place) == ("members", f"{id}:{ANA.sub}"):
            world.records.before_write = lambda collection, id: None
            leases = RunLeases(world.records, world.clock)
            leases.take(exporter.id, "run-1", ANA, SHEET, take_over=False)
            run = Runs(world.records, world.clock).begin(
                "run-1", ANA, SHEET, exporter, companies=[id]
            )
            Budgets(world.records, world.clock).spend(ANA.sub, 3)
            began.append(run.id)

    world.records.before_write = begins
    gone = erased(world)
    assert began == ["run-1"]
    assert (gone["runs"], gone["left"]) == (1, 0)
    for trace in traces():
        assert not world.knows(trace), trace


def test_a_spare_that_gives_way_just_before_the_consent_ends_does_not_keep_its_name(
    world: World,
) -> None:
    """Of a company that she has left: nothing but the consent leads there."""
    id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    world.records.delete("members", f"{id}:{ANA.sub}")

    def gives_way(label: str) -> None:
        if label == "revoked":
            world.at_step = lambda label: None
            refused = world.grants.get(f"{id}:{ERIN}")
            assert refused is not None
            after = replace(refused.grant, state=GrantState.REFUSED)
            world.grants.replace(refused, after)
            ActiveGrants(world.records, world.grants).move_to_spare(id, after)
            assert world.records.all("connections")[id]["active_grant"] == f"{id}:{DANA}"

    world.at_step = gives_way
    assert erased(world)["left"] == 0
    assert not world.knows(DANA)
    company = world.records.all("connections")[id]
    assert (company["active_grant"], company["state"]) == ("", "needs_reconnection")


def test_a_company_that_names_a_consent_which_is_long_gone_lets_go_of_it(world: World) -> None:
    id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    grant = world.grant(id)
    world.records.delete("grants", grant.id)
    world.secrets.delete(grant.secret)
    assert erased(world)["left"] == 0
    assert not world.knows(DANA)
    assert world.tokens.for_connection(id)


def test_a_company_that_is_being_paused_stays_so_when_its_consent_is_erased(world: World) -> None:
    id = world.connected(ANA, sub=DANA)
    world.member(BEN, id, Role.OWNER)
    world.leaving.mark(id, What.PAUSE, BEN)  # and then the process died
    assert erased(world)["left"] == 0
    assert world.records.all("connections")[id]["state"] == "paused"
    world.leaving.finish(id)
    [seen] = world.connections.of(BEN)
    assert seen.state.value == "paused"


def test_a_secret_on_which_somebody_elses_consent_lives_is_not_looked_for(world: World) -> None:
    """Both are the same person at Intuit; Ana's consent died while Ben's was being stored."""
    id = world.connected(BEN, sub=DANA)
    Storing(world.records, world.clock).begin(replace(world.grant(id), user=ANA.sub))
    assert erased(world)["left"] == 0
    assert world.records.all("storing") == {}
    assert world.tokens.for_connection(id)
    assert world.secrets.exists(world.grant(id).secret)
