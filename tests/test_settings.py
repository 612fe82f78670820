"""A deployment that is set up wrongly does not start, and says everything that is wrong."""

from __future__ import annotations

import pathlib

import pytest

from counterfoil.core.errors import SettingsError
from counterfoil.settings import CloudStores, EmbeddedStores, Settings

COMMON = {
    "ADDON_CLIENT_IDS": "addon.example, dev.example",
    "INTUIT_CLIENT_ID": "client",
    "INTUIT_CLIENT_SECRET": "secret-value",
}
GOOGLE = COMMON | {
    "COUNTERFOIL_WORLD": "google",
    "BACKEND_URL": "https://counterfoil.example/",
    "INTUIT_KEYS": "production",
    "COUNTERFOIL_PROJECT": "acme-books",
    "COUNTERFOIL_KEY_VERSIONS": "3, 2",
    "SERVICE_ACCOUNTS": "functions@acme-books.iam.gserviceaccount.com",
}
SANDBOX = COMMON | {
    "COUNTERFOIL_DATA": "data",
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


ONE_MACHINE = {
    name: value
    for name, value in GOOGLE.items()
    if name not in ("COUNTERFOIL_PROJECT", "COUNTERFOIL_KEY_VERSIONS")
} | {"COUNTERFOIL_STORES": "embedded", "COUNTERFOIL_DATA": "data"}
IN_THE_CLOUD = {name: value for name, value in SANDBOX.items() if name != "COUNTERFOIL_DATA"} | {
    "COUNTERFOIL_STORES": "cloud",
    "COUNTERFOIL_PROJECT": "t-0123456789ab",
    "COUNTERFOIL_KEY_VERSIONS": "1",
    "FIRESTORE_EMULATOR_HOST": "127.0.0.1:8085",
    "SECRET_MANAGER_HOST": "127.0.0.1:8086",
}


def test_in_googles_world_the_stores_are_googles():
    assert Settings.from_env(GOOGLE).stores == CloudStores(
        project="acme-books",
        database="(default)",
        envelopes=False,
        key_versions=("3", "2"),
        firestore_host="",
        secret_manager_host="",
    )


def test_the_embedded_stores_are_for_one_machine_and_the_sandbox():
    for env in (ONE_MACHINE, SANDBOX):
        assert Settings.from_env(env).stores == EmbeddedStores(pathlib.Path("data"))


@pytest.mark.parametrize(
    ("env", "url"),
    [
        pytest.param(GOOGLE, "https://counterfoil.example/token_refresh", id="the cloud"),
        pytest.param(
            GOOGLE | {"TOKEN_SERVICE_URL": "https://tokens.a.run.app/"},
            "https://tokens.a.run.app",
            id="the cloud, at an address of its own",
        ),
        pytest.param(ONE_MACHINE, "", id="one machine"),
        pytest.param(SANDBOX, "", id="the sandbox"),
        pytest.param(IN_THE_CLOUD, "", id="the sandbox over the cloud stores"),
    ],
)
def test_where_exports_ask_for_fresh_tokens(env: dict[str, str], url: str):
    settings = Settings.from_env(env)
    assert settings.token_service_url == url
    assert settings.token_refresh_audience == (url or f"{settings.backend_url}/token_refresh")


def test_the_sandbox_may_use_the_cloud_stores_over_stand_ins():
    env = IN_THE_CLOUD | {"COUNTERFOIL_SECRETS": "envelopes", "COUNTERFOIL_DATABASE": "counterfoil"}
    assert Settings.from_env(env).stores == CloudStores(
        project="t-0123456789ab",
        database="counterfoil",
        envelopes=True,
        key_versions=("1",),
        firestore_host="127.0.0.1:8085",
        secret_manager_host="127.0.0.1:8086",
    )


@pytest.mark.parametrize(
    ("env", "named"),
    [
        pytest.param({}, ["COUNTERFOIL_WORLD"], id="no world"),
        pytest.param(GOOGLE | {"INTUIT_API_URL": "http://127.0.0.1:1"}, ["INTUIT_API_URL"], id="a sandbox address in Google's world"),
        pytest.param(GOOGLE | {"INTUIT_KEYS": "prod"}, ["INTUIT_KEYS"], id="unknown keys"),
        pytest.param(GOOGLE | {"BACKEND_URL": "http://counterfoil.example"}, ["BACKEND_URL"], id="plain http in Google's world"),
        pytest.param(GOOGLE | {"BACKEND_URL": "https://[bad"}, ["BACKEND_URL"], id="half a bracket"),
        pytest.param(GOOGLE | {"BACKEND_URL": "https://a.example:99999"}, ["BACKEND_URL"], id="a port beyond all ports"),
        pytest.param(GOOGLE | {"BACKEND_URL": "https://a b.example"}, ["BACKEND_URL"], id="a blank in a name"),
        pytest.param(GOOGLE | {"BACKEND_URL": "https://a.example/\r\nX: y"}, ["BACKEND_URL"], id="a second line"),
        pytest.param(GOOGLE | {"TOKEN_SERVICE_URL": "https://[bad", "INTUIT_KEYS": "x"}, ["TOKEN_SERVICE_URL", "INTUIT_KEYS"], id="half a bracket and something else"),
        pytest.param(SANDBOX | {"INTUIT_API_URL": "http://[::1"}, ["INTUIT_API_URL"], id="half a bracket in the sandbox"),
        pytest.param(IN_THE_CLOUD | {"FIRESTORE_EMULATOR_HOST": "[bad"}, ["FIRESTORE_EMULATOR_HOST"], id="half a bracket as a stand-in"),
        pytest.param(GOOGLE | {"SERVICE_ACCOUNTS": "functions@acme-books.iam.gserviceaccount.com,nonsense"}, ["SERVICE_ACCOUNTS takes"], id="a caller that is nobody"),
        pytest.param(GOOGLE | {"SERVICE_ACCOUNTS": "ana@example.com"}, ["SERVICE_ACCOUNTS takes"], id="a person among the callers"),
        pytest.param(GOOGLE | {"MANAGED_ACCOUNTS": "sheets-1@a-project.iam.gserviceaccount.com", "SCHEDULER_ACCOUNT": "nonsense"}, ["SCHEDULER_ACCOUNT must be"], id="a scheduler that is nobody"),
        pytest.param(SANDBOX | {"K_SERVICE": "export"}, ["K_SERVICE"], id="the sandbox in the cloud"),
        pytest.param(SANDBOX | {"INTUIT_KEYS": "production"}, ["INTUIT_KEYS"], id="real keys in the sandbox"),
        pytest.param(SANDBOX | {"INTUIT_API_URL": "https://quickbooks.api.intuit.com"}, ["INTUIT_API_URL"], id="the real host in the sandbox"),
        pytest.param(SANDBOX | {"GOOGLE_CERTS_URL": "http://127.0.0.1.example.com/"}, ["GOOGLE_CERTS_URL"], id="a host that only looks like loopback"),
        pytest.param(SANDBOX | {"GOOGLE_CERTS_URL": "http://127.0.0.1@example.com/"}, ["GOOGLE_CERTS_URL"], id="a user name that looks like loopback"),
        pytest.param(SANDBOX | {"ADDON_CLIENT_IDS": " , "}, ["ADDON_CLIENT_IDS"], id="an empty audience"),
        pytest.param(SANDBOX | {"COUNTERFOIL_MAX_CELLS": "-1"}, ["COUNTERFOIL_MAX_CELLS"], id="a cap below one"),
        pytest.param(SANDBOX | {"COUNTERFOIL_RECONCILE_DAYS": "0"}, ["COUNTERFOIL_RECONCILE_DAYS"], id="everything read each time"),
        pytest.param(GOOGLE | {"FIRESTORE_EMULATOR_HOST": "127.0.0.1:8085"}, ["FIRESTORE_EMULATOR_HOST"], id="an emulator in Google's world"),
        pytest.param(GOOGLE | {"SECRET_MANAGER_HOST": "127.0.0.1:8086"}, ["SECRET_MANAGER_HOST"], id="a stand-in for Secret Manager in Google's world"),
        pytest.param(GOOGLE | {"SERVICE_ACCOUNTS": " , "}, ["SERVICE_ACCOUNTS"], id="exports that nobody would let in"),
        pytest.param(GOOGLE | {"TOKEN_SERVICE_URL": "http://tokens.example"}, ["TOKEN_SERVICE_URL"], id="a token service over plain http"),
        pytest.param(ONE_MACHINE | {"TOKEN_SERVICE_URL": "https://tokens.example"}, ["TOKEN_SERVICE_URL"], id="a token service beside the embedded stores"),
        pytest.param(IN_THE_CLOUD | {"TOKEN_SERVICE_URL": "https://tokens.example", "SERVICE_ACCOUNTS": "a@b"}, ["TOKEN_SERVICE_URL"], id="a real token service in the sandbox"),
        pytest.param(GOOGLE | {"MANAGED_ACCOUNTS": "ana@example.com", "SCHEDULER_ACCOUNT": "s@p"}, ["MANAGED_ACCOUNTS"], id="a person who is to write into spreadsheets"),
        pytest.param(GOOGLE | {"MANAGED_ACCOUNTS": "sheets-1@a-project.iam.gserviceaccount.com"}, ["SCHEDULER_ACCOUNT"], id="managed refresh that nobody calls"),
        pytest.param(GOOGLE | {"SHEETS_API_URL": "https://sheets.example"}, ["SHEETS_API_URL"], id="a stand-in for Sheets in Google's world"),
        pytest.param(SANDBOX | {"MANAGED_ACCOUNTS": "sheets-1@a-project.iam.gserviceaccount.com"}, ["SHEETS_API_URL"], id="the real Sheets in the sandbox"),
        pytest.param(SANDBOX | {"MANAGED_ACCOUNTS": "sheets-1@a-project.iam.gserviceaccount.com", "SHEETS_API_URL": "https://sheets.googleapis.com"}, ["SHEETS_API_URL"], id="a real host for Sheets in the sandbox"),
        pytest.param(GOOGLE | {"MANAGED_ACCOUNTS": "sheets-1@a-project.iam.gserviceaccount.com", "SCHEDULER_ACCOUNT": "s@p", "MANAGED_SERVICE_URL": "http://plain.example"}, ["MANAGED_SERVICE_URL"], id="ticks over plain http"),
        pytest.param(GOOGLE | {"COUNTERFOIL_STORES": "sqlite"}, ["COUNTERFOIL_STORES"], id="unknown stores"),
        pytest.param(GOOGLE | {"COUNTERFOIL_DATA": "data"}, ["COUNTERFOIL_DATA"], id="a data folder beside the cloud stores"),
        pytest.param(ONE_MACHINE | {"COUNTERFOIL_DATA": ""}, ["COUNTERFOIL_DATA"], id="no data folder"),
        pytest.param(ONE_MACHINE | {"K_SERVICE": "home"}, ["K_SERVICE"], id="embedded stores in the cloud"),
        pytest.param(GOOGLE | {"COUNTERFOIL_PROJECT": "Acme Books"}, ["COUNTERFOIL_PROJECT"], id="a project's name, not its id"),
        pytest.param(GOOGLE | {"COUNTERFOIL_DATABASE": "a/b"}, ["COUNTERFOIL_DATABASE"], id="no database's id"),
        pytest.param(GOOGLE | {"INTUIT_CLIENT_SECRET": ""}, ["INTUIT_CLIENT_SECRET"], id="no client secret"),
        pytest.param(GOOGLE | {"COUNTERFOIL_TOKENS": "elsewhere"}, ["INTUIT_CLIENT_SECRET", "COUNTERFOIL_TOKENS"], id="a client secret that is not needed"),
        pytest.param(GOOGLE | {"COUNTERFOIL_TOKENS": "here", "INTUIT_CLIENT_SECRET": ""}, ["COUNTERFOIL_TOKENS"], id="tokens who knows where"),
        pytest.param(ONE_MACHINE | {"COUNTERFOIL_TOKENS": "elsewhere", "INTUIT_CLIENT_SECRET": ""}, ["COUNTERFOIL_TOKENS"], id="tokens elsewhere on one machine"),
        pytest.param(GOOGLE | {"COUNTERFOIL_SECRETS": "file"}, ["COUNTERFOIL_SECRETS"], id="unknown secrets"),
        pytest.param(GOOGLE | {"COUNTERFOIL_KEY_VERSIONS": "latest"}, ["COUNTERFOIL_KEY_VERSIONS"], id="the latest key"),
        pytest.param(GOOGLE | {"COUNTERFOIL_KEY_VERSIONS": "3,"}, ["COUNTERFOIL_KEY_VERSIONS"], id="half a list of keys"),
        pytest.param(IN_THE_CLOUD | {"FIRESTORE_EMULATOR_HOST": "firestore.googleapis.com:443"}, ["FIRESTORE_EMULATOR_HOST"], id="the real Firestore in the sandbox"),
        pytest.param(IN_THE_CLOUD | {"SECRET_MANAGER_HOST": ""}, ["SECRET_MANAGER_HOST"], id="no stand-in for Secret Manager in the sandbox"),
        pytest.param({"COUNTERFOIL_WORLD": "google", "GOOGLE_ISSUER": "x"}, ["GOOGLE_ISSUER", "INTUIT_KEYS", "BACKEND_URL", "COUNTERFOIL_PROJECT", "COUNTERFOIL_KEY_VERSIONS", "ADDON_CLIENT_IDS", "INTUIT_CLIENT_ID", "INTUIT_CLIENT_SECRET"], id="everything at once"),
    ],
)  # fmt: skip
def test_a_wrong_deployment_refuses_to_start_and_names_it(env, named):
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(env)
    assert [name for name in named if name not in str(refused.value)] == []


def test_a_function_that_asks_intuit_for_no_token_starts_without_the_client_secret():
    settings = Settings.from_env(
        GOOGLE | {"INTUIT_CLIENT_SECRET": "", "COUNTERFOIL_TOKENS": "elsewhere"}
    )
    assert settings.intuit_client_secret == ""
    assert settings.token_service_url == "https://counterfoil.example/token_refresh"


def test_the_client_secret_is_in_no_repr():
    assert "secret-value" not in repr(Settings.from_env(SANDBOX))


def test_a_deployment_may_be_for_some_people_only():
    settings = Settings.from_env(
        GOOGLE | {"ALLOWED_DOMAINS": "Acme.example, b.example", "ALLOWED_USERS": "X@y.example"}
    )
    assert settings.guests.domains == {"acme.example", "b.example"}
    assert settings.guests.users == {"x@y.example"}


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("ALLOWED_DOMAINS", " , ", "ALLOWED_DOMAINS is set and names nobody"),
        ("ALLOWED_DOMAINS", "@acme.example", "ALLOWED_DOMAINS takes domains"),
        ("ALLOWED_DOMAINS", "*.acme.example", "ALLOWED_DOMAINS takes domains"),
        ("ALLOWED_USERS", "acme.example", "ALLOWED_USERS takes whole e-mail addresses"),
        ("COUNTERFOIL_REQUESTS_PER_MINUTE", "0", "COUNTERFOIL_REQUESTS_PER_MINUTE must be"),
    ],
)
def test_who_may_come_in_is_never_guessed(name, value, why):
    with pytest.raises(SettingsError, match=why.replace("*", ".")):
        Settings.from_env(GOOGLE | {name: value})
