"""What happens before a write: somebody else acts, or the process is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from counterfoil.core.errors import AppError
from tests.flows.world import World


class Killed(BaseException):
    """The process is gone: nothing of it runs on."""


class AtWrite:
    """Something that happens before the nth write."""

    def __init__(self, world: World, number: int, happens: Callable[[], None]) -> None:
        self.writes = 0
        self.happened = False
        self._world, self._number, self._happens = world, number, happens
        world.records.before_write = self._written

    def _written(self, collection: str, id: str) -> None:
        self.writes += 1
        if self.writes == self._number:
            self._world.records.before_write = lambda collection, id: None
            self.happened = True
            self._happens()


def killed(world: World, number: int, change: Callable[[], object]) -> None:
    """At the nth write the process is gone: not even its leases are given back. Time passes."""

    def die() -> None:
        world.records.before_write = lambda collection, id: gone()
        gone()

    dies = AtWrite(world, number, die)
    with pytest.raises(Killed):
        change()
    assert dies.happened
    world.records.before_write = lambda collection, id: None
    world.clock.advance(seconds=31)


def gone() -> None:
    raise Killed


def attempted(change: Callable[[], None]) -> str | None:
    """The code of its refusal."""
    try:
        change()
    except AppError as error:
        return error.code
    return None
