"""What somebody is told before everything about them goes."""

from __future__ import annotations

from counterfoil.core.people import Role
from tests.flows.world import ACME, HOSTILE
from tests.web.backend import Backend

OWNERLESS = (
    " These companies would be left without an owner: Acme Landscaping. "
    "Make somebody else an owner first if their team is to go on."
)


def told(backend: Backend) -> str:
    status, answer = backend.ask("ana", "account/erase")
    assert status == 409, answer
    return str(answer["error"]["message"])


def test_erasing_names_the_companies_that_would_have_no_owner() -> None:
    backend = Backend()
    acme = backend.flows.connected(backend.user("ana"), ACME)
    backend.flows.connected(backend.user("ana"), HOSTILE)  # nobody else's: deleted with her
    assert "without an owner" not in told(backend)
    backend.flows.member(backend.user("edith"), acme, Role.EDITOR)
    assert told(backend).endswith(OWNERLESS)
    backend.flows.member(backend.user("olga"), acme, Role.OWNER)
    assert "without an owner" not in told(backend)


def test_a_company_is_not_named_to_an_editor_who_goes() -> None:
    backend = Backend()
    acme = backend.flows.connected(backend.user("olga"), ACME)
    backend.flows.member(backend.user("ana"), acme, Role.EDITOR)
    assert "without an owner" not in told(backend)
