"""Small stand-ins that hold state: stores, a clock, and an Intuit that rotates."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from counterfoil.core.errors import QuickBooksBusy, QuickBooksRejected, ServiceUnavailable
from counterfoil.core.record_shape import checked_field, checked_place, decoded, encoded
from counterfoil.core.stores import AlreadyThere, Changed, Document, SecretGone, Write
from counterfoil.core.tokens import GrantRefused
from sandbox.intuit.tokens import Consent, InvalidGrant, Issued, Standing, Tokens

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until it is moved; `sleep` moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.slept = 0.0

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.now += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return (self.now - NOON).total_seconds()


def inline(work: Callable[[], None]) -> None:
    """Instead of a thread: the work is done when this returns."""
    work()


class MemoryRecords:
    """Records in a dictionary. `fail` makes the next so many calls find the store down."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._kept: dict[tuple[str, str], tuple[str, str]] = {}
        self._versions = 0
        self.fail = 0
        self.before_write: Callable[[str, str], None] = lambda collection, id: None
        self.reads = 0

    def get(self, collection: str, id: str) -> Document | None:
        checked_place(collection, id)
        with self._working():
            self.reads += 1
            held = self._kept.get((collection, id))
            return _document(collection, id, held) if held else None

    def get_all(self, places: Sequence[tuple[str, str]]) -> list[Document | None]:
        return [self.get(*place) for place in places]

    def create(self, collection: str, id: str, data: Mapping[str, Any]) -> Document:
        checked_place(collection, id)
        text = encoded(data)
        self.before_write(collection, id)
        with self._working():
            if (collection, id) in self._kept:
                raise AlreadyThere
            return self._put(collection, id, text)

    def replace(self, document: Document, data: Mapping[str, Any]) -> Document:
        text = encoded(data)
        self.before_write(document.collection, document.id)
        with self._working():
            held = self._kept.get((document.collection, document.id))
            if held is None or held[1] != document.version:
                raise Changed
            return self._put(document.collection, document.id, text)

    def write_all(self, writes: Sequence[Write]) -> list[Document]:
        texts = [encoded(each.data) for each in writes]
        for each in writes:
            checked_place(each.collection, each.id)
            self.before_write(each.collection, each.id)
        with self._working():
            for each in writes:
                held = self._kept.get((each.collection, each.id))
                if (held[1] if held else None) != (each.seen.version if each.seen else None):
                    raise Changed
            return [
                self._put(each.collection, each.id, text)
                for each, text in zip(writes, texts, strict=True)
            ]

    def delete(self, collection: str, id: str, *, version: str | None = None) -> None:
        checked_place(collection, id)
        self.before_write(collection, id)
        with self._working():
            held = self._kept.get((collection, id))
            if version is not None and (held is None or held[1] != version):
                raise Changed
            self._kept.pop((collection, id), None)

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
        with self._working():
            self.reads += 1
            found = [
                _document(collection, id, held)
                for (place, id), held in sorted(self._kept.items())
                if place == collection and (after is None or id > after)
            ]
        return [each for each in found if _matches(each.data, where)][:limit]

    def all(self, collection: str) -> dict[str, Mapping[str, Any]]:
        return {each.id: each.data for each in self.find(collection, {}, limit=10_000)}

    def _put(self, collection: str, id: str, text: str) -> Document:
        self._versions += 1
        self._kept[collection, id] = (text, str(self._versions))
        return _document(collection, id, self._kept[collection, id])

    def _working(self) -> threading.RLock:
        with self._lock:
            if self.fail > 0:
                self.fail -= 1
                raise ServiceUnavailable("the store is down")
        return self._lock


def _document(collection: str, id: str, held: tuple[str, str]) -> Document:
    return Document(collection, id, decoded(held[0]), held[1])


def _matches(data: Mapping[str, Any], where: Mapping[str, str | int | bool]) -> bool:
    return all(
        name in data and type(data[name]) is type(value) and data[name] == value
        for name, value in where.items()
    )


class MemorySecrets:
    """Secrets in a dictionary. `fail` makes the next so many calls find the store down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.kept: dict[str, dict[str, bytes | None]] = {}
        self.fail = 0

    def add(self, name: str, payload: bytes) -> str:
        with self._lock:
            self._work()
            if not payload or len(payload) > 65_536:
                raise ValueError("a secret holds 1 to 65536 bytes")
            versions = self.kept.setdefault(name, {})
            number = str(len(versions) + 1)
            versions[number] = payload
            return number

    def read(self, name: str, version: str) -> bytes:
        with self._lock:
            self._work()
            payload = self.kept.get(name, {}).get(version)
            if payload is None:
                raise SecretGone
            return payload

    def destroy(self, name: str, version: str) -> None:
        with self._lock:
            self._work()
            if version in self.kept.get(name, {}):
                self.kept[name][version] = None

    def delete(self, name: str) -> None:
        with self._lock:
            self._work()
            self.kept.pop(name, None)

    def exists(self, name: str) -> bool:
        with self._lock:
            self._work()
            return name in self.kept

    def _work(self) -> None:
        if self.fail > 0:
            self.fail -= 1
            raise ServiceUnavailable("the store is down")


class RotatingIntuit:
    """Intuit at its strictest, over the sandbox's own tokens: an old refresh token is refused.

    Each item of `trouble` happens to one call of the token endpoint, in order: "lost" (it is
    done, the answer is not heard), "busy", "refused", "junk" (200, but no token), "keeps" (a good
    answer without a refresh token).
    """

    CLIENT = "app"
    REDIRECT = "https://backend.example/oauth_callback"

    def __init__(self, clock: Callable[[], datetime], *, grace: bool = False) -> None:
        self._clock = clock
        self.tokens = Tokens(clock, grace=grace)
        self.trouble: list[str] = []
        self.refreshes = 0  # answered well by Intuit, heard or not
        self.asked: list[str] = []  # the refresh tokens that were shown, good or not
        self.revoked: list[str] = []
        self.away = False  # where to ask is not known, nor to be had
        self.during: Callable[[], None] = lambda: None  # while Intuit thinks

    def code(self, realm_id: str, sub: str = "intuit-dana") -> str:
        """What Intuit puts into the callback's address once somebody has agreed."""
        consent = Consent(
            self.CLIENT, sub, realm_id, ("com.intuit.quickbooks.accounting", "openid")
        )
        return self.tokens.code(consent, self.REDIRECT)

    def ready(self) -> None:
        if self.away:
            raise QuickBooksBusy("the discovery document cannot be had")

    def authorization_url(self, state: str) -> str:
        return f"https://appcenter.intuit.example/connect/oauth2?state={state}"

    def exchange(self, code: str) -> Mapping[str, Any]:
        return self._answered(
            lambda: self.tokens.exchange(self.CLIENT, code, self.REDIRECT), with_id=True
        )

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        self.asked.append(refresh_token)

        def refreshed() -> Issued:
            issued = self.tokens.refresh(self.CLIENT, refresh_token)
            self.refreshes += 1
            return issued

        return self._answered(refreshed)

    def revoke(self, token: str) -> None:
        self.revoked.append(token)
        self.tokens.revoke(self.CLIENT, token)

    def subject(self, answer: Mapping[str, Any]) -> str:
        return str(answer["id_token"])

    def accepts_any_of(self, sub: str) -> bool:
        return any(line.consent.sub == sub and not line.ended for line in self.tokens.lines())

    def accepts(self, refresh_token: str) -> bool:
        return any(line.refresh == refresh_token and not line.ended for line in self.tokens.lines())

    def _answered(self, work: Callable[[], Issued], *, with_id: bool = False) -> Mapping[str, Any]:
        trouble = self.trouble.pop(0) if self.trouble else ""
        self.during()
        if trouble == "busy":
            raise QuickBooksBusy("503")
        if trouble == "refused":
            raise GrantRefused
        if trouble == "junk":
            return {"error": "invalid_grant"}
        if trouble == "keeps":
            for line in self.tokens.lines():
                line.refresh_since = self._clock()  # left out because it is the same
        try:
            issued = work()
        except InvalidGrant:
            raise GrantRefused from None
        if trouble == "lost":
            raise QuickBooksBusy("the answer was lost")
        answer: dict[str, Any] = {
            "token_type": "bearer",
            "access_token": issued.access,
            "expires_in": issued.access_expires_in,
            "x_refresh_token_expires_in": issued.refresh_expires_in,
            "x_refresh_token_hard_expires_in": issued.hard_expires_in,
        }
        if trouble != "keeps":
            answer["refresh_token"] = issued.refresh
        if with_id:
            answer["id_token"] = issued.consent.sub
        return answer


class FakeCompanies:
    """Answers CompanyInfo and Preferences to a token of that very company, as QuickBooks does."""

    def __init__(self, intuit: RotatingIntuit) -> None:
        self._intuit = intuit
        self.names: dict[str, str] = {}
        self.asked: list[str] = []
        self.trouble: list[Exception] = []

    def company_info(self, realm_id: str, access_token: str) -> Mapping[str, Any]:
        self._check(realm_id, access_token)
        return {
            "CompanyName": self.names[realm_id],
            "Country": "US",
            "FiscalYearStartMonth": "April",
        }

    def preferences(self, realm_id: str, access_token: str) -> Mapping[str, Any]:
        self._check(realm_id, access_token)
        return {"CurrencyPrefs": {"HomeCurrency": {"value": "USD"}}}

    def _check(self, realm_id: str, access_token: str) -> None:
        self.asked.append(realm_id)
        if self.trouble:
            raise self.trouble.pop(0)
        standing, consent = self._intuit.tokens.standing(access_token)
        if standing is not Standing.FRESH or consent is None or consent.realm_id != realm_id:
            raise QuickBooksRejected("not yours", status=403, intuit_code="3100")
