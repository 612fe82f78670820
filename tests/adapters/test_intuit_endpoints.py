"""Where Intuit's token endpoint is: asked once, also by many at once, also when that fails."""

from __future__ import annotations

import threading

import pytest
import requests

from counterfoil.adapters.intuit_endpoints import IntuitEndpoints
from counterfoil.core.errors import QuickBooksBusy
from tests.adapters.http_fakes import AskingTransport, answer

URL = "https://developer.api.intuit.com/.well-known/openid_configuration"
DOCUMENT = {
    "issuer": "https://oauth.platform.intuit.com/op/v1",
    "authorization_endpoint": "https://appcenter.intuit.com/connect/oauth2",
    "token_endpoint": "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
    "revocation_endpoint": "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
}


class CountingLock:
    """Tells when so many have come to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.come = threading.Semaphore(0)

    def __enter__(self) -> None:
        self.come.release()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Discovery:
    """Thinks until it is told to answer, with what it is told."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.status = 503
        self.transport = AskingTransport(self._answer)
        self.endpoints = IntuitEndpoints(URL, transport=lambda: self.transport)
        self.lock = CountingLock()
        self.endpoints._lock = self.lock  # type: ignore[assignment]  # by shape

    def _answer(self, request: requests.PreparedRequest) -> requests.Response:
        assert self.told.wait(10)
        return answer(self.status, DOCUMENT)

    def asked_by(self, threads: int) -> list[str]:
        """What each of so many heard, who all came before the first answer."""
        heard: list[str] = []

        def ask() -> None:
            try:
                heard.append(self.endpoints().token)
            except QuickBooksBusy:
                heard.append("busy")

        started = [threading.Thread(target=ask) for _ in range(threads)]
        for thread in started:
            thread.start()
        for _ in started:
            assert self.lock.come.acquire(timeout=10)
        self.told.set()
        for thread in started:
            thread.join()
        return heard


def test_it_is_asked_once_for_all() -> None:
    discovery = Discovery()
    discovery.status = 200
    assert discovery.asked_by(8) == [DOCUMENT["token_endpoint"]] * 8
    assert discovery.endpoints().token == DOCUMENT["token_endpoint"]
    assert len(discovery.transport.requests) == 1


def test_who_waited_for_one_that_failed_does_not_wait_for_another() -> None:
    discovery = Discovery()
    assert discovery.asked_by(8) == ["busy"] * 8
    assert len(discovery.transport.requests) == 1
    # Whoever comes later asks anew.
    discovery.status = 200
    assert discovery.endpoints().token == DOCUMENT["token_endpoint"]
    assert len(discovery.transport.requests) == 2


def test_a_failure_is_not_kept() -> None:
    discovery = Discovery()
    discovery.told.set()
    for _ in range(2):
        with pytest.raises(QuickBooksBusy):
            discovery.endpoints()
    assert len(discovery.transport.requests) == 2
