"""Who refreshes for exports: another function where one is named, this process where none is."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from dataclasses import replace

import flask
import pytest

from counterfoil import wiring
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.errors import ConnectionBusy, QuickBooksBusy
from counterfoil.settings import EmbeddedStores, Settings
from sandbox.http import Server
from tests.core.test_grants import GRANT
from tests.fakes import NOON, FakeClock
from tests.test_settings import SANDBOX


class Listening:
    """Stands where `token_refresh` does and writes down what it is asked."""

    def __init__(self) -> None:
        app = flask.Flask("token_refresh")
        app.add_url_rule("/token_refresh", "ask", self._ask, methods=["POST"])
        self._server = Server(app)
        self.url = f"{self._server.start()}/token_refresh"
        self.heard: list[tuple[str | None, object]] = []

    def _ask(self) -> dict[str, bool]:
        heard = flask.request.headers.get("Authorization"), flask.request.get_json()
        self.heard.append(heard)
        return {"ok": True}

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def service() -> Iterator[Listening]:
    listening = Listening()
    yield listening
    listening.stop()


def settings(folder: pathlib.Path) -> Settings:
    """A machine whose store holds a company with an access token that is over."""
    records = SqliteRecords(folder / "records.sqlite")
    grant = replace(GRANT, access_expires=NOON)
    records.create("grants", grant.id, grant.as_record())
    company = {"state": "connected", "active_grant": grant.id, "realm_id": grant.realm_id}
    records.create("connections", grant.connection_id, company)
    records.close()
    return Settings.from_env(SANDBOX | {"COUNTERFOIL_DATA": str(folder)})


def test_exports_ask_the_function_that_is_named(
    tmp_path: pathlib.Path, service: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        wiring, "MetadataIdToken", lambda audience: lambda: f"id token for {audience}"
    )
    named = replace(settings(tmp_path), token_service_url=service.url)
    services = wiring.made(named, FakeClock())
    with pytest.raises(ConnectionBusy):  # it stored nothing, being none
        services.exports.tokens.for_connection(GRANT.connection_id)
    asked = {"connection_id": GRANT.connection_id, "past": None}
    assert service.heard == [(f"Bearer id token for {service.url}", asked)]


def test_on_one_machine_the_process_refreshes_by_itself(
    tmp_path: pathlib.Path, service: Listening
) -> None:
    services = wiring.made(settings(tmp_path), FakeClock())
    secrets = wiring.made_stores(EmbeddedStores(tmp_path)).secrets
    for _ in range(7):
        secrets.add(GRANT.secret, b"value")
    with pytest.raises(QuickBooksBusy):  # nobody stands where Intuit would
        services.exports.tokens.for_connection(GRANT.connection_id)
    assert service.heard == []
