"""Codes, grants and tokens with Intuit's lifetimes, on a clock that is handed in.

One consent opens one line of tokens: its access tokens and the one refresh value that is good
now. All lines of (app, person, company) are one grant: revoking any token of it ends them all.
https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/faq
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(seconds=3600)
REFRESH_LIFE = timedelta(seconds=8_726_400)
"""The rolling life, as live answers give it: 101 days."""
HARD_LIFE = timedelta(seconds=157_680_000)
"""Five years of 365 days; no refresh extends past it."""
ROTATION = timedelta(hours=24)
GRACE = timedelta(hours=24)

# The head of every access token of Intuit's: an encrypted JWT.
_ACCESS_HEAD = "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0.."


class InvalidGrant(Exception):
    """The code or the refresh token is refused.

    `foreign` tells a value that never was a refresh token of this app from one that was: Intuit
    answers the two with different bodies.
    """

    def __init__(self, *, foreign: bool = False) -> None:
        super().__init__("invalid_grant")
        self.foreign = foreign


class Standing(Enum):
    FRESH = "good"
    EXPIRED = "past its hour"
    ENDED = "its grant was revoked or disconnected"
    UNKNOWN = "never given out"


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person has agreed to. `realm_id` is None when no company was asked for."""

    client_id: str
    sub: str
    realm_id: str | None
    scopes: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Line:
    """The tokens that go back to one consent."""

    consent: Consent
    born: datetime
    refresh: str = field(repr=False)
    refresh_since: datetime
    refresh_expires: datetime
    previous: str | None = field(default=None, repr=False)
    previous_since: datetime | None = None
    ended: bool = False
    in_flight: bool = False
    refreshes: int = 0

    @property
    def hard_expires(self) -> datetime:
        return self.born + HARD_LIFE


@dataclass(frozen=True, slots=True)
class Issued:
    """One successful answer of the token endpoint; the lives are in seconds."""

    consent: Consent
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_expires_in: int
    refresh_expires_in: int
    hard_expires_in: int


@dataclass(slots=True, eq=False)
class _Code:
    consent: Consent
    redirect_uri: str
    expires: datetime
    used: bool = False
    line: Line | None = None


class Tokens:
    """Everything Intuit's authorization server remembers. Safe to use from many threads."""

    def __init__(self, now: Callable[[], datetime], *, grace: bool = False) -> None:
        self.grace = grace
        """Whether the value before the current one is still taken for 24 hours."""
        self._now = now
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._codes: dict[str, _Code] = {}
            self._lines: list[Line] = []
            self._refresh: dict[str, Line] = {}
            self._access: dict[str, tuple[Line, datetime]] = {}

    # Consent and exchange

    def code(self, consent: Consent, redirect_uri: str) -> str:
        """A one-time code, good for ten minutes."""
        value = "AB11" + str(int(self._now().timestamp())) + secrets.token_hex(18)
        with self._lock:
            self._codes[value] = _Code(consent, redirect_uri, self._now() + CODE_LIFE)
        return value

    def exchange(self, client_id: str, code: str, redirect_uri: str) -> Issued:
        """Raises InvalidGrant; a second exchange also ends what the first one issued."""
        with self._lock:
            held = self._codes.get(code)
            if held is None or held.consent.client_id != client_id:
                raise InvalidGrant
            if held.used:
                if held.line is not None:
                    held.line.ended = True
                raise InvalidGrant
            held.used = True
            if self._now() >= held.expires or held.redirect_uri != redirect_uri:
                raise InvalidGrant
            held.line = self._open(held.consent)
            return self._issue(held.line)

    def grant(self, consent: Consent) -> Issued:
        """What a consent and an exchange would have given, without either."""
        with self._lock:
            return self._issue(self._open(consent))

    # Refresh

    def refresh(
        self, client_id: str, value: str, pause: Callable[[], object] = lambda: None
    ) -> Issued:
        """Raises InvalidGrant. `pause` is the time that Intuit takes; another refresh of the same
        line that arrives meanwhile loses."""
        with self._claimed(client_id, value) as line:
            pause()
            with self._lock:
                # Revoked, or grown too old, while it was under way.
                if line.ended or not self._alive(line):
                    raise InvalidGrant
                return self._renew(line)

    @contextlib.contextmanager
    def _claimed(self, client_id: str, value: str) -> Iterator[Line]:
        with self._lock:
            line = self._refresh.get(value)
            if line is None or line.consent.client_id != client_id:
                raise InvalidGrant(foreign=True)
            if line.ended or line.in_flight or not self._alive(line):
                raise InvalidGrant
            if not self._is_accepted(line, value):
                raise InvalidGrant
            line.in_flight = True
        try:
            yield line
        finally:
            with self._lock:
                line.in_flight = False

    def _is_accepted(self, line: Line, value: str) -> bool:
        if value == line.refresh:
            return True
        return (
            self.grace
            and value == line.previous
            and line.previous_since is not None
            and self._now() < line.previous_since + GRACE
        )

    def _renew(self, line: Line) -> Issued:
        now = self._now()
        if now - line.refresh_since >= ROTATION:
            line.previous, line.previous_since = line.refresh, now
            line.refresh, line.refresh_since = self._new_refresh(line), now
        line.refresh_expires = min(now + REFRESH_LIFE, line.hard_expires)
        line.refreshes += 1
        return self._issue(line)

    # Use and end

    def standing(self, access: str) -> tuple[Standing, Consent | None]:
        """What an access token is worth now, and whose it is."""
        with self._lock:
            held = self._access.get(access)
            if held is None:
                return Standing.UNKNOWN, None
            line, expires = held
            if line.ended:
                return Standing.ENDED, line.consent
            if self._now() >= expires:
                return Standing.EXPIRED, line.consent
            return Standing.FRESH, line.consent

    def revoke(self, client_id: str, token: str) -> bool:
        """Ends the grant that an access or refresh token belongs to; False if there is none."""
        with self._lock:
            held = self._access.get(token)
            line = held[0] if held else self._refresh.get(token)
            if line is None or line.ended or line.consent.client_id != client_id:
                return False
            for other in self._lines:
                if _same_grant(other.consent, line.consent):
                    other.ended = True
            return True

    def disconnect(self, realm_id: str, sub: str | None = None) -> int:
        """What "Disconnect" inside QuickBooks does; how many lines of tokens it ended."""
        with self._lock:
            hit = [
                line
                for line in self._lines
                if line.consent.realm_id == realm_id
                and not line.ended
                and sub in (None, line.consent.sub)
            ]
            for line in hit:
                line.ended = True
            return len(hit)

    def lines(self) -> list[Line]:
        """Every line of tokens, ended ones too, oldest first."""
        with self._lock:
            return list(self._lines)

    def line_of(self, refresh: str) -> Line | None:
        """The line in which that refresh value was given out, however long ago."""
        with self._lock:
            return self._refresh.get(refresh)

    def given(self) -> set[str]:
        """Every code and token ever handed out: what must not turn up in a log."""
        with self._lock:
            return {*self._codes, *self._refresh, *self._access}

    def _alive(self, line: Line) -> bool:
        return self._now() < min(line.refresh_expires, line.hard_expires)

    def _open(self, consent: Consent) -> Line:
        now = self._now()
        line = Line(
            consent=consent,
            born=now,
            refresh="",
            refresh_since=now,
            refresh_expires=now + REFRESH_LIFE,
        )
        line.refresh = self._new_refresh(line)
        self._lines.append(line)
        return line

    def _new_refresh(self, line: Line) -> str:
        value = "AB11" + str(int(line.hard_expires.timestamp())) + secrets.token_hex(18)
        self._refresh[value] = line
        return value

    def _issue(self, line: Line) -> Issued:
        now = self._now()
        access = _ACCESS_HEAD + ".".join(secrets.token_urlsafe(n) for n in (16, 420, 16))
        expires = min(now + ACCESS_LIFE, line.hard_expires)
        self._access[access] = (line, expires)
        return Issued(
            consent=line.consent,
            access=access,
            refresh=line.refresh,
            access_expires_in=_seconds(expires - now),
            refresh_expires_in=_seconds(line.refresh_expires - now),
            hard_expires_in=_seconds(line.hard_expires - now),
        )


def _same_grant(one: Consent, other: Consent) -> bool:
    return (one.client_id, one.sub, one.realm_id) == (
        other.client_id,
        other.sub,
        other.realm_id,
    )


def _seconds(span: timedelta) -> int:
    # A clock that runs has moved on by microseconds since: the answer still says 3600.
    return round(span.total_seconds())
