"""The stores, with each call counted and timed for the request that makes it (core/journal.py)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from counterfoil.core.journal import spend, stored
from counterfoil.core.stores import Document, Records, Secrets, Write


@contextmanager
def _timed() -> Iterator[None]:
    began = time.monotonic()
    try:
        yield
    finally:
        stored((time.monotonic() - began) * 1000)


class CountedRecords:
    """Implements `ports.Records` by another one."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def get(self, collection: str, id: str) -> Document | None:
        spend("reads")
        with _timed():
            return self._records.get(collection, id)

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Document | None]:
        for _ in places:
            spend("reads")
        with _timed():
            return self._records.get_all(places)

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        spend("writes")
        with _timed():
            return self._records.create(collection, id, data)

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        spend("writes")
        with _timed():
            return self._records.replace(document, data)

    def write_all(self, writes: Sequence[Write]) -> list[Document]:
        for _ in writes:
            spend("writes")
        with _timed():
            return self._records.write_all(writes)

    def delete(self, collection: str, id: str, *, version: str | None = None) -> None:
        spend("writes")
        with _timed():
            self._records.delete(collection, id, version=version)

    def find(
        self,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        limit: int,
        after: str | None = None,
    ) -> list[Document]:
        with _timed():
            found = self._records.find(collection, where, limit=limit, after=after)
        # Firestore asks for a read of each record that it finds, and one where it finds none.
        for _ in range(max(1, len(found))):
            spend("reads")
        return found


class CountedSecrets:
    """Implements `ports.Secrets` by another one."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def add(self, name: str, payload: bytes) -> str:
        spend("secrets")
        with _timed():
            return self._secrets.add(name, payload)

    def read(self, name: str, version: str) -> bytes:
        spend("secrets")
        with _timed():
            return self._secrets.read(name, version)

    def destroy(self, name: str, version: str) -> None:
        spend("secrets")
        with _timed():
            self._secrets.destroy(name, version)

    def delete(self, name: str) -> None:
        spend("secrets")
        with _timed():
            self._secrets.delete(name)

    def exists(self, name: str) -> bool:
        spend("secrets")
        with _timed():
            return self._secrets.exists(name)
