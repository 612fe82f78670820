"""Intuit's authorization server (`ports.IntuitOAuth`).

requests-oauthlib makes the authorization URL and the token requests; what came back is judged
here. No call is repeated: a token call whose answer was lost may have rotated the value.
https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from counterfoil.adapters.intuit_endpoints import IntuitEndpoints, plain_session
from counterfoil.core.errors import AppError, QuickBooksBusy, QuickBooksRejected, SettingsError
from counterfoil.core.refresh_times import TOKEN_CALL_S
from counterfoil.core.tokens import GrantRefused, NotATokenAnswer

log = logging.getLogger("counterfoil.intuit")

# There is no read-only accounting scope. `openid` from day one: a scope that is added later
# means that everybody consents again.
SCOPES = ("com.intuit.quickbooks.accounting", "openid")

CONNECT_S = 5.0
TOKEN_TIMEOUT = (CONNECT_S, TOKEN_CALL_S - CONNECT_S)  # connect, read; seconds
REVOKE_TIMEOUT = (5.0, 20.0)  # nothing is lost when this one is given up

CLOCK_SKEW = timedelta(seconds=60)
_LONGEST_SUB = 200

_HEADERS = {
    "Accept": "application/json",
    # Asks for x_refresh_token_hard_expires_in, the five years that no refresh extends
    # (https://github.com/intuit/QuickBooks-V3-PHP-SDK, src/Core/CoreConstants.php).
    "x-include-refresh-token-hard-expires-in": "true",
    # A kept connection that Intuit closes as we send looks like a lost answer.
    "Connection": "close",
}


class IntuitOAuth:
    """One Intuit app (client id and secret). Safe to use from many threads.

    Without the secret it only sends people to Intuit: `exchange`, `refresh` and `revoke` raise
    SettingsError.
    """

    def __init__(
        self,
        *,
        discovery_url: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        now: Callable[[], datetime],
        transport: Callable[[], BaseAdapter] = HTTPAdapter,
    ) -> None:
        self._endpoints = IntuitEndpoints(discovery_url, transport=transport)
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._now = now
        self._transport = transport

    @property
    def _auth(self) -> HTTPBasicAuth:
        if not self._client_secret:
            raise SettingsError(
                "INTUIT_CLIENT_SECRET is missing: this function's COUNTERFOIL_TOKENS are elsewhere."
            )
        return HTTPBasicAuth(self._client_id, self._client_secret)

    def ready(self) -> None:
        """It is known where to ask from here on. Raises QuickBooksBusy."""
        self._endpoints()

    def authorization_url(self, state: str) -> str:
        url = self._secure(self._endpoints().authorization)
        with self._session(scope=SCOPES) as session:
            made, _ = session.authorization_url(url, state=state)
        return self._real(str(made))

    def exchange(self, code: str) -> Mapping[str, Any]:
        """The token answer for a one-time code. Raises GrantRefused, QuickBooksBusy."""
        url = self._secure(self._endpoints().token)
        with self._session(scope=SCOPES) as session, self._answered("exchange") as answers:
            session.register_compliance_hook("access_token_response", answers)
            session.fetch_token(
                url, code=code, auth=self._auth, timeout=TOKEN_TIMEOUT, headers=dict(_HEADERS)
            )
        return answers.token()

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        """The token answer. Raises GrantRefused (invalid_grant) or QuickBooksBusy (ambiguous)."""
        url = self._secure(self._endpoints().token)
        with self._session() as session, self._answered("refresh") as answers:
            session.register_compliance_hook("refresh_token_response", answers)
            session.refresh_token(
                url,
                refresh_token=refresh_token,
                auth=self._auth,
                timeout=TOKEN_TIMEOUT,
                headers=dict(_HEADERS),
            )
        return answers.token()

    def revoke(self, token: str) -> None:
        """Ends the whole grant of that token. One that is no longer known is fine."""
        began = time.monotonic()
        try:
            url = self._endpoints().revocation
            with plain_session(url, self._transport) as session:
                answer = session.post(
                    url,
                    json={"token": token},
                    auth=self._auth,
                    headers={"Accept": "application/json"},
                    timeout=REVOKE_TIMEOUT,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise _busy(0, "") from error
        _log("revoke", answer.status_code, _tid(answer), began)
        # 400 is the answer for a token that has ended already.
        if answer.status_code not in (200, 400):
            raise _busy(answer.status_code, _tid(answer))

    def subject(self, answer: Mapping[str, Any]) -> str:
        """The Intuit user who consented, from the id_token of an exchange's answer.

        It came straight from the token endpoint over TLS, so its signature need not be checked
        (https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation, 6); issuer,
        audience and expiry are. Raises NotATokenAnswer.
        """
        claims = _claims(answer.get("id_token"))
        audience = claims.get("aud")
        meant_for = audience if isinstance(audience, list) else [audience]
        expires = claims.get("exp")
        sub = claims.get("sub")
        if claims.get("iss") != self._endpoints().issuer:
            raise NotATokenAnswer("the id_token has another issuer")
        if self._client_id not in meant_for:
            raise NotATokenAnswer("the id_token is meant for another app")
        if not isinstance(expires, int) or expires < (self._now() - CLOCK_SKEW).timestamp():
            raise NotATokenAnswer("the id_token has expired")
        if not isinstance(sub, str) or not _is_key(sub):
            raise NotATokenAnswer("the id_token names nobody")
        return sub

    def _session(self, scope: tuple[str, ...] | None = None) -> _Session:
        session = _Session(self._client_id, redirect_uri=self._redirect_uri, scope=scope)
        session.trust_env = False  # as in plain_session
        session.mount("https://", self._transport())
        if self._endpoints.on_loopback:
            session.mount("https://", _PlainOnLoopback(self._transport()))
        return session

    @contextmanager
    def _answered(self, route: str) -> Iterator[_Answers]:
        answers, began = _Answers(), time.monotonic()
        try:
            yield answers
        except _Heard:
            pass
        except requests.RequestException as error:
            _log(route, 0, "", began)
            raise _busy(0, "") from error
        # A good answer may hold a rotated value: nothing, not even a log that could block,
        # comes between it and the store. Whoever stores it says so.
        if answers.status != requests.codes.ok:
            _log(route, answers.status, answers.tid, began)

    # requests-oauthlib refuses plain http, which the sandbox speaks on this machine. The usual
    # way out, OAUTHLIB_INSECURE_TRANSPORT, is an environment variable that turns the check off
    # for everything in the process. Here the library is given an https address instead, and only
    # when the discovery document itself is on loopback the transport below speaks http.

    def _secure(self, url: str) -> str:
        return "https" + url.removeprefix("http") if self._endpoints.on_loopback else url

    def _real(self, url: str) -> str:
        return "http" + url.removeprefix("https") if self._endpoints.on_loopback else url


class _Session(OAuth2Session):  # type: ignore[misc]  # the library has no types
    """Never follows a redirect: a 307 would take code, token and secret to another host."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _PlainOnLoopback(BaseAdapter):
    """Speaks http where it is asked for https, to this machine only."""

    def __init__(self, transport: BaseAdapter) -> None:
        super().__init__()
        self._transport = transport

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        assert request.url is not None  # noqa: S101 - a prepared request has one
        request.url = "http" + request.url.removeprefix("https")
        return self._transport.send(request, *args, **kwargs)

    def close(self) -> None:
        self._transport.close()


class _Heard(Exception):
    """The answer is here; the library need not read it."""


class _Answers:
    """Takes the answer before oauthlib reads it.

    oauthlib refuses answers that hold perfectly good tokens (a scope worded differently, a
    lifetime that is not a number), and a rotated refresh token that is refused is lost.
    """

    def __init__(self) -> None:
        self.status = 0
        self.tid = ""
        self._body: object = None

    def __call__(self, response: requests.Response) -> requests.Response:
        self.status = response.status_code
        self.tid = _tid(response)
        try:
            self._body = response.json()
        except (ValueError, RecursionError):
            self._body = None
        raise _Heard

    def token(self) -> Mapping[str, Any]:
        """Raises GrantRefused, QuickBooksRejected when our app is refused, or QuickBooksBusy."""
        body = self._body if isinstance(self._body, dict) else {}
        error = body.get("error")
        if self.status == requests.codes.ok and error is None and body.get("access_token"):
            return body
        if error == "invalid_grant" and self.status < 500:
            raise GrantRefused
        if error in _OUR_MISTAKE and self.status < 500:
            raise QuickBooksRejected(
                "QuickBooks does not accept this deployment's Intuit keys. Tell whoever runs "
                "Counterfoil.",
                status=self.status,
                intuit_tid=self.tid,
            )
        raise _busy(self.status, self.tid)


_OUR_MISTAKE = frozenset(
    {"invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type"}
)


def _busy(status: int, tid: str) -> AppError:
    return QuickBooksBusy(
        "QuickBooks' sign-in service did not answer properly. Please try again in a minute.",
        status=status,
        intuit_tid=tid,
    )


def _tid(response: requests.Response) -> str:
    return str(response.headers.get("intuit_tid", ""))[:100]


def _log(route: str, status: int, tid: str, began: float) -> None:
    log.info(
        "intuit",
        extra={
            "fields": {
                "route": route,
                "status": status,
                "intuit_tid": tid,
                "duration_ms": round((time.monotonic() - began) * 1000),
            }
        },
    )


def _claims(id_token: object) -> Mapping[str, Any]:
    if not isinstance(id_token, str) or id_token.count(".") != 2:
        raise NotATokenAnswer("id_token is missing")
    text = id_token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise NotATokenAnswer("the id_token cannot be read") from None
    if not isinstance(claims, dict):
        raise NotATokenAnswer("the id_token cannot be read")
    return claims


def _is_key(sub: str) -> bool:
    """Fit to be part of a record's id."""
    return 0 < len(sub) <= _LONGEST_SUB and sub.isascii() and sub.isprintable() and "/" not in sub
