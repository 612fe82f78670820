"""How often one user may ask: counted in this process, before anything is looked up.

A shared count would cost the store a write for each request, which is what it is to prevent. The
number of instances is bounded (deploy/functions.tsv), so what all of them let in is too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from counterfoil.core.errors import TooManyRequests
from counterfoil.core.people import User
from counterfoil.web.services import Identity

# Who asks in a minute; beyond it the count begins anew, so that memory stays bounded.
MOST_USERS = 50_000


class Visitors:
    """An `Identity` that lets each user in so many times a minute."""

    def __init__(self, identity: Identity, per_minute: int, now: Callable[[], datetime]) -> None:
        self._identity = identity
        self._most = per_minute
        self._now = now
        self._lock = threading.Lock()
        self._minute = 0
        self._asked: dict[str, int] = {}

    def user(self, authorization: str | None) -> User:
        """Raises what the identity does, and TooManyRequests."""
        user = self._identity.user(authorization)
        minute, second = divmod(int(self._now().timestamp()), 60)
        with self._lock:
            if minute != self._minute or len(self._asked) >= MOST_USERS:
                self._minute, self._asked = minute, {}
            asked = self._asked[user.sub] = self._asked.get(user.sub, 0) + 1
        if asked > self._most:
            raise TooManyRequests(
                "Those were more requests in a minute than Counterfoil allows one person. Please "
                "wait a minute.",
                wait_s=60 - second,
            )
        return user
