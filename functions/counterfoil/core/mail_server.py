"""The settings of the operator's mail server, read from what settings.py hands over. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_HOST = re.compile(r"[a-z0-9.:-]{1,253}", re.ASCII | re.IGNORECASE)
_SENDER = re.compile(
    r"([^<>@\r\n\"]{1,100} <)?[!-;=?A-~]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}>?"
)
_NAMES = ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM")


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    security: str  # "starttls" or "tls"; "none" on this machine only
    sender: str  # "Counterfoil <counterfoil@example.com>"
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(env: Mapping[str, str], world: str, wrong: list[str]) -> MailServer | None:
    """None where no SMTP_HOST is set: then no mail is sent."""
    given = {name: env.get(name, "").strip() for name in _NAMES}
    host = given["SMTP_HOST"]
    if not host:
        wrong += [f"{name} is set, but SMTP_HOST is not" for name in _NAMES if given[name]]
        return None
    if not _HOST.fullmatch(host):
        wrong.append("SMTP_HOST must be the name of a mail server")
    security = given["SMTP_SECURITY"] or "starttls"
    here = world == "sandbox" and host in _LOOPBACK
    if security not in PORTS or (security == "none" and not here):
        wrong.append("SMTP_SECURITY must be starttls or tls")
    if not _SENDER.fullmatch(given["SMTP_FROM"]):
        wrong.append("SMTP_FROM must be an e-mail address, or a name with one in < >")
    if bool(given["SMTP_USER"]) != bool(given["SMTP_PASSWORD"]):
        wrong.append("SMTP_USER and SMTP_PASSWORD go together")
    port = given["SMTP_PORT"] or str(PORTS.get(security, 0))
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        wrong.append("SMTP_PORT must be a port number")
        return None
    return MailServer(
        host, int(port), security, given["SMTP_FROM"], given["SMTP_USER"], given["SMTP_PASSWORD"]
    )
