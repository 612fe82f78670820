"""Letters by SMTP, over a small server of our own: what it says decides what is known."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import json
import pathlib
import socket
import ssl
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from counterfoil.adapters.smtp_mail import SmtpMail
from counterfoil.core.journal import journal_line
from counterfoil.core.mail_server import MailServer as Settings
from counterfoil.core.reminders import Letter, Posted
from tests.mail_server import MailServer

LETTER = Letter("Counterfoil: a table was not refreshed", "Invoices für Ana: waiting\n.\nthe end\n")
TO = "ana@example.com"


def post(server: MailServer, **changes: str) -> SmtpMail:
    plain = Settings("127.0.0.1", server.port, "none", "Counterfoil <counterfoil@example.com>")
    return SmtpMail(replace(plain, **changes))


def test_a_letter_arrives_as_it_was_written() -> None:
    with MailServer() as server:
        assert post(server).send(TO, LETTER) is Posted.TAKEN
    (letter,) = server.letters
    assert letter["From"] == "Counterfoil <counterfoil@example.com>"
    assert (letter["To"], letter["Subject"]) == (TO, LETTER.subject)
    assert letter.get_content() == LETTER.text
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@example.com>")
    assert server.recipients == [TO]


@pytest.mark.parametrize(
    ("command", "answer", "came"),
    [
        ("EHLO", "421 closing", Posted.AWAY),
        ("MAIL", "451 later", Posted.AWAY),
        ("MAIL", "550 you may not send", Posted.AWAY),
        ("RCPT", "450 mailbox busy", Posted.AWAY),
        ("RCPT", "550 no such user", Posted.REFUSED),
        ("DATA", "451 later", Posted.AWAY),
        ("DATA", "554 no", Posted.REFUSED),
        (".", "452 disk full", Posted.AWAY),
        (".", "554 spam", Posted.REFUSED),
    ],
)
def test_what_the_server_says_is_known(command: str, answer: str, came: Posted) -> None:
    with MailServer() as server:
        server.answers[command] = answer
        assert post(server).send(TO, LETTER) is came
    assert server.letters == []


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT"])
def test_a_connection_that_breaks_before_the_content_took_no_letter(command: str) -> None:
    with MailServer() as server:
        server.hangs_up = command
        assert post(server).send(TO, LETTER) is Posted.AWAY


@pytest.mark.parametrize(("command", "arrived"), [("DATA", 0), (".", 1)])
def test_a_connection_that_breaks_after_that_leaves_it_unknown(command: str, arrived: int) -> None:
    with MailServer() as server:
        server.hangs_up = command
        assert post(server).send(TO, LETTER) is Posted.UNKNOWN
    assert len(server.letters) == arrived


def test_nobody_at_that_port_is_no_error_of_ours() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        nobody = SmtpMail(Settings("127.0.0.1", port, "none", "counterfoil@example.com"))
        assert nobody.send(TO, LETTER) is Posted.AWAY


def test_an_address_that_the_wire_cannot_carry_is_refused() -> None:
    with MailServer() as server:
        assert post(server).send("änne@example.com", LETTER) is Posted.REFUSED


@pytest.fixture
def contexts(tmp_path: pathlib.Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's, and one of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    both = tmp_path / "server.pem"
    both.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(both)
    return theirs, ssl.create_default_context(cafile=str(both))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_password_travels_under_tls_only(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], security: str
) -> None:
    theirs, ours = contexts
    with MailServer(theirs, tls_first=security == "tls") as server:
        settings = Settings(
            "127.0.0.1", server.port, security, "c@example.com", "mailer", "a password"
        )
        assert SmtpMail(settings, ours).send(TO, LETTER) is Posted.TAKEN
    assert server.logins == [base64.b64encode(b"\0mailer\0a password").decode()]
    assert set(server.spoken_in_clear) <= {"EHLO", "STARTTLS"}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], security: str
) -> None:
    with MailServer(contexts[0], tls_first=security == "tls") as server:
        assert post(server, security=security).send(TO, LETTER) is Posted.AWAY
    assert (server.recipients, server.logins) == ([], [])


def test_a_server_without_starttls_gets_no_letter_in_clear() -> None:
    with MailServer() as server:
        assert post(server, security="starttls").send(TO, LETTER) is Posted.AWAY
    assert server.recipients == []


def test_a_password_that_is_refused_is_said_in_the_log_and_not_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with MailServer() as server, caplog.at_level("INFO"):
        server.answers["AUTH"] = "535 no"
        sending = post(server, user="mailer", password="a password")
        assert sending.send(TO, LETTER) is Posted.AWAY
    (record,) = [each for each in caplog.records if each.msg == "mail"]
    line = json.loads(journal_line("mail", record.levelname, record.fields))  # type: ignore[attr-defined]
    assert (line["outcome"], line["error"]) == ("away", "SMTPAuthenticationError")
    assert "a password" not in repr(sending._server)
