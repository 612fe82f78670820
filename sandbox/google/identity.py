"""Google's identity provider: signs ID tokens that google-auth verifies for real."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import google.auth.crypt
import google.auth.jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

ISSUER = "https://accounts.google.com"
CLIENT_ID = "sandbox-addon.apps.googleusercontent.com"
LIFETIME = timedelta(hours=1)
# How long a client may keep the certificates; Google's own answer says some hours.
CERTS_MAX_AGE_S = 3600


@dataclass(frozen=True, slots=True)
class Person:
    sub: str
    email: str


PEOPLE = {
    person.email: person
    for person in (
        Person("110000000000000000001", "ana@example.com"),
        Person("110000000000000000002", "ben@example.com"),
    )
}


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    certificate: str
    signer: Any = field(repr=False)


def _wall() -> datetime:
    return datetime.now(UTC)


class IdentityProvider:
    """Two people, one client id, and keys that can be rotated.

    The clock is the wall's by default, not the sandbox's movable one: google-auth compares with
    the time of the machine, and nobody can hand it another.
    """

    def __init__(
        self,
        client_id: str = CLIENT_ID,
        issuer: str = ISSUER,
        now: Callable[[], datetime] = _wall,
    ) -> None:
        self.client_id = client_id
        self.issuer = issuer
        self.certs_fetched = 0
        self._now = now
        self._lock = threading.Lock()
        self._keys: list[_Key] = []
        self._made = 0
        self.rotate()

    def mint(
        self, who: str = "ana@example.com", aud: str | None = None, **overrides: object
    ) -> str:
        """A signed ID token for one hour; an override of None leaves that claim out.

        `who` is an e-mail address: one of PEOPLE, or anybody else, who gets a `sub` of their own.
        """
        person = PEOPLE.get(who) or stranger(who)
        now = int(self._now().timestamp())
        claims: dict[str, object] = {
            "iss": self.issuer,
            "aud": aud or self.client_id,
            "azp": aud or self.client_id,
            "sub": person.sub,
            "email": person.email,
            "email_verified": True,
            "hd": person.email.partition("@")[2],
            "iat": now,
            "exp": now + int(LIFETIME.total_seconds()),
        }
        kept = {name: value for name, value in (claims | overrides).items() if value is not None}
        token: bytes = google.auth.jwt.encode(self._keys[-1].signer, kept)
        return token.decode()

    def certs(self) -> Mapping[str, str]:
        """{key id: x509 PEM}, as Google's `/oauth2/v1/certs` answers: the last two keys."""
        with self._lock:
            self.certs_fetched += 1
            return {key.id: key.certificate for key in self._keys}

    def rotate(self, *, forget: bool = False) -> None:
        """Signs with a new key from now on; `forget` withdraws the old ones' certificates."""
        with self._lock:
            self._made += 1
            key = _new_key(f"sandbox-key-{self._made}", self._now())
            self._keys = [key] if forget else [*self._keys[-1:], key]


def stranger(email: str) -> Person:
    """Somebody who is not in PEOPLE, the same each time."""
    number = int.from_bytes(email.lower().encode(), "big") % 10**18
    return Person(f"119{number:018d}", email)


def _new_key(id: str, now: datetime) -> _Key:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox identity")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    signer = google.auth.crypt.RSASigner.from_string(pem.decode(), id)
    return _Key(id, certificate.public_bytes(serialization.Encoding.PEM).decode(), signer)
