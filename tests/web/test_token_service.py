"""Exports ask `token_refresh` over HTTP, and no token goes over that line in either direction."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from counterfoil.core.errors import (
    ConnectionBusy,
    ConnectionPaused,
    ConnectionSuspect,
    NotFound,
    QuickBooksBusy,
    ReconnectRequired,
    ServiceUnavailable,
)
from counterfoil.flows import keep_alive
from counterfoil.flows.leaving import What
from sandbox.google.identity import IdentityProvider
from tests.flows.world import ACME, ANA, BEN, DANA, ERIN, HOSTILE, World
from tests.web.token_service import EXPORTS, SCHEDULER, TokenRefresh


@pytest.fixture(scope="module")
def provider() -> IdentityProvider:
    return IdentityProvider()


@pytest.fixture
def service(provider: IdentityProvider) -> Iterator[TokenRefresh]:
    served = TokenRefresh(World(), provider)
    yield served
    served.stop()


def test_a_good_token_is_read_and_nobody_is_asked(service: TokenRefresh) -> None:
    connection_id = service.world.connected()
    assert service.caller().for_connection(connection_id)
    assert service.answers == []


def test_an_old_one_is_renewed_there_and_read_here(service: TokenRefresh) -> None:
    world = service.world
    connection_id = world.connected()
    world.clock.advance(hours=2)
    token = service.caller().for_connection(connection_id)
    assert token == world.tokens.for_connection(connection_id)
    assert (world.grant(connection_id).generation, service.answers) == (2, [b'{"ok": true}'])


def test_after_a_401_it_names_the_generation_and_gets_past_it_once(service: TokenRefresh) -> None:
    world = service.world
    connection_id = world.connected()
    caller = service.caller()
    refused = caller.for_connection(connection_id)
    assert (after := caller.after_refusal(connection_id, refused)) != refused
    assert world.grant(connection_id).generation == 2
    # A second export that met the same 401 a moment later finds what the first one got.
    assert service.caller().after_refusal(connection_id, refused) == after
    assert world.grant(connection_id).generation == 2


def test_a_generation_that_is_over_refreshes_nothing(service: TokenRefresh) -> None:
    world = service.world
    connection_id = world.connected()
    body = {"connection_id": connection_id, "past": 1}
    assert service.ask("", body) == (200, {"ok": True})
    assert service.ask("", body) == (200, {"ok": True})
    assert world.grant(connection_id).generation == 2


@pytest.mark.parametrize(
    ("who", "audience"),
    [
        pytest.param(EXPORTS, "https://elsewhere.example", id="wrong audience"),
        pytest.param("other@project.iam.gserviceaccount.com", None, id="wrong account"),
        pytest.param("ana@example.com", None, id="a person"),
    ],
)
def test_whoever_is_not_let_in_learns_to_try_again_and_the_operator_why(
    service: TokenRefresh, caplog: pytest.LogCaptureFixture, who: str, audience: str | None
) -> None:
    connection_id = service.world.connected()
    service.world.clock.advance(hours=2)
    with pytest.raises(ServiceUnavailable):
        service.caller(who, audience).for_connection(connection_id)
    assert service.world.grant(connection_id).generation == 1
    told = [record for record in caplog.records if record.msg == "token service away"]
    assert [record.fields for record in told] == [{"status": 401}]  # type: ignore[attr-defined]


def test_a_slow_one_is_waited_for_only_so_long_and_is_not_cut_short(service: TokenRefresh) -> None:
    world = service.world
    connection_id = world.connected()
    world.clock.advance(hours=2)
    may_go_on, is_over = threading.Event(), threading.Event()
    world.at_step = lambda label: (
        may_go_on.wait(30) if label == "lease_taken" else label == "released" and is_over.set()
    )
    with pytest.raises(ConnectionBusy) as busy:
        service.caller(patience_s=0.4).for_connection(connection_id)
    assert busy.value.retryable
    may_go_on.set()
    assert is_over.wait(30)
    assert world.grant(connection_id).generation == 2
    asked = len(service.answers)
    assert service.caller().for_connection(connection_id)
    assert len(service.answers) == asked


def test_one_that_is_killed_after_it_stored_has_done_its_work(service: TokenRefresh) -> None:
    connection_id = service.world.connected()
    service.world.clock.advance(hours=2)
    service.killed_after = lambda: None
    with pytest.raises(ServiceUnavailable) as away:
        service.caller().for_connection(connection_id)
    assert away.value.retryable
    assert service.caller().for_connection(connection_id)
    assert service.world.grant(connection_id).generation == 2


def test_one_that_is_not_there(service: TokenRefresh) -> None:
    connection_id = service.world.connected()
    service.world.clock.advance(hours=2)
    service.stop()
    with pytest.raises(ServiceUnavailable):
        service.caller().for_connection(connection_id)


def test_what_it_says_about_a_company_is_what_the_person_reads(service: TokenRefresh) -> None:
    world = service.world
    connection_id = world.connected()
    world.clock.advance(hours=2)
    world.intuit.trouble = ["busy"]
    with pytest.raises(QuickBooksBusy):
        service.caller().for_connection(connection_id)
    world.intuit.tokens.disconnect(ACME)
    with pytest.raises(ConnectionSuspect) as suspect:
        service.caller().for_connection(connection_id)
    assert suspect.value.message.startswith("QuickBooks refused this company's key just now.")
    for _ in range(3):
        world.clock.advance(minutes=2)
        with pytest.raises((ConnectionSuspect, ReconnectRequired)):
            service.caller().for_connection(connection_id)
    with pytest.raises(ReconnectRequired):
        service.caller().for_connection(connection_id)


def test_what_is_paused_or_gone_is_known_without_asking(service: TokenRefresh) -> None:
    world = service.world
    connection_id = world.connected()
    world.leaving.mark(connection_id, What.PAUSE, ANA)
    with pytest.raises(ConnectionPaused):
        service.caller().for_connection(connection_id)
    with pytest.raises(NotFound):
        service.caller().for_connection("con_nobodyhasthisone0000")
    assert service.answers == []


def test_lost_rights_hand_over_to_a_spare_without_asking(service: TokenRefresh) -> None:
    world = service.world
    connection_id = world.connected(ANA, sub=DANA)
    world.connected(BEN, sub=ERIN)
    caller = service.caller()
    token = caller.for_connection(connection_id)
    assert caller.after_denial(connection_id, token) is True
    assert caller.for_connection(connection_id) != token
    assert service.answers == []


def test_no_answer_and_no_log_holds_a_token(
    service: TokenRefresh, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world = service.world
    connection_id = world.connected()
    caller = service.caller()
    held = [caller.for_connection(connection_id), world.refresh_token(connection_id)]
    held.append(caller.after_refusal(connection_id, held[0]))
    held.append(world.refresh_token(connection_id))
    said = b"".join(service.answers).decode() + "".join(
        f"{record.getMessage()} {record.__dict__}" for record in caplog.records
    )
    assert [token for token in held if token in said] == []
    assert service.answers
    assert "token refreshed" in said  # it was not for want of words


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"connection_id": 7},
        {"connection_id": "con_x", "past": "1"},
        {"connection_id": "x" * 300},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(service: TokenRefresh, body: object) -> None:
    status, told = service.ask("", body, service.id_token(SCHEDULER))
    assert (status in (400, 404), set(told)) == (True, {"error"})


# The scheduler's call


def tick(service: TokenRefresh) -> dict[str, int]:
    status, told = service.ask("idle", {})
    assert status == 200
    return {name: value for name, value in told.items() if value}


def test_the_schedulers_call_goes_on_page_by_page(
    service: TokenRefresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = service.world
    for realm in (ACME, HOSTILE):
        world.connected(realm=realm)
    world.clock.advance(days=8)
    monkeypatch.setattr(keep_alive, "PAGE", 1)
    looks = iter([0.0, 1.0, 200.0, 200.0, 201.0])
    alive = replace(world.upkeep.keep_alive, monotonic=lambda: next(looks))
    service.upkeep = replace(world.upkeep, keep_alive=alive)
    assert tick(service) == {"refreshed": 1, "purged": 7, "more": True}
    assert tick(service) == {"refreshed": 1, "purged": 7}


def test_one_bad_company_stops_no_other_of_the_schedulers_call(service: TokenRefresh) -> None:
    world = service.world
    for realm in (ACME, HOSTILE):
        world.connected(realm=realm)
    world.intuit.tokens.disconnect(ACME)
    world.clock.advance(days=8)
    assert tick(service) == {"refreshed": 1, "failed": 1, "purged": 7}


def test_an_exports_account_and_the_schedulers_get_in_alike(service: TokenRefresh) -> None:
    for who in (EXPORTS, SCHEDULER):
        assert service.ask("idle", {}, service.id_token(who))[0] == 200
    assert service.ask("idle", {}, service.id_token("ana@example.com"))[0] == 401
