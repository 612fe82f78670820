"""A deployment that is set up wrongly does not start, and says everything that is wrong."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import SettingsError
from counterfoil.settings import Settings

COMMON = {
    "COUNTERFOIL_DATA": "data",
    "ADDON_CLIENT_IDS": "addon.example, dev.example",
    "INTUIT_CLIENT_ID": "client",
    "INTUIT_CLIENT_SECRET": "secret-value",
}
GOOGLE = COMMON | {
    "COUNTERFOIL_WORLD": "google",
    "BACKEND_URL": "https://counterfoil.example/",
    "INTUIT_KEYS": "production",
}
SANDBOX = COMMON | {
    "COUNTERFOIL_WORLD": "sandbox",
    "BACKEND_URL": "http://127.0.0.1:8080",
    "GOOGLE_CERTS_URL": "http://127.0.0.1:8081/oauth2/v1/certs",
    "GOOGLE_ISSUER": "http://127.0.0.1:8081",
    "INTUIT_DISCOVERY_URL": "http://127.0.0.1:8082/.well-known/openid_configuration",
    "INTUIT_API_URL": "http://127.0.0.1:8082",
}


def test_in_googles_world_every_outside_address_is_a_constant():
    settings = Settings.from_env(GOOGLE)
    assert settings.google_certs_url == "https://www.googleapis.com/oauth2/v1/certs"
    assert settings.google_issuers == ("https://accounts.google.com", "accounts.google.com")
    assert settings.intuit_api_url == "https://quickbooks.api.intuit.com"
    assert settings.redirect_uri == "https://counterfoil.example/oauth_callback"
    assert settings.addon_client_ids == ("addon.example", "dev.example")


def test_development_keys_choose_intuits_sandbox_host():
    settings = Settings.from_env(GOOGLE | {"INTUIT_KEYS": "development"})
    assert settings.intuit_api_url == "https://sandbox-quickbooks.api.intuit.com"


def test_the_sandbox_world_takes_loopback_addresses():
    settings = Settings.from_env(SANDBOX)
    assert settings.intuit_api_url == "http://127.0.0.1:8082"


@pytest.mark.parametrize(
    ("env", "named"),
    [
        pytest.param({}, ["COUNTERFOIL_WORLD"], id="no world"),
        pytest.param(GOOGLE | {"INTUIT_API_URL": "http://127.0.0.1:1"}, ["INTUIT_API_URL"], id="a sandbox address in Google's world"),
        pytest.param(GOOGLE | {"INTUIT_KEYS": "prod"}, ["INTUIT_KEYS"], id="unknown keys"),
        pytest.param(GOOGLE | {"BACKEND_URL": "http://counterfoil.example"}, ["BACKEND_URL"], id="plain http in Google's world"),
        pytest.param(SANDBOX | {"K_SERVICE": "export"}, ["K_SERVICE"], id="the sandbox in the cloud"),
        pytest.param(SANDBOX | {"INTUIT_KEYS": "production"}, ["INTUIT_KEYS"], id="real keys in the sandbox"),
        pytest.param(SANDBOX | {"INTUIT_API_URL": "https://quickbooks.api.intuit.com"}, ["INTUIT_API_URL"], id="the real host in the sandbox"),
        pytest.param(SANDBOX | {"GOOGLE_CERTS_URL": "http://127.0.0.1.example.com/"}, ["GOOGLE_CERTS_URL"], id="a host that only looks like loopback"),
        pytest.param(SANDBOX | {"GOOGLE_CERTS_URL": "http://127.0.0.1@example.com/"}, ["GOOGLE_CERTS_URL"], id="a user name that looks like loopback"),
        pytest.param(SANDBOX | {"ADDON_CLIENT_IDS": " , "}, ["ADDON_CLIENT_IDS"], id="an empty audience"),
        pytest.param(SANDBOX | {"COUNTERFOIL_MAX_CELLS": "-1"}, ["COUNTERFOIL_MAX_CELLS"], id="a cap below one"),
        pytest.param({"COUNTERFOIL_WORLD": "google", "GOOGLE_ISSUER": "x"}, ["GOOGLE_ISSUER", "INTUIT_KEYS", "BACKEND_URL", "COUNTERFOIL_DATA", "ADDON_CLIENT_IDS", "INTUIT_CLIENT_ID", "INTUIT_CLIENT_SECRET"], id="everything at once"),
    ],
)  # fmt: skip
def test_a_wrong_deployment_refuses_to_start_and_names_it(env, named):
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(env)
    assert [name for name in named if name not in str(refused.value)] == []


def test_the_client_secret_is_in_no_repr():
    assert "secret-value" not in repr(Settings.from_env(SANDBOX))
