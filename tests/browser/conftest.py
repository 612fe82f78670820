"""One world per test: backend, simulators, and a private window on the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sandbox.world import World
from tests.browser.driver import Person
from tests.chromium import browser, private_window

__all__ = ["browser"]


@pytest.fixture
def world() -> Iterator[World]:
    with World() as running:
        yield running


@pytest.fixture
def ana(world: World, browser: Browser) -> Iterator[Person]:
    """Ana, in front of the empty spreadsheet."""
    with private_window(browser) as window:
        person = Person.at(world, window)
        person.opens_counterfoil()
        yield person
