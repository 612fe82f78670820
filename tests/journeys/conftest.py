"""One world for the tests of a module: backend, simulators, and a sidebar without a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.world import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as running:
        yield running
