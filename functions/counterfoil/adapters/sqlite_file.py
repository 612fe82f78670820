"""One SQLite file used by several threads and processes, and not lost when one is killed."""

from __future__ import annotations

import contextlib
import os
import pathlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence

from counterfoil.core.errors import ServiceUnavailable
from counterfoil.core.refresh_times import STORE_CALL_S

# Writes are a few statements of a few microseconds, together with one fsync; half a thousand
# writers that queue for a slow disk still fit. A second for the write itself.
BUSY_S = STORE_CALL_S - 1.0

_PRAGMAS = (
    # Readers never wait for the writer (https://sqlite.org/wal.html) ...
    "PRAGMA journal_mode = WAL",
    # ... and a commit is on the disk when it returns: a token that is "stored" must survive the
    # plug (https://sqlite.org/pragma.html#pragma_synchronous; NORMAL would not sync in WAL).
    "PRAGMA synchronous = FULL",
    # What is deleted is overwritten; in the log it stays until `empty_log`.
    "PRAGMA secure_delete = ON",
)


class SqliteFile:
    """Each thread of each process gets its own connection; a fork never uses its parent's."""

    def __init__(self, path: pathlib.Path, schema: Sequence[str]) -> None:
        self._path = path
        self._schema = tuple(schema)
        self._local = threading.local()
        # Connections of a parent process: never used, never closed here either, since closing
        # would drop the parent's locks (https://sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_).
        self._inherited: list[_Opened] = []

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Runs one statement in its own transaction; the number of rows that it changed.

        Raises sqlite3.IntegrityError for a broken constraint, ServiceUnavailable for the rest.
        """
        with self._translated():
            return self._connection().execute(statement, values).rowcount

    def run_all(self, statements: Sequence[tuple[str, Sequence[object]]]) -> bool:
        """Runs all in one transaction if each of them changes a row; else nothing is changed."""
        with self._translated():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                done = all(connection.execute(*each).rowcount for each in statements)
                if done:
                    connection.execute("COMMIT")
            except sqlite3.IntegrityError:
                done = False
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            return done

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with self._translated():
            return self._connection().execute(statement, values).fetchall()

    def empty_log(self) -> None:
        """What was deleted leaves the write-ahead log, too. While somebody reads an older state, it
        stays until the next time (https://sqlite.org/pragma.html#pragma_wal_checkpoint).
        """
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes this thread's connection; it opens again when it is needed."""
        held = self._held()
        if held is not None:
            self._local.opened = None
            held.connection.close()

    def _connection(self) -> sqlite3.Connection:
        held = self._held()
        if held is None:
            held = self._local.opened = _Opened(self._opened())
        return held.connection

    def _held(self) -> _Opened | None:
        held: _Opened | None = getattr(self._local, "opened", None)
        if held is not None and held.pid != os.getpid():
            self._inherited.append(held)
            self._local.opened = held = None
        return held

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made by us first, so that nobody else can read it; -wal and -shm take its mode.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        connection = sqlite3.connect(
            # A thread that ends leaves its connection to whichever thread collects it.
            self._path,
            timeout=BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for statement in (*_PRAGMAS, *self._schema):
                _patiently(connection, statement)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise ServiceUnavailable(
                "Counterfoil's store could not be reached. Please try again in a minute."
            ) from error


class _Opened:
    """A connection that is closed when the thread that used it has ended."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.pid = os.getpid()

    def __del__(self) -> None:
        if self.pid == os.getpid():
            self.connection.close()


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    # Turning WAL on takes the file for itself and answers "locked" at once, whatever the timeout
    # (https://sqlite.org/wal.html#sometimes_queries_return_sqlite_busy_in_wal_mode).
    until = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute(statement).fetchall()
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() >= until:
                raise
            time.sleep(0.01)
