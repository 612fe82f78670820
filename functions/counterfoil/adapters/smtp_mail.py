"""The operator's mail server, by SMTP (RFC 5321), with nothing but the standard library."""

from __future__ import annotations

import logging
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, make_msgid, parseaddr
from typing import TYPE_CHECKING

from counterfoil.core.reminders import Letter, Posted

if TYPE_CHECKING:
    from counterfoil.core.mail_server import MailServer

log = logging.getLogger("counterfoil.mail")

TIMEOUT_S = 10.0  # of each answer; a letter is half a dozen of them
# https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1: 4yz may do better later, 5yz will not.
_FOR_GOOD = 500


class SmtpMail:
    """`tls` trusts what the machine trusts, unless a test hands in its own."""

    def __init__(self, server: MailServer, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls

    def send(self, to: str, letter: Letter) -> Posted:
        """One connection for one letter. Raises nothing: what the server said is in the answer."""
        began = time.monotonic()
        try:
            smtp = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return self._logged(Posted.AWAY, began, error)
        try:
            return self._logged(self._handed_over(smtp, to, letter), began)
        finally:
            smtp.close()  # no QUIT: its answer could only spoil what is known by now

    def _connected(self) -> smtplib.SMTP:
        server, tls = self._server, self._tls or ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=tls)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                smtp.starttls(context=tls)
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _handed_over(self, smtp: smtplib.SMTP, to: str, letter: Letter) -> Posted:
        message = _message(self._server.sender, to, letter)
        content_begun = False
        try:
            code, _ = smtp.mail(parseaddr(self._server.sender)[1])
            if code != 250:
                return Posted.AWAY
            code, _ = smtp.rcpt(to)
            if code not in (250, 251):
                return _refused(code)
            content_begun = True
            code, _ = smtp.data(message)
        except smtplib.SMTPDataError as error:  # it did not want the content
            return _refused(error.smtp_code)
        except UnicodeError:  # an address that is not ASCII
            return Posted.REFUSED
        except (OSError, smtplib.SMTPException):
            return Posted.UNKNOWN if content_begun else Posted.AWAY
        return Posted.TAKEN if code == 250 else _refused(code)

    def _logged(self, came: Posted, began: float, error: Exception | None = None) -> Posted:
        fields: dict[str, str | int] = {
            "outcome": came.value,
            "duration_ms": round((time.monotonic() - began) * 1000),
        }
        if error is not None:
            fields["error"] = type(error).__name__
        level = logging.INFO if came is Posted.TAKEN else logging.WARNING
        log.log(level, "mail", extra={"fields": fields})
        return came


def _refused(code: int) -> Posted:
    return Posted.REFUSED if code >= _FOR_GOOD else Posted.AWAY


def _message(sender: str, to: str, letter: Letter) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    # So that nobody's absence notice answers: https://www.rfc-editor.org/rfc/rfc3834#section-5
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message.as_bytes(policy=WIRE)
