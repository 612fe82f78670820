"""Who is calling: a Google ID token becomes a user.

google-auth checks signature, audience and times. It does not check the issuer when it is given a
certs URL, accepts any audience when it is given none, fetches the certs for every token, and puts
the expected audience into its messages: all four are mended here.
https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import requests
from google.auth import exceptions, jwt, transport
from google.oauth2 import id_token

from counterfoil.core.errors import Forbidden, ServiceUnavailable, Unauthorized
from counterfoil.core.people import EVERYBODY, Guests, User

log = logging.getLogger("counterfoil.identity")

# Google's clocks and ours; its own libraries allow as much.
CLOCK_SKEW_S = 10
# Google's ID tokens live an hour. One that lives longer was not made for this.
LONGEST_LIFE = timedelta(minutes=65)
# Google's are about 1,200 characters; nothing longer is worth decoding.
LONGEST_TOKEN = 8192

FETCH_TIMEOUT = (5.0, 5.0)  # connect, read; seconds: a person is waiting
# Google changes its keys over days and lists the next one ahead. An unknown key id is nearly
# always a forged token, which must not make us ask Google each time.
REFETCH_SPACING = timedelta(seconds=60)
# After a failure the next caller does not wait for another time-out at once.
RETRY_SPACING = timedelta(seconds=5)
# When the answer does not say how long it may be kept.
ASSUMED_MAX_AGE = timedelta(minutes=5)
LONGEST_MAX_AGE = timedelta(days=1)

# "Never longer than 255 case-sensitive ASCII characters"; it becomes part of record ids.
_SUB = re.compile(r"[A-Za-z0-9._|-]{1,255}")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age=(\d{1,9})(?:$|[,\s])", re.ASCII | re.IGNORECASE)


class GoogleIdentity:
    """Verifies the bearer token of a request. Costs no store read, and no fetch while certs keep.

    `audiences` are whom a token must be made for (the add-on's OAuth client ids, or our own
    address), `issuers` who may have signed.
    """

    def __init__(
        self,
        *,
        audiences: Sequence[str],
        issuers: Sequence[str],
        certs_url: str,
        session: requests.Session,
        now: Callable[[], datetime],
        guests: Guests = EVERYBODY,
    ) -> None:
        if not audiences or not all(audiences):
            # google-auth would then accept a token that was made for anyone.
            raise ValueError("GoogleIdentity needs the add-on's OAuth client ids")
        if not issuers or not all(issuers):
            raise ValueError("GoogleIdentity needs to know who may sign")
        self._audiences = list(audiences)
        self._issuers = frozenset(issuers)
        self._guests = guests
        self._certs_url = certs_url
        self._certs = _Certs(certs_url, session, now)

    def user(self, authorization: str | None) -> User:
        """The person who the bearer token says is calling, from the add-on.

        Raises Unauthorized, Forbidden (nobody whom this deployment is for), ServiceUnavailable.
        """
        claims = self._claims(authorization)
        user = self._account(claims)
        # Google may leave `azp` out; a service account's token always has one of its own.
        ours = "azp" not in claims or claims["azp"] in self._audiences
        if _is_a_programs(user.email) or not ours:
            raise _unauthorized()
        if not self._guests.welcome(user.email, user.domain):
            raise Forbidden(
                "This Counterfoil is not open to your Google account. Ask whoever runs it, or "
                "sign in with the account of your organisation."
            )
        return user

    def program(self, authorization: str | None) -> str:
        """The e-mail address of the service account that the bearer token says is calling.

        Raises Unauthorized, ServiceUnavailable.
        """
        email = self._account(self._claims(authorization)).email
        if not _is_a_programs(email):
            raise _unauthorized()
        return email

    def _claims(self, authorization: str | None) -> Mapping[str, Any]:
        token = _bearer(authorization)
        return self._verified(token, self._certs.for_key(_key_id(token)))

    def _account(self, claims: Mapping[str, Any]) -> User:
        issuer, sub, email = (claims.get(name) for name in ("iss", "sub", "email"))
        if not isinstance(issuer, str) or issuer not in self._issuers:
            raise _unauthorized()
        if not _is_short_lived(claims) or claims.get("email_verified") is not True:
            raise _unauthorized()
        if not isinstance(sub, str) or not _SUB.fullmatch(sub):
            raise _unauthorized()
        if not isinstance(email, str) or not _is_address(email):
            raise _unauthorized()
        # The domain is Google's word ("hd"), never the end of an address: anybody can have a
        # Google account in the name of a company's address.
        told = claims.get("hd")
        return User(sub=sub, email=email, domain=told if isinstance(told, str) else "")

    def _verified(self, token: str, certs: bytes) -> Mapping[str, Any]:
        try:
            return id_token.verify_token(
                token,
                cast("transport.Request", _Held(certs)),
                audience=self._audiences,
                certs_url=self._certs_url,
                clock_skew_in_seconds=CLOCK_SKEW_S,
            )
        # Both, and the TypeErrors of claims that are not what they should be.
        except (ValueError, TypeError, exceptions.GoogleAuthError):
            raise _unauthorized() from None


class ServiceCallers:
    """Lets our own services in, by the OIDC tokens of their accounts: the scheduler's calls, and
    an export's to `token_refresh`. With no account named nobody gets in.
    """

    def __init__(self, identity: GoogleIdentity, accounts: Sequence[str]) -> None:
        self._identity = identity
        self._accounts = frozenset(accounts)

    def check(self, authorization: str | None) -> None:
        """Raises Unauthorized, ServiceUnavailable."""
        if self._identity.program(authorization) not in self._accounts:
            raise _unauthorized()


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
        raise _unauthorized()
    if not token.isascii():
        raise _unauthorized()
    return token


def _key_id(token: str) -> str:
    """The key that the token says it is signed with. Only RS256: the token does not choose."""
    try:
        header = jwt.decode_header(token)
    except (ValueError, TypeError, RecursionError, exceptions.GoogleAuthError):
        raise _unauthorized() from None
    key = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(key, str) or not key:
        raise _unauthorized()
    return key


def _is_short_lived(claims: Mapping[str, Any]) -> bool:
    issued, expires = claims.get("iat"), claims.get("exp")
    whole = (isinstance(at, int) and not isinstance(at, bool) for at in (issued, expires))
    return all(whole) and claims["exp"] - claims["iat"] <= LONGEST_LIFE.total_seconds()


def _is_address(email: str) -> bool:
    """Fit to be shown in a line: it comes verified, so more need not be known."""
    return 0 < len(email) <= 320 and email.isprintable()


def _is_a_programs(email: str) -> bool:
    """Whether it is a service account's: anybody's project has a hundred of them, and Google signs
    for each what it asks for, also an audience of ours, which is no secret, and `email_verified`.
    What such a token cannot have is another address, nor our client id as who asked for it (`azp`).
    https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateIdToken
    """
    return ("." + email.lower().rpartition("@")[2]).endswith(".gserviceaccount.com")


def _unauthorized() -> Unauthorized:
    # Always the same words: the reason would help only whoever forges tokens.
    return Unauthorized("Google did not confirm who you are. Please reload the spreadsheet.")


@dataclass(frozen=True, slots=True)
class _Document:
    """A certs document as it came: {key id: x509 PEM}."""

    text: bytes
    keys: frozenset[str]
    good_until: datetime


class _Certs:
    """Google's public certificates, kept as long as the answer allows."""

    def __init__(self, url: str, session: requests.Session, now: Callable[[], datetime]) -> None:
        self._url = url
        self._session = session
        self._now = now
        self._held: _Document | None = None
        self._fetching = threading.Lock()
        self._next_fetch: datetime | None = None

    def for_key(self, key_id: str) -> bytes:
        """The document that holds that key. Raises Unauthorized, ServiceUnavailable."""
        held = self._current()
        if held is not None and key_id in held.keys:
            return held.text  # never waits for somebody else's fetch
        with self._fetching:
            held = self._current()
            if held is None or key_id not in held.keys:
                held = self._fetched_again(held)
        if key_id not in held.keys:
            raise _unauthorized()
        return held.text

    def _current(self) -> _Document | None:
        held = self._held
        return held if held is not None and self._now() < held.good_until else None

    def _fetched_again(self, held: _Document | None) -> _Document:
        now = self._now()
        if self._next_fetch is not None and now < self._next_fetch:
            if held is None:
                raise _unreachable()
            return held
        try:
            self._held = self._fetched(now)
        except ServiceUnavailable:
            # Counted from the failure: a time-out outlasts the spacing, and those who waited
            # for it must not each wait for one of their own.
            self._next_fetch = self._now() + RETRY_SPACING
            raise
        self._next_fetch = now + REFETCH_SPACING
        return self._held

    def _fetched(self, now: datetime) -> _Document:
        began, status = time.monotonic(), 0  # 0: no answer
        try:
            answer = self._session.get(self._url, timeout=FETCH_TIMEOUT, allow_redirects=False)
            status = answer.status_code
            certs = answer.json() if status == requests.codes.ok else None
        except (requests.RequestException, ValueError) as error:
            raise _unreachable() from error
        finally:
            took = round((time.monotonic() - began) * 1000)
            log.info("google certs", extra={"fields": {"status": status, "duration_ms": took}})
        # A JWK set ("keys") would be verified by another library with other rules.
        if not isinstance(certs, dict) or not certs or "keys" in certs:
            raise _unreachable()
        kept_for = _max_age(answer.headers.get("Cache-Control", ""))
        return _Document(answer.content, frozenset(certs), now + kept_for)


def _max_age(cache_control: str) -> timedelta:
    found = _MAX_AGE.search(cache_control)
    age = timedelta(seconds=int(found[1])) if found else ASSUMED_MAX_AGE
    # Never less than the spacing of fetches: a document must last until the next is allowed.
    return min(max(age, REFETCH_SPACING), LONGEST_MAX_AGE)


def _unreachable() -> ServiceUnavailable:
    return ServiceUnavailable(
        "Google's sign-in keys cannot be reached right now. Please try again in a minute."
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """Answers google-auth's request for the certs with what we have (`transport.Request`)."""

    data: bytes
    status: int = 200

    def __call__(self, url: str, method: str = "GET", **_: object) -> _Held:
        return self
