"""Intuit's signed id_token, and the keys to check it with."""

from __future__ import annotations

import base64
import functools
import json
import threading
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ID_TOKEN_LIFE = timedelta(hours=1)
KEY_ID = "sandbox-intuit-1"

_making = threading.Lock()


def id_token(*, issuer: str, client_id: str, sub: str, realm_id: str | None, now: datetime) -> str:
    """A JWT of the claims that Intuit's discovery document lists; `aud` is a list there."""
    claims: dict[str, Any] = {
        "sub": sub,
        "aud": [client_id],
        "iss": issuer,
        "iat": int(now.timestamp()),
        "exp": int((now + ID_TOKEN_LIFE).timestamp()),
    }
    if realm_id is not None:
        claims["realmid"] = realm_id
    return _signed(claims)


def jwks() -> dict[str, Any]:
    numbers = _key().public_key().public_numbers()
    return {
        "keys": [
            {
                "kty": "RSA",
                "e": _b64(_integer(numbers.e)),
                "use": "sig",
                "kid": KEY_ID,
                "alg": "RS256",
                "n": _b64(_integer(numbers.n)),
            }
        ]
    }


def _signed(claims: dict[str, Any]) -> str:
    head = _b64(_json({"kid": KEY_ID, "alg": "RS256", "typ": "JWT"}))
    text = f"{head}.{_b64(_json(claims))}"
    signature = _key().sign(text.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_b64(signature)}"


def _key() -> rsa.RSAPrivateKey:
    with _making:
        return _made_key()


@functools.cache
def _made_key() -> rsa.RSAPrivateKey:
    # One per process and only when first needed: making it takes a noticeable moment.
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _integer(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
