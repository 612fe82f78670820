"""Each bound by its number: what just fits is taken, what is beyond is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import flask
import pytest

from counterfoil.core.connecting import Outcome
from counterfoil.core.errors import BadRequest, Unauthorized
from counterfoil.flows import hints
from counterfoil.flows.hints import HintCheck
from counterfoil.web import bodies, oauth
from counterfoil.web.bodies import Body
from counterfoil.web.forms import form
from sandbox.google.identity import IdentityProvider
from tests.fakes import FakeClock, MemoryRecords
from tests.security.test_who_comes_in import identity

APP = flask.Flask("tests")


def test_an_id_token_of_8192_characters_is_read_and_no_longer_one() -> None:
    google = IdentityProvider()

    def of(length: int) -> str:
        """A good token of about so many characters: three of them for two of a claim's."""
        bare = google.mint()
        return google.mint(more="x" * ((length - len(bare)) * 3 // 4 - 20))

    door = identity(google)
    assert 8100 < len(of(8192)) <= 8192
    assert door.user(f"Bearer {of(8192)}").email == "ana@example.com"
    with pytest.raises(Unauthorized):
        door.user(f"Bearer {of(8300)}")


def test_a_value_of_2000_characters_in_an_address_is_used_and_no_longer_one() -> None:
    told: list[Any] = []

    def finish(**given: Any) -> Outcome:
        told.append(given)
        return Outcome.EXPIRED

    services = SimpleNamespace(connect=SimpleNamespace(finish=finish), backend_url="https://x")
    for length in (2000, 2001):
        with APP.test_request_context(f"/?state=s&code={'c' * length}"):
            oauth.callback(flask.request, cast("Any", services))
    assert [len(given["code"]) for given in told] == [2000, 0]


def test_a_form_of_ten_fields_is_read_and_none_of_eleven() -> None:
    def read(count: int) -> int:
        fields = {f"field{number}": "x" for number in range(count)}
        with APP.test_request_context("/", method="POST", data=fields):
            return len(form(flask.request))

    assert read(10) == 10
    with pytest.raises(BadRequest, match="not one of ours"):
        read(11)


def test_60_cells_are_read_and_none_of_61() -> None:
    def read(count: int) -> int:
        cells = {f"'Setup'!A{number + 1}": "x" for number in range(count)}
        return len(bodies.cells(Body({"cells": cells})))

    assert read(60) == 60
    with pytest.raises(BadRequest, match="More than 60 cells"):
        read(61)


def test_hints_have_4096_places() -> None:
    assert len({hints._place(str(9130347000000000 + number)) for number in range(60_000)}) == 4096


def test_a_tick_verifies_50_hints() -> None:
    records, clock = MemoryRecords(), FakeClock()
    for number in range(51):
        realm, company = str(9130347000000000 + number), f"con_{number}"
        hint = {"realm_id": realm, "expires_at": clock() + hints.KEPT}
        records.create("hints", f"hint_{number:04d}", hint)
        records.create("realms", realm, {"connection_id": company})
        records.create("connections", company, {"realm_id": realm})
    asked: list[str] = []
    check = HintCheck(records, cast("Any", SimpleNamespace(verify=asked.append)), clock)
    assert [check.verify(), check.verify()] == [50, 1]
    assert len(set(asked)) == 51
