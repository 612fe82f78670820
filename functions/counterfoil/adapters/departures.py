"""When a request has left this process, and when its answer began to come.

Between the decision to send and the last byte that is written lie the opening of a connection and
whatever else this process is busy with: whoever counts calls by the moment must not count from the
decision.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse


class Turn(Protocol):
    """One request that may begin now."""

    def left(self) -> None:
        """It has been written."""
        ...

    def answered(self) -> None:
        """The first bytes of its answer are there, or never will be."""
        ...


class _Watched(threading.local):
    turn: Turn | None = None


_watched = _Watched()


@contextmanager
def watched(turn: Turn) -> Iterator[None]:
    """Tells `turn` what becomes of the request that this thread sends meanwhile."""
    _watched.turn = turn
    try:
        yield
    finally:
        given_up, _watched.turn = _watched.turn, None
        if given_up is not None:
            given_up.answered()


class _Plain(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # so does urllib3
        turn = _watched.turn
        if turn is None:
            return super().getresponse()
        turn.left()
        response = super().getresponse()
        turn.answered()
        _watched.turn = None
        return response


class _Secure(HTTPSConnection, _Plain):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class WatchedTransport(HTTPAdapter):
    """The network, which tells of departures."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
