"""The words that stores and flows share. Pure.

Shaped by what Firestore and Secret Manager can do: create if absent, replace on a
precondition, no long transactions; secret versions read by number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Document:
    """A record as it was read; `version` is what a later replace must still find."""

    collection: str
    id: str
    data: Mapping[str, Any]
    version: str


@dataclass(frozen=True, slots=True)
class Write:
    """One of several writes that happen together: a record that was `seen` gets other data, or one
    that must not be there yet is made.
    """

    collection: str
    id: str
    data: Mapping[str, Any]
    seen: Document | None = None

    @classmethod
    def over(cls, seen: Document, data: Mapping[str, Any]) -> Write:
        return cls(seen.collection, seen.id, data, seen)


class AlreadyThere(Exception):
    """A create found the record already there."""


class Changed(Exception):
    """A replace or delete found another version of the record, or none; of several writes one did,
    or found what it should have made.
    """


class SecretGone(Exception):
    """The secret, or that version of it, does not exist or was destroyed."""


class SealBroken(Exception):
    """A sealed value does not open: other key, other binding, or tampered with."""


class Records(Protocol):
    """Connections, members, grants, exporters, runs, tickets, leases, budgets.

    Each call ends within STORE_CALL_S (core/refresh_times.py); all may raise ServiceUnavailable.
    Data is JSON-like (strings, integers, booleans, None, lists, maps) plus aware datetimes.
    No transactions: every rule rests on create-if-absent and compare-and-set, of one record or of
    several in one write.
    """

    def get(self, collection: str, id: str) -> Document | None: ...

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Document | None]:
        """Records by collection and id, by one question, in that order."""
        ...

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        """Raises AlreadyThere."""
        ...

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        """Raises Changed when the record is no longer the version that was read."""
        ...

    def write_all(self, writes: Sequence[Write]) -> list[Document]:
        """All of them or none, each of another record. Raises Changed: then nothing was written."""
        ...

    def delete(self, collection: str, id: str, *, version: str | None = None) -> None:
        """A missing record is fine, unless `version` is given: then Changed."""
        ...

    def find(
        self,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        limit: int,
        after: str | None = None,
    ) -> list[Document]:
        """The records whose top-level fields equal `where`, by id, those after id `after`."""
        ...


class Secrets(Protocol):
    """Refresh tokens and keys. A payload never changes: a new value is a new version.

    Each call ends within STORE_CALL_S; all may raise ServiceUnavailable.
    """

    def add(self, name: str, payload: bytes) -> str:
        """The number of the new version; the secret is made if it was not there."""
        ...

    def read(self, name: str, version: str) -> bytes:
        """Raises SecretGone."""
        ...

    def destroy(self, name: str, version: str) -> None:
        """That version can never be read again. Destroying it twice is fine."""
        ...

    def delete(self, name: str) -> None:
        """The secret and all its versions. A missing one is fine."""
        ...

    def exists(self, name: str) -> bool:
        """Whether anything is kept under that name, destroyed versions' numbers included."""
        ...
