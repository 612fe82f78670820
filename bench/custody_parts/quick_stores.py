"""Records and secrets in dictionaries, for a million rotations on one thread at a time.

They keep the contract of `ports.Records` and `ports.Secrets`, which tests/adapters checks, and
spare what makes the tests' own slow: nothing goes through JSON.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from counterfoil.core.record_shape import checked_field, checked_place, encoded
from counterfoil.core.stores import AlreadyThere, Changed, Document, SecretGone, Write

_PLAIN = frozenset({str, bool, type(None)})
_SURELY_SMALL = 10_000  # letters of all top-level texts; what has more is measured as JSON


class QuickRecords:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, Document]] = {}
        self._versions = itertools.count(1)

    def get(self, collection: str, id: str) -> Document | None:
        held = self._kept.get(collection, {}).get(id)
        if held is None:
            checked_place(collection, id)
            return None
        return _copy(held)

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Document | None]:
        return [self.get(*place) for place in places]

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        checked_place(collection, id)
        kept = _checked(data)
        with self._lock:
            if id in self._kept.setdefault(collection, {}):
                raise AlreadyThere
            return self._put(collection, id, kept)

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        kept = _checked(data)
        with self._lock:
            held = self._kept.get(document.collection, {}).get(document.id)
            if held is None or held.version != document.version:
                raise Changed
            return self._put(document.collection, document.id, kept)

    def write_all(self, writes: Sequence[Write]) -> list[Document]:
        kept = [_checked(each.data) for each in writes]
        with self._lock:
            for each in writes:
                checked_place(each.collection, each.id)
                held = self._kept.setdefault(each.collection, {}).get(each.id)
                if (held and held.version) != (each.seen and each.seen.version):
                    raise Changed
            return [
                self._put(each.collection, each.id, data)
                for each, data in zip(writes, kept, strict=True)
            ]

    def delete(self, collection: str, id: str, *, version: str | None = None) -> None:
        checked_place(collection, id)
        with self._lock:
            held = self._kept.get(collection, {}).get(id)
            if version is not None and (held is None or held.version != version):
                raise Changed
            self._kept.get(collection, {}).pop(id, None)

    def find(
        self,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        limit: int,
        after: str | None = None,
    ) -> list[Document]:
        for name in where:
            checked_field(name)
        with self._lock:
            kept = sorted(self._kept.get(collection, {}).items())
        found = [held for id, held in kept if id > (after or "") and _matches(held, where)]
        return [_copy(held) for held in found[:limit]]

    def _put(self, collection: str, id: str, kept: dict[str, Any]) -> Document:
        document = Document(collection, id, kept, str(next(self._versions)))
        self._kept[collection][id] = document
        return _copy(document)


class QuickSecrets:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, bytes | None]] = {}

    def add(self, name: str, payload: bytes) -> str:
        if not payload or len(payload) > 65_536:
            raise ValueError("a secret holds 1 to 65536 bytes")
        with self._lock:
            versions = self._kept.setdefault(name, {})
            number = str(len(versions) + 1)
            versions[number] = payload
            return number

    def read(self, name: str, version: str) -> bytes:
        payload = self._kept.get(name, {}).get(version)
        if payload is None:
            raise SecretGone
        return payload

    def destroy(self, name: str, version: str) -> None:
        with self._lock:
            if version in self._kept.get(name, {}):
                self._kept[name][version] = None

    def delete(self, name: str) -> None:
        with self._lock:
            self._kept.pop(name, None)

    def exists(self, name: str) -> bool:
        return name in self._kept

    def holds(self, payload: bytes) -> bool:
        """Whether any version of any secret still has that value."""
        return any(payload in versions.values() for versions in self._kept.values())


def _copy(held: Document) -> Document:
    data = dict(held.data)
    for name, value in data.items():
        if type(value) in (list, dict):
            data[name] = _own(value)
    return Document(held.collection, held.id, data, held.version)


def _own(value: Any) -> Any:
    """The value with lists and maps of its own."""
    kind = type(value)
    if kind is list:
        return [_own(item) for item in value]
    if kind is dict:
        return {name: _own(item) for name, item in value.items()}
    return value


def _checked(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy; whatever is not plainly fit for a record is put to the proper test."""
    kept: dict[str, Any] = {}
    letters = 0
    for name, value in data.items():
        kind = type(value)
        utc = kind is datetime and value.tzinfo is UTC
        if utc or kind in _PLAIN or (kind is int and abs(value) < 2**62):
            kept[name] = value
        elif kind is list and not value:
            kept[name] = []
        else:
            encoded({"value": value})
            kept[name] = _plain(value)
        letters += len(value) if kind is str else 0
    if letters > _SURELY_SMALL or not all(type(name) is str for name in data):
        encoded(data)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _matches(held: Document, where: Mapping[str, str | int | bool]) -> bool:
    return all(
        name in held.data and type(held.data[name]) is type(value) and held.data[name] == value
        for name, value in where.items()
    )
