"""Sealed text: AES-256-GCM bound to its place (`ports.Sealer`)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from counterfoil.core.stores import SealBroken

KEY_BYTES = 32
_NONCE_BYTES = 12  # random; NIST SP 800-38D 8.3 allows 2^32 of them under one key
_FORMAT = "v1"


class AesSealer:
    """One purpose, its own key: what was sealed as a cursor never opens as an access token.

    The first of `keys` seals; all open, so that a key can be changed without a day on which
    nothing opens. The text names its key by an id that tells nothing about the key.
    """

    def __init__(self, *keys: bytes, purpose: str) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError("a sealer needs at least one key, each of 32 bytes")
        self._purpose = purpose
        self._ciphers = {key_id(key): AESGCM(_derived(key, purpose)) for key in keys}
        self._current = key_id(keys[0])

    def seal(self, plain: bytes, *, bound_to: str) -> str:
        """URL-safe text: format, key id, then nonce and ciphertext."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, self._bound(bound_to))
        return f"{_FORMAT}.{self._current}.{_text(nonce + sealed)}"

    def open(self, sealed: str, *, bound_to: str) -> bytes:
        """Raises SealBroken, which never says why."""
        try:
            form, key, text = sealed.split(".")
            raw = _raw(text)
            cipher = self._ciphers[key]
            if form != _FORMAT or len(raw) <= _NONCE_BYTES:
                raise ValueError
            return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._bound(bound_to))
        except (ValueError, KeyError, InvalidTag):
            raise SealBroken("this does not open") from None

    def _bound(self, bound_to: str) -> bytes:
        return f"{_FORMAT}|{self._purpose}|{bound_to}".encode()


def key_id(key: bytes) -> str:
    """Which key, in 8 hex digits."""
    return hashlib.sha256(b"counterfoil key id" + key).hexdigest()[:8]


def decoded_key(text: bytes) -> bytes:
    """The 32 bytes that are kept as base64. Raises ValueError."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError("not a key of 32 bytes in base64")
    return key


def _derived(key: bytes, purpose: str) -> bytes:
    info = f"counterfoil {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    if len(text) % 4 == 1 or not text.isascii():
        raise ValueError
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError from None
    if _text(raw) != text:  # one value, one text: no second spelling of the same cursor
        raise ValueError
    return raw
