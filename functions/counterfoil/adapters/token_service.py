"""Asking the function `token_refresh` for a fresh token, as one of our own services.

https://cloud.google.com/run/docs/authenticating/service-to-service
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from google.auth import compute_engine, exceptions, transport
from google.auth.transport.requests import Request

from counterfoil.core.errors import (
    AppError,
    ConnectionBusy,
    ConnectionPaused,
    ConnectionSuspect,
    QuickBooksBusy,
    ReconnectRequired,
    ServiceUnavailable,
)

log = logging.getLogger("counterfoil.tokens")

# A person is waiting. The refresh goes on without us, and its token is found by the next try.
PATIENCE_S = 15.0
CONNECT_S = 3.0

# What it may say about a company. Anything else is about the service itself: also a "not found",
# since who asks has just read the company's record.
_TELLING: dict[str, type[AppError]] = {
    kind.code: kind
    for kind in (
        ConnectionBusy,
        ConnectionPaused,
        ConnectionSuspect,
        QuickBooksBusy,
        ReconnectRequired,
        ServiceUnavailable,
    )
}


class TokenService:
    """Implements `ports.TokenService`. `id_token` gives one for the audience of `url`."""

    def __init__(
        self,
        url: str,
        *,
        id_token: Callable[[], str],
        session: requests.Session,
        patience_s: float = PATIENCE_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._id_token = id_token
        self._session = session
        self._patience_s = patience_s
        self._monotonic = monotonic

    def refresh(self, connection_id: str, *, past: int | None) -> None:
        """There is a good token in the store afterwards. Never repeated here.

        Raises ConnectionBusy after 15 s, ServiceUnavailable when the service cannot be reached
        or does not let us in, and what it says about the company.
        """
        began = self._monotonic()
        headers = {"Authorization": f"Bearer {self._id_token()}"}
        left = max(self._patience_s - (self._monotonic() - began), 0.1)
        connect = min(CONNECT_S, left / 2)
        status = 0  # no answer
        try:
            answer = self._session.post(
                self._url,
                json={"connection_id": connection_id, "past": past},
                headers=headers,
                timeout=(connect, left - connect),
                allow_redirects=False,
            )
            status = answer.status_code
        except requests.Timeout:
            raise ConnectionBusy(
                "This company's QuickBooks key is being renewed just now. Please try again in a "
                "minute."
            ) from None
        except requests.RequestException as error:
            raise _away(error=type(error).__name__) from None
        finally:
            took = round((self._monotonic() - began) * 1000)
            log.info("token service", extra={"fields": {"status": status, "duration_ms": took}})
        if answer.status_code != requests.codes.ok:
            raise _failure(answer)


class _Unled(Request):
    """google-auth's transport, but a redirect is an answer: it would be followed otherwise."""

    def __call__(self, *args: Any, **more: Any) -> Any:
        return super().__call__(*args, allow_redirects=False, **more)  # type: ignore[no-untyped-call]


class MetadataIdToken:
    """ID tokens of the account that this instance runs as, from Google's metadata server.

    One is kept until it nears its end (an hour). `request` is google-auth's transport.
    """

    def __init__(self, audience: str, request: transport.Request | None = None) -> None:
        self._audience = audience
        self._request = request or _Unled()
        self._lock = threading.Lock()
        self._credentials: Any = None  # made on first use: making it asks the server

    def __call__(self) -> str:
        """Raises ServiceUnavailable."""
        try:
            with self._lock:
                if self._credentials is None:
                    self._credentials = compute_engine.IDTokenCredentials(
                        self._request,
                        target_audience=self._audience,
                        use_metadata_identity_endpoint=True,
                    )
                if not self._credentials.valid:
                    began = time.monotonic()
                    self._credentials.refresh(self._request)
                    took = round((time.monotonic() - began) * 1000)
                    log.info("metadata", extra={"fields": {"duration_ms": took}})
                return str(self._credentials.token)
        except exceptions.GoogleAuthError as error:
            raise _away(error=type(error).__name__) from None


def _failure(answer: requests.Response) -> AppError:
    try:
        told = answer.json()["error"]
        code, message = told["code"], told["message"]
    except (ValueError, KeyError, TypeError):
        code, message = "", ""
    kind = _TELLING.get(code) if isinstance(code, str) else None
    return kind(str(message)) if kind else _away(status=answer.status_code)


def _away(**fields: str | int) -> ServiceUnavailable:
    # 401 and 403: SERVICE_ACCOUNTS or the audience is wrong. The operator has to see that.
    log.error("token service away", extra={"fields": fields})
    return ServiceUnavailable(
        "The service that renews QuickBooks keys could not be reached. Please try again in a "
        "minute."
    )
