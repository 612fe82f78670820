"""Records in one SQLite file: the embedded default (`ports.Records`)."""

from __future__ import annotations

import pathlib
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from counterfoil.adapters.sqlite_file import SqliteFile
from counterfoil.core.record_shape import checked_field, checked_place, decoded, encoded
from counterfoil.core.stores import AlreadyThere, Changed, Document, Write

# The fields by which flows look records up; any other works too, by reading the collection.
_LOOKED_UP_BY = ("connection_id", "exporter", "sheet", "user")

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS records ("
    " collection TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, data TEXT NOT NULL,"
    " PRIMARY KEY (collection, id)) WITHOUT ROWID",
    *(
        f"CREATE INDEX IF NOT EXISTS by_{name} ON records"
        f" (collection, json_extract(data, '$.{name}'), id)"
        for name in _LOOKED_UP_BY
    ),
)


_INSERT = "INSERT INTO records (version, data, collection, id) VALUES (?, ?, ?, ?)"
_UPDATE = "UPDATE records SET version = ?, data = ? WHERE collection = ? AND id = ? AND version = ?"


class SqliteRecords:
    """Every write is one statement, or one transaction of several: it is there whole or not at all,
    also after a kill.
    """

    def __init__(self, path: pathlib.Path) -> None:
        self._file = SqliteFile(path, _SCHEMA)

    def get(self, collection: str, id: str) -> Document | None:
        checked_place(collection, id)
        rows = self._file.rows(
            "SELECT id, data, version FROM records WHERE collection = ? AND id = ?",
            (collection, id),
        )
        return _document(collection, rows[0]) if rows else None

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Document | None]:
        return [self.get(*place) for place in places]

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        checked_place(collection, id)
        text, version = encoded(data), _new_version()
        try:
            self._file.run(_INSERT, (version, text, collection, id))
        except sqlite3.IntegrityError:
            raise AlreadyThere(f"{collection} has this record already") from None
        return Document(collection, id, decoded(text), version)

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        text, version = encoded(data), _new_version()
        changed = self._file.run(
            _UPDATE, (version, text, document.collection, document.id, document.version)
        )
        if not changed:
            raise Changed(f"a record of {document.collection} is not what was read")
        return Document(document.collection, document.id, decoded(text), version)

    def write_all(self, writes: Sequence[Write]) -> list[Document]:
        statements: list[tuple[str, Sequence[object]]] = []
        made = []
        for each in writes:
            checked_place(each.collection, each.id)
            text, version = encoded(each.data), _new_version()
            values = (version, text, each.collection, each.id)
            seen = each.seen
            statements.append((_UPDATE, (*values, seen.version)) if seen else (_INSERT, values))
            made.append(Document(each.collection, each.id, decoded(text), version))
        if not self._file.run_all(statements):
            raise Changed("a record is not what was read")
        return made

    def delete(self, collection: str, id: str, *, version: str | None = None) -> None:
        checked_place(collection, id)
        if version is None:
            self._file.run("DELETE FROM records WHERE collection = ? AND id = ?", (collection, id))
            return
        gone = self._file.run(
            "DELETE FROM records WHERE collection = ? AND id = ? AND version = ?",
            (collection, id, version),
        )
        if not gone:
            raise Changed(f"a record of {collection} is not what was read")

    def purge(self, collections: Iterable[str], now: datetime) -> int:
        """Deletes the records whose `expires_at` has come; how many those were. Nothing of what was
        deleted stays in a file.
        """
        moment = now.astimezone(UTC).isoformat(timespec="microseconds")
        purged = sum(
            self._file.run(
                "DELETE FROM records WHERE collection = ?"
                " AND json_extract(data, '$.expires_at.\"@time\"') <= ?",
                (collection, moment),
            )
            for collection in collections
        )
        self._file.empty_log()
        return purged

    def find(
        self,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        limit: int,
        after: str | None = None,
    ) -> list[Document]:
        tests, values = ["collection = ?", "id > ?"], [collection, after or ""]
        for name, value in where.items():
            checked_field(name)
            # By type as well: 1 and true, or 1 and "1", are different values.
            tests.append(f"json_extract(data, '$.{name}') = ?")
            tests.append(f"json_type(data, '$.{name}') = ?")
            values += [value, _json_type(value)]  # type: ignore[list-item]  # text, whole, boolean
        rows = self._file.rows(
            # The names are checked above and everything else is bound.
            f"SELECT id, data, version FROM records WHERE {' AND '.join(tests)}"  # noqa: S608
            " ORDER BY id LIMIT ?",
            (*values, limit),
        )
        return [_document(collection, row) for row in rows]

    def close(self) -> None:
        """Closes this thread's connection; it opens again when it is needed."""
        self._file.close()


def _document(collection: str, row: tuple[Any, ...]) -> Document:
    id, data, version = row
    return Document(collection, id, decoded(data), version)


def _new_version() -> str:
    # Random, not counted: a record that was deleted and made again never has an old version.
    return secrets.token_hex(12)


def _json_type(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "integer" if isinstance(value, int) else "text"
