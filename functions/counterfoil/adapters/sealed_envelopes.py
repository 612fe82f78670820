"""Secrets sealed in records, for many thousands of connections (`ports.Secrets`).

Secret Manager takes 600 writes a minute and asks its price for each version; with this it keeps
only the key. One record holds the versions of one secret, so that each call is one read and, at
most, one write.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.secret_names import checked_name, checked_payload
from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.refresh_times import STORE_CALL_S
from counterfoil.core.stores import AlreadyThere, Changed, Document, SecretGone

COLLECTION = "envelopes"

# Whoever refreshes holds a lease, so that two hardly ever meet; enough for a crowd all the same.
_TRIES = 40
TRIED_S = STORE_CALL_S / 2  # after that no try begins
_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.01, 0.5


class Records(Protocol):
    """What it needs of `ports.Records`."""

    def get(self, collection: str, id: str) -> Document | None: ...
    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document: ...
    def replace(self, document: Document, data: Mapping[str, Any]) -> Document: ...
    def delete(self, collection: str, id: str) -> None: ...


class SealedEnvelopes:
    """`records` gives the records for the calls of one call here, which it bounds together.

    `newest` counts on and `sealed` holds what was not destroyed, so that a number never means
    two values. Each envelope is bound to its secret's name and version, as in `SealedSecrets`.
    """

    def __init__(
        self,
        records: Callable[[], Records],
        sealer: AesSealer,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._records = records
        self._sealer = sealer
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter

    def add(self, name: str, payload: bytes) -> str:
        """Numbers count up by one from "1"."""
        checked_name(name)
        checked_payload(payload)
        records = self._records()
        for _ in self._tries():
            held = records.get(COLLECTION, name)
            newest, sealed = (held.data["newest"], held.data["sealed"]) if held else (0, {})
            number = str(newest + 1)
            envelope = self._sealer.seal(payload, bound_to=_bound(name, number))
            after = {"newest": newest + 1, "sealed": {**sealed, number: envelope}}
            try:
                if held is None:
                    records.create(COLLECTION, name, after)
                else:
                    records.replace(held, after)
                return number
            except (AlreadyThere, Changed):
                continue
        raise _busy()

    def read(self, name: str, version: str) -> bytes:
        """Raises SecretGone, and SealBroken for what was tampered with or has another key."""
        checked_name(name)
        held = self._records().get(COLLECTION, name)
        envelope = held.data["sealed"].get(version) if held else None
        if envelope is None:
            raise SecretGone("that version of the secret is not there")
        return self._sealer.open(envelope, bound_to=_bound(name, version))

    def destroy(self, name: str, version: str) -> None:
        checked_name(name)
        records = self._records()
        for _ in self._tries():
            held = records.get(COLLECTION, name)
            if held is None or version not in held.data["sealed"]:
                return
            left = {
                number: text for number, text in held.data["sealed"].items() if number != version
            }
            try:
                records.replace(held, {**held.data, "sealed": left})
                return
            except Changed:
                continue
        raise _busy()

    def delete(self, name: str) -> None:
        checked_name(name)
        self._records().delete(COLLECTION, name)

    def exists(self, name: str) -> bool:
        checked_name(name)
        return self._records().get(COLLECTION, name) is not None

    def _tries(self) -> Iterator[None]:
        """One after another, with pauses that grow, while there is time."""
        pause, end = _FIRST_RETRY_S, self._clock() + TRIED_S
        for _ in range(_TRIES):
            yield
            wait = pause * (0.5 + self._jitter())
            if self._clock() + wait >= end:
                return
            self._sleep(wait)
            pause = min(2 * pause, _LONGEST_RETRY_S)


def _busy() -> ServiceUnavailable:
    return ServiceUnavailable("Counterfoil's store is too busy. Please try again in a minute.")


def _bound(name: str, number: str) -> str:
    return f"{name}|{number}"
