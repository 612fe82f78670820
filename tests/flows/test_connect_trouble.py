"""What becomes of a consent when Intuit, our store or the company says no on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from counterfoil.core.connecting import AttemptState, Outcome
from counterfoil.core.errors import (
    AppError,
    QuickBooksBusy,
    ReconnectRequired,
    ServiceUnavailable,
)
from counterfoil.core.tokens import NotATokenAnswer
from tests.flows.connect_counts import NOTHING, stored
from tests.flows.world import ANA, HOSTILE, World


@pytest.fixture
def world() -> World:
    return World()


TROUBLE = [
    pytest.param(QuickBooksBusy("no answer"), Outcome.BUSY, id="no answer"),
    pytest.param(ReconnectRequired("no", intuit_code="120"), Outcome.NOT_ADMIN, id="not an admin"),
    pytest.param(ReconnectRequired("no"), Outcome.UNCONFIRMED, id="the token is not honoured"),
]


@pytest.mark.parametrize(("trouble", "outcome"), TROUBLE)
def test_a_company_that_does_not_answer_for_itself_is_not_stored(
    world: World, trouble: AppError, outcome: Outcome
) -> None:
    attempt, state, browser = world.leave()
    world.companies.trouble = [trouble]
    assert world.come_back(state, browser) is outcome
    assert world.connect.attempt(ANA, attempt).state is AttemptState.FAILED
    assert stored(world) == NOTHING
    assert len(world.intuit.revoked) == 1


@pytest.mark.parametrize("trouble", ["lost", "busy"])
def test_an_exchange_without_an_answer_is_not_repeated(world: World, trouble: str) -> None:
    _, state, browser = world.leave()
    world.intuit.trouble = [trouble, "second call"]
    assert world.come_back(state, browser) is Outcome.BUSY
    assert world.intuit.trouble == ["second call"]
    assert stored(world) == NOTHING


@pytest.mark.parametrize("trouble", ["refused", "junk", "keeps"])
def test_an_exchange_that_yields_no_pair_stores_nothing(world: World, trouble: str) -> None:
    _, state, browser = world.leave()
    world.intuit.trouble = [trouble]
    assert world.come_back(state, browser) is Outcome.FAILED
    assert stored(world) == NOTHING


def test_what_is_given_and_not_kept_is_revoked(world: World) -> None:
    _, state, browser = world.leave()
    world.come_back(state, browser, realm_id=HOSTILE)
    assert len(world.intuit.revoked) == 1
    assert all(line.ended for line in world.intuit.tokens.lines())


def test_nothing_is_revoked_that_a_stored_grant_lives_on(world: World) -> None:
    connection_id = world.connected()
    _, state, browser = world.leave()
    assert world.come_back(state, browser, realm_id=HOSTILE) is Outcome.UNCONFIRMED
    assert world.intuit.revoked == []
    assert world.intuit.accepts(world.refresh_token(connection_id))


def test_another_company_is_revoked_when_only_the_first_lives_on(world: World) -> None:
    connection_id = world.connected()
    _, state, browser = world.leave(reconnect=connection_id)
    assert world.come_back(state, browser, realm=HOSTILE) is Outcome.OTHER_COMPANY
    assert len(world.intuit.revoked) == 1
    assert world.intuit.accepts(world.refresh_token(connection_id))


def test_a_wrong_choice_ends_no_consent_of_an_accountant_of_hundreds_of_companies(
    world: World,
) -> None:
    first, chosen = world.connected(), world.connected(realm=HOSTILE)
    for number in range(200):  # by id, these come before the two
        other = f"con_!{number:03}"
        grant = replace(world.grant(first), connection_id=other, realm_id=str(number))
        world.records.create("grants", grant.id, grant.as_record())
    _, state, browser = world.leave(reconnect=first)
    assert world.come_back(state, browser, realm=HOSTILE) is Outcome.OTHER_COMPANY
    assert world.intuit.revoked == []
    assert world.intuit.accepts(world.refresh_token(chosen))


@pytest.mark.parametrize("label", ["realm_claimed", "secret_stored"])
def test_a_consent_that_our_store_did_not_take_is_given_back(world: World, label: str) -> None:
    _, state, browser = world.leave()
    world.at_step = store_fails_at(label)
    with pytest.raises(ServiceUnavailable):
        world.come_back(state, browser)
    assert len(world.intuit.revoked) == 1
    assert all(line.ended for line in world.intuit.tokens.lines())


@pytest.mark.parametrize("label", ["grant_stored", "connection_stored"])
def test_a_consent_that_our_store_took_lives_on_whatever_fails_then(
    world: World, label: str
) -> None:
    _, state, browser = world.leave()
    world.at_step = store_fails_at(label)
    with pytest.raises(ServiceUnavailable):
        world.come_back(state, browser)
    assert world.intuit.revoked == []


def store_fails_at(label: str) -> Callable[[str], None]:
    def fail(step: str) -> None:
        if step == label:
            raise ServiceUnavailable("The store did not answer.")

    return fail


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (NotATokenAnswer("the id_token has expired"), Outcome.FAILED),
        (ServiceUnavailable("Intuit's keys are not to be had."), Outcome.BUSY),
    ],
    ids=["not a token", "no keys"],
)
def test_a_consent_of_nobody_knows_whom_is_left_and_logged(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: Exception,
    outcome: Outcome,
) -> None:
    """It might be that of a stored grant, which a revoke would end."""
    connection_id = world.connected()
    _, state, browser = world.leave()

    def unreadable(answer: object) -> str:
        raise trouble

    monkeypatch.setattr(world.intuit, "subject", unreadable)
    assert world.come_back(state, browser) is outcome
    assert world.intuit.revoked == []
    assert world.intuit.accepts(world.refresh_token(connection_id))
    assert [each.message for each in caplog.records if each.levelname == "WARNING"] == [
        "consent left at intuit"
    ]
