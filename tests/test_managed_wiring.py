"""Managed refresh as it is put together from settings: on one machine, and for the scheduler."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil import wiring
from counterfoil.core.errors import Unauthorized
from counterfoil.flows.managed_refresh import ManagedTick
from counterfoil.settings import Settings
from counterfoil.web.services import Services
from sandbox.google.server import GoogleSandbox
from tests.test_settings import SANDBOX

WRITER = "sheets-1@a-project.iam.gserviceaccount.com"
SCHEDULER = "scheduler@a-project.iam.gserviceaccount.com"
URL = "http://127.0.0.1:8080/managed_refresh"


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as running:
        yield running


def made(google: GoogleSandbox, folder: pathlib.Path, **more: str) -> Services:
    told = google.description()
    env = SANDBOX | {
        "COUNTERFOIL_DATA": str(folder),
        "GOOGLE_CERTS_URL": told["certs_url"],
        "GOOGLE_ISSUER": told["issuer"],
        **more,
    }
    return wiring.made(Settings.from_env(env))


def test_a_tick_with_nothing_to_do_asks_google_nothing(
    google: GoogleSandbox, tmp_path: pathlib.Path
) -> None:
    more = {"MANAGED_ACCOUNTS": WRITER, "SHEETS_API_URL": google.description()["sheets_url"]}
    services = made(google, tmp_path, **more)
    assert services.managed_refresh.tick() == ManagedTick()
    assert services.managed_health.told() == {
        "used": [0], "ticked_s": 0, "late_s": 0, "waiting": 0,
    }  # fmt: skip
    assert services.managed_refresh.exports.limits.max_cells == 4_000_000
    assert services.exports.limits.max_cells == 1_000_000
    assert not google.sheets.calls


@pytest.mark.parametrize(
    ("email", "audience", "good"),
    [
        (SCHEDULER, URL, True),
        (SCHEDULER, "http://127.0.0.1:8080/token_refresh", False),
        ("web@a-project.iam.gserviceaccount.com", URL, False),
        ("ana@example.com", URL, False),
    ],
)
def test_one_account_with_a_token_for_exactly_this_function_says_that_a_minute_has_passed(
    google: GoogleSandbox, tmp_path: pathlib.Path, email: str, audience: str, good: bool
) -> None:
    services = made(
        google,
        tmp_path,
        MANAGED_ACCOUNTS=WRITER,
        SHEETS_API_URL=google.description()["sheets_url"],
        SCHEDULER_ACCOUNT=SCHEDULER,
        SERVICE_ACCOUNTS=f"{SCHEDULER},web@a-project.iam.gserviceaccount.com",
    )
    token = f"Bearer {google.identity.mint(email, audience)}"
    if good:
        services.scheduler.check(token)
        return
    with pytest.raises(Unauthorized):
        services.scheduler.check(token)


@pytest.mark.parametrize("more", [{}, {"SCHEDULER_ACCOUNT": SCHEDULER}])
def test_without_it_nobody_ticks_and_nothing_speaks_of_it(
    google: GoogleSandbox, tmp_path: pathlib.Path, more: dict[str, Any]
) -> None:
    services = made(google, tmp_path, **more)
    with pytest.raises(Unauthorized):
        services.scheduler.check(f"Bearer {google.identity.mint(SCHEDULER, URL)}")
    assert services.managed_health.told() is None
    assert services.managed_accounts == ()
