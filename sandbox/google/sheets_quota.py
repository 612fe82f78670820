"""The Sheets API's quotas: so many requests in any minute, for a user and for the project.

https://developers.google.com/workspace/sheets/api/limits. A minute slides here; Google says
"refilled every minute" and not how, so a client that keeps to this one keeps to either.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
PER_USER = 60
PER_PROJECT = 300


class Quotas:
    """Reads and writes are counted apart; what is refused is not counted."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        per_user: int = PER_USER,
        per_project: int = PER_PROJECT,
    ) -> None:
        self._now = now
        self._per_user = per_user
        self._per_project = per_project
        self._arrivals: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(deque)
        self._lock = threading.Lock()

    def refusal(self, user: str, *, writes: bool) -> str | None:
        """Google's words if this request is over a quota; otherwise it is counted, and None."""
        kind = "Write" if writes else "Read"
        with self._lock:
            now = self._now()
            mine, all_ = self._arrivals[kind, user], self._arrivals[kind, ""]
            for arrivals in (mine, all_):
                while arrivals and arrivals[0] <= now - MINUTE:
                    arrivals.popleft()
            if len(mine) >= self._per_user:
                return _words(kind, "per minute per user")
            if len(all_) >= self._per_project:
                return _words(kind, "per minute")
            mine.append(now)
            all_.append(now)
            return None


def _words(kind: str, limit: str) -> str:
    return (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests {limit}' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:1'."
    )
