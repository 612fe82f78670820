"""A deployment that is set up wrongly: whoever runs it sees which setting, nobody any value."""

from __future__ import annotations

import flask
import pytest

from counterfoil import logs
from counterfoil.core.errors import SettingsError
from counterfoil.settings import Settings
from counterfoil.web import handlers
from counterfoil.web.endpoint import answer
from counterfoil.web.services import Services

ENV = {
    "COUNTERFOIL_WORLD": "google",
    "BACKEND_URL": "http://CANARY_VALUE.example",
    "INTUIT_KEYS": "CANARY_VALUE",
    "INTUIT_CLIENT_SECRET": "CANARY_VALUE",
    "COUNTERFOIL_MAX_CELLS": "CANARY_VALUE",
}


def test_the_log_names_each_setting_and_no_value(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Services:
        Settings.from_env(ENV)
        raise AssertionError("it must not start")

    with flask.Flask("tests").test_request_context("/", method="GET"):
        response = answer(flask.request, handlers.HEALTH, broken)
    assert response.status_code == 500
    assert response.get_json()["error"]["code"] == "internal"
    lines = [logs.JournalFormatter().format(record) for record in caplog.records]
    named = {
        line.partition('"setting": "')[2].strip('"}') for line in lines if "wrong setting" in line
    }
    assert named >= {
        "BACKEND_URL", "INTUIT_KEYS", "INTUIT_CLIENT_ID", "ADDON_CLIENT_IDS",
        "COUNTERFOIL_PROJECT", "COUNTERFOIL_KEY_VERSIONS", "COUNTERFOIL_MAX_CELLS",
    }  # fmt: skip
    assert "CANARY" not in "".join(lines) + response.get_data(as_text=True)


def test_a_key_that_is_not_there_is_named_too() -> None:
    error = SettingsError("COUNTERFOIL_KEY_VERSIONS names 3, but counterfoil-key does not hold it.")
    assert error.settings == ["COUNTERFOIL_KEY_VERSIONS"]
