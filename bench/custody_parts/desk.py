"""Intuit, the clock and the death register of the fault test: what outlives every victim.

It runs in the parent, which opens no store; victims reach it over a pipe. Time passes only when
somebody sleeps or the test says so; our clock may be wrong, Intuit's never is.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench import machine
from bench.custody_parts.baton import START
from bench.custody_parts.model import answer
from sandbox.intuit.tokens import Consent, InvalidGrant, Line, Standing, Tokens

CLIENT, REDIRECT = "app", "https://backend.example/oauth_callback"
REALM, DANA, ERIN = "9130347596842110", "intuit-dana", "intuit-erin"
MARGIN = timedelta(minutes=5)


class SharedClock:
    """Seconds since START, and by how many ours is wrong, in memory that forks share."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)
        self._set(0.0, 0.0)

    def true(self) -> datetime:
        return START + timedelta(seconds=self._get()[0])

    def ours(self) -> datetime:
        return START + timedelta(seconds=sum(self._get()))

    def monotonic(self) -> float:
        return self._get()[0]

    def pass_by(self, seconds: float) -> None:
        now, wrong = self._get()
        self._set(now + seconds, wrong)

    def be_wrong(self, seconds: float) -> None:
        self._set(self._get()[0], seconds)

    def _get(self) -> tuple[float, float]:
        now, wrong = struct.unpack("dd", self._memory[:16])
        return now, wrong

    def _set(self, now: float, wrong: float) -> None:
        self._memory[:16] = struct.pack("dd", now, wrong)


@dataclass
class Desk:
    clock: SharedClock
    grace: bool
    # Of the episode: whether a clock jumped or a process was frozen past its lease, after which
    # two may ask about the same expiry without anybody's mistake.
    disturbed: bool = False
    denied: set[str] = field(default_factory=set)  # persons without rights (fault 120)
    disconnected: set[str] = field(default_factory=set)  # persons who did so inside QuickBooks
    acknowledged: set[str] = field(default_factory=set)  # values that the store said it has
    doubled: int = 0
    calls_in_window: int = 0
    rotations: int = 0

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.clock.true, grace=self.grace)
        self.thinking: set[str] = set()  # values that Intuit is asked about just now
        # By the line of tokens, not by the person: a new consent does not make an old one fresh.
        self._fresh_until: dict[Line, datetime] = {}

    def begins(self, value: str) -> bool:
        """A refresh arrives; False when another one of the same line is under way."""
        line = self.tokens.line_of(value)
        if line is None or line.ended:
            return True
        overlapping = any(self.tokens.line_of(other) is line for other in self.thinking)
        stored = self._fresh_until.get(line)
        fresh = stored is not None and self.clock.ours() < stored - MARGIN
        if (overlapping or fresh) and not self.disturbed:
            self.doubled += 1
            machine.say(f"doubled: overlapping {overlapping}, fresh {fresh}")
        return not overlapping

    def refresh(self, value: str) -> tuple[str, Any]:
        line = self.tokens.line_of(value)
        before = line.refresh if line else ""
        try:
            issued = self.tokens.refresh(CLIENT, value)
        except InvalidGrant:
            return "refused", None
        self.rotations += issued.refresh != before
        return "ok", answer(issued)

    def exchange(self, code: str) -> tuple[str, Any]:
        try:
            issued = self.tokens.exchange(CLIENT, code, REDIRECT)
        except InvalidGrant:
            return "refused", None
        return "ok", {**answer(issued), "id_token": issued.consent.sub}

    def code(self, sub: str) -> str:
        return self.tokens.code(Consent(CLIENT, sub, REALM, ("openid", "accounting")), REDIRECT)

    def disconnect(self, sub: str) -> None:
        """That person presses Disconnect inside QuickBooks: nobody else may end their tokens."""
        self.disconnected.add(sub)
        self.tokens.disconnect(REALM, sub)

    def revoke(self, token: str) -> tuple[str, Any]:
        self.tokens.revoke(CLIENT, token)
        return "ok", None

    def api(self, token: str) -> str:
        """What the accounting API says to that access token."""
        standing, consent = self.tokens.standing(token)
        if standing is Standing.UNKNOWN or consent is None:
            return "never given"
        if standing is not Standing.FRESH:
            # To refresh it now is right.
            for line in [each for each in self._fresh_until if each.consent == consent]:
                del self._fresh_until[line]
            return "refused"
        return "denied" if consent.sub in self.denied else "fine"

    def stored(self, value: str, access_expires: datetime) -> None:
        """The store has acknowledged a pair with that refresh token."""
        line = self.tokens.line_of(value)
        if line is not None:
            self._fresh_until[line] = access_expires

    def calls(self) -> Mapping[str, Callable[..., tuple[str, Any]]]:
        return {"refresh": self.refresh, "exchange": self.exchange, "revoke": self.revoke}
