"""Who stalls in a pause or a delete for longer than a lease lasts, while another one finishes it and
somebody connects the company anew.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from counterfoil.core.errors import ConnectionBusy
from counterfoil.core.stores import Document
from counterfoil.flows.leaving import What
from tests.flows.world import ACME, ANA, BEN, ERIN, World


@pytest.fixture
def world() -> World:
    return World()


def test_whoever_stalls_in_a_delete_does_not_free_the_company_that_came_after_it(
    world: World,
) -> None:
    first = world.connected(ANA)
    came: list[str] = []

    def overtaken(label: str) -> None:
        if label == "members_removed":
            world.at_step = lambda label: None
            world.leaving.finish(first)
            came.append(world.connected(BEN, sub=ERIN))

    world.at_step = overtaken
    world.leaving.mark(first, What.DELETE, ANA)
    world.leaving.finish(first)
    [again] = came
    assert again != first
    assert world.records.all("realms")[ACME] == {"connection_id": again}
    assert list(world.records.all("connections")) == [again]
    assert world.connected(BEN, sub=ERIN) == again


@pytest.mark.parametrize("label", ["lease taken", "revoked", "secret_destroyed"])
def test_whoever_stalls_in_a_pause_does_not_take_the_key_of_a_later_consent(
    world: World, label: str
) -> None:
    id = world.connected(ANA)

    def overtaken(label: str) -> None:
        world.at_step = lambda label: None
        world.records.before_write = lambda collection, id: None
        world.clock.advance(seconds=151)
        world.leaving.finish(id)
        world.clock.advance(seconds=1)
        assert world.connected(ANA) == id

    def taken(collection: str, place: str) -> None:
        """Right after the lease: what comes next is the look at the grant."""
        if collection == "leases":
            world.records.before_write = lambda collection, id: None
            world.records.get = looks  # type: ignore[method-assign]

    get = world.records.get

    def looks(collection: str, place: str) -> Document | None:
        held = get(collection, place)
        if collection == "grants":
            world.records.get = get  # type: ignore[method-assign]
            overtaken(label)
        return held

    world.leaving.mark(id, What.PAUSE, ANA)
    if label == "lease taken":
        world.records.before_write = taken
    else:
        world.at_step = lambda reached: overtaken(label) if reached == label else None
    with suppress(ConnectionBusy):
        world.leaving.finish(id)
    grant = world.grant(id)
    token = world.secrets.read(grant.secret, grant.refresh_version).decode()
    assert world.intuit.accepts(token)
    assert world.tokens.for_connection(id)
