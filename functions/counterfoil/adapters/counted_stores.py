"""The stores, with each call counted and timed for the request that makes it (core/journal.py), and
with a line of the log where it leaves the machine.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.journal import spend, stored
from counterfoil.core.stores import (
    AlreadyThere,
    Changed,
    Document,
    Records,
    SecretGone,
    Secrets,
    Write,
)

log = logging.getLogger("counterfoil.stores")

_SAID = (AlreadyThere, Changed, SecretGone, ServiceUnavailable)  # what a store answers but data


class _Calls:
    """Counts and times calls of one store, and gives each a line in the log where there are to be
    `lines`: the method, the collection (never an id), how many records, how it ended.
    """

    def __init__(self, store: str, *, lines: bool) -> None:
        self._store = store
        self._lines = lines

    @contextmanager
    def timed(self, method: str, *collections: str) -> Iterator[None]:
        began, outcome = time.monotonic(), "broke"
        try:
            yield
            outcome = "ok"
        except _SAID as error:
            outcome = type(error).__name__
            raise
        finally:
            ms = (time.monotonic() - began) * 1000
            stored(ms)
            if self._lines:
                fields: dict[str, str | int] = {"method": method, "outcome": outcome}
                if collections:
                    fields |= {"route": ", ".join(collections), "count": len(collections)}
                log.info(self._store, extra={"fields": fields | {"duration_ms": round(ms)}})


class CountedRecords:
    """Implements `ports.Records` by another one."""

    def __init__(self, records: Records, *, lines: bool = False) -> None:
        self._records = records
        self._timed = _Calls("store", lines=lines).timed

    def get(self, collection: str, id: str) -> Document | None:
        spend("reads")
        with self._timed("get", collection):
            return self._records.get(collection, id)

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Document | None]:
        for _ in places:
            spend("reads")
        with self._timed("get_all", *(collection for collection, _ in places)):
            return self._records.get_all(places)

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        spend("writes")
        with self._timed("create", collection):
            return self._records.create(collection, id, data)

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        spend("writes")
        with self._timed("replace", document.collection):
            return self._records.replace(document, data)

    def write_all(self, writes: Sequence[Write]) -> list[Document]:
        for _ in writes:
            spend("writes")
        with self._timed("write_all", *(each.collection for each in writes)):
            return self._records.write_all(writes)

    def delete(self, collection: str, id: str, *, version: str | None = None) -> None:
        spend("writes")
        with self._timed("delete", collection):
            self._records.delete(collection, id, version=version)

    def find(
        self,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        limit: int,
        after: str | None = None,
    ) -> list[Document]:
        with self._timed("find", collection):
            found = self._records.find(collection, where, limit=limit, after=after)
        # Firestore asks for a read of each record that it finds, and one where it finds none.
        for _ in range(max(1, len(found))):
            spend("reads")
        return found


class CountedSecrets:
    """Implements `ports.Secrets` by another one."""

    def __init__(self, secrets: Secrets, *, lines: bool = False) -> None:
        self._secrets = secrets
        self._timed = _Calls("secrets", lines=lines).timed

    def add(self, name: str, payload: bytes) -> str:
        spend("secrets")
        with self._timed("add"):
            return self._secrets.add(name, payload)

    def read(self, name: str, version: str) -> bytes:
        spend("secrets")
        with self._timed("read"):
            return self._secrets.read(name, version)

    def destroy(self, name: str, version: str) -> None:
        spend("secrets")
        with self._timed("destroy"):
            self._secrets.destroy(name, version)

    def delete(self, name: str) -> None:
        spend("secrets")
        with self._timed("delete"):
            self._secrets.delete(name)

    def exists(self, name: str) -> bool:
        spend("secrets")
        with self._timed("exists"):
            return self._secrets.exists(name)
