"""Secrets in one file, each version sealed: the embedded default (`ports.Secrets`)."""

from __future__ import annotations

import pathlib

from counterfoil.adapters.sealer import AesSealer
from counterfoil.adapters.secret_names import checked_name, checked_payload
from counterfoil.adapters.sqlite_file import SqliteFile
from counterfoil.core.stores import SealBroken, SecretGone

_SCHEMA = (
    # A destroyed version keeps its number, so that a number never means two values.
    "CREATE TABLE IF NOT EXISTS versions ("
    " name TEXT NOT NULL, number INTEGER NOT NULL, sealed TEXT,"
    " PRIMARY KEY (name, number)) WITHOUT ROWID",
)


class SealedSecrets:
    """SQLite keeps the file whole through a kill; the seal keeps what is in it from readers.

    Each envelope is bound to its secret's name and version, so that an old value put back in the
    place of a new one does not open.
    """

    def __init__(self, path: pathlib.Path, key: bytes, *older_keys: bytes) -> None:
        self._file = SqliteFile(path, _SCHEMA)
        self._sealer = AesSealer(key, *older_keys, purpose="secrets")

    def add(self, name: str, payload: bytes) -> str:
        """Numbers count up by one from "1", as Secret Manager's do."""
        checked_name(name)
        checked_payload(payload)
        while True:
            number = self._newest(name) + 1
            sealed = self._sealer.seal(payload, bound_to=_bound(name, number))
            # Somebody else may have taken that number meanwhile.
            if self._file.run(
                "INSERT INTO versions (name, number, sealed) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (name, number, sealed),
            ):
                return str(number)

    def read(self, name: str, version: str) -> bytes:
        """Raises SecretGone, and SealBroken for what was tampered with or has another key."""
        checked_name(name)
        number = _number(version)
        rows = self._file.rows(
            "SELECT sealed FROM versions WHERE name = ? AND number = ?", (name, number)
        )
        if not rows or rows[0][0] is None:
            raise SecretGone("that version of the secret is not there")
        sealed = rows[0][0]
        if not isinstance(sealed, str):
            raise SealBroken("this does not open")
        return self._sealer.open(sealed, bound_to=_bound(name, number))

    def destroy(self, name: str, version: str) -> None:
        checked_name(name)
        self._file.run(
            "UPDATE versions SET sealed = NULL WHERE name = ? AND number = ?",
            (name, _number(version)),
        )

    def delete(self, name: str) -> None:
        checked_name(name)
        self._file.run("DELETE FROM versions WHERE name = ?", (name,))

    def exists(self, name: str) -> bool:
        checked_name(name)
        return self._newest(name) > 0

    def purge(self) -> None:
        """Nothing of what was destroyed or deleted stays in a file, not even sealed."""
        self._file.empty_log()

    def close(self) -> None:
        """Closes this thread's connection; it opens again when it is needed."""
        self._file.close()

    def _newest(self, name: str) -> int:
        rows = self._file.rows(
            "SELECT COALESCE(MAX(number), 0) FROM versions WHERE name = ?", (name,)
        )
        newest = rows[0][0]
        return newest if isinstance(newest, int) else 0


def _number(version: str) -> int:
    if not version.isascii() or not version.isdigit() or len(version) > 18:
        raise SecretGone("there is no such version")
    return int(version)


def _bound(name: str, number: int) -> str:
    return f"{name}|{number}"
