"""Old values of refresh tokens are gone from each real store, whatever became of the consent."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest

from counterfoil.adapters.sealed_envelopes import SealedEnvelopes
from counterfoil.adapters.sealed_secrets import SealedSecrets
from counterfoil.adapters.sealer import AesSealer
from counterfoil.core.stores import SecretGone
from counterfoil.flows.grants import Grants
from counterfoil.flows.keep_alive import KeepAlive
from counterfoil.flows.ports import Secrets
from tests.fakes import MemoryRecords
from tests.flows.world import ACME, World


@pytest.fixture(params=["sealed file", "secret manager", "envelopes"])
def secrets(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Secrets]:
    if request.param == "sealed file":
        yield SealedSecrets(tmp_path / "secrets.sqlite", b"k" * 32)
    elif request.param == "secret manager":
        kept = request.getfixturevalue("secret_manager").secrets()
        yield kept
        kept.close()
    else:
        records = MemoryRecords()
        yield SealedEnvelopes(lambda: records, AesSealer(b"k" * 32, purpose="secrets"))


def test_a_tick_destroys_what_48_hours_have_passed_over(secrets: Secrets) -> None:
    world = World()
    connection_id = world.connected()
    for _ in range(2):
        world.clock.advance(days=1, hours=1)
        world.tokens.for_connection(connection_id)
    grant = world.grant(connection_id)
    world.intuit.tokens.disconnect(ACME)
    for number in ("1", "2", "3"):  # 1 was to be destroyed at the last refresh, and was not
        assert secrets.add(grant.secret, f"value {number}".encode()) == number
    grants = Grants(world.records, secrets, world.sealer)
    alive = KeepAlive(world.records, grants, world.tokens, world.leaving, world.clock, lambda: 0.0)

    world.clock.advance(hours=1)
    assert alive.sweep().destroyed == 1
    assert readable(secrets, grant.secret) == ["2", "3"]
    world.clock.advance(hours=47)
    assert alive.sweep().destroyed == 1
    assert readable(secrets, grant.secret) == ["3"]
    world.clock.advance(days=30)
    assert alive.sweep().destroyed == 0
    assert readable(secrets, grant.secret) == ["3"]


def readable(secrets: Secrets, name: str) -> list[str]:
    found = []
    for number in ("1", "2", "3"):
        try:
            secrets.read(name, number)
        except SecretGone:
            continue
        found.append(number)
    return found
