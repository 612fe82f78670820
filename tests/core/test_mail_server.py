"""The mail server's settings: all of them or none, and nothing in clear over a network."""

from __future__ import annotations

import pytest

from counterfoil.core.errors import SettingsError
from counterfoil.core.mail_server import MailServer
from counterfoil.settings import Settings
from tests.test_settings import GOOGLE, SANDBOX

MAIL = {"SMTP_HOST": "smtp.example.com", "SMTP_FROM": "Counterfoil <counterfoil@example.com>"}


def test_without_a_host_there_is_no_mail() -> None:
    assert Settings.from_env(GOOGLE).mail is None


@pytest.mark.parametrize(
    ("given", "port", "security"),
    [
        ({}, 587, "starttls"),
        ({"SMTP_SECURITY": "tls"}, 465, "tls"),
        ({"SMTP_PORT": "2525"}, 2525, "starttls"),
    ],
)
def test_the_port_follows_the_security(given: dict[str, str], port: int, security: str) -> None:
    assert Settings.from_env(GOOGLE | MAIL | given).mail == MailServer(
        "smtp.example.com", port, security, "Counterfoil <counterfoil@example.com>"
    )


def test_the_password_is_in_no_repr() -> None:
    settings = Settings.from_env(GOOGLE | MAIL | {"SMTP_USER": "u", "SMTP_PASSWORD": "hush-hush"})
    assert settings.mail is not None
    assert settings.mail.password == "hush-hush"
    assert "hush-hush" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SMTP_HOST": ""}, "SMTP_FROM is set, but SMTP_HOST is not"),
        ({"SMTP_HOST": "https://smtp.example.com"}, "SMTP_HOST must be the name"),
        ({"SMTP_FROM": ""}, "SMTP_FROM must be an e-mail address"),
        ({"SMTP_FROM": "a@b.example\r\nBcc: c@d.example"}, "SMTP_FROM must be an e-mail address"),
        ({"SMTP_USER": "mailer"}, "SMTP_USER and SMTP_PASSWORD go together"),
        ({"SMTP_PASSWORD": "x"}, "SMTP_USER and SMTP_PASSWORD go together"),
        ({"SMTP_PORT": "0"}, "SMTP_PORT must be a port number"),
        ({"SMTP_PORT": "many"}, "SMTP_PORT must be a port number"),
        ({"SMTP_SECURITY": "none"}, "SMTP_SECURITY must be starttls or tls"),
        ({"SMTP_SECURITY": "none", "SMTP_HOST": "127.0.0.1"}, "SMTP_SECURITY must be starttls"),
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY must be starttls or tls"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings.from_env(GOOGLE | MAIL | given)


def test_a_password_in_clear_stays_on_this_machine() -> None:
    clear = MAIL | {"SMTP_SECURITY": "none"}
    here = Settings.from_env(SANDBOX | clear | {"SMTP_HOST": "127.0.0.1"})
    assert here.mail == MailServer("127.0.0.1", 25, "none", MAIL["SMTP_FROM"])
    with pytest.raises(SettingsError, match="SMTP_SECURITY must be starttls or tls"):
        Settings.from_env(SANDBOX | clear)
