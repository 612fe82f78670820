"""ID tokens of our own account, from a stand-in of Google's metadata server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from google.auth import exceptions

from counterfoil.adapters.token_service import MetadataIdToken
from counterfoil.core.errors import ServiceUnavailable
from sandbox.google.identity import IdentityProvider
from tests.web.token_service import EXPORTS

AUDIENCE = "https://backend.example/token_refresh"


class Answer:
    def __init__(self, text: str, kind: str) -> None:
        self.status = 200
        self.headers = {"content-type": kind, "metadata-flavor": "Google"}
        self.data = text.encode()


class MetadataServer:
    """google-auth's transport, answering as the server documents it
    (https://cloud.google.com/compute/docs/instances/verifying-instance-identity).
    """

    def __init__(self, lives_s: int = 3600) -> None:
        self.provider = IdentityProvider()
        self.lives_s = lives_s
        self.minted: list[dict[str, list[str]]] = []

    def __call__(self, url: str, **_: Any) -> Answer:
        parts = urlsplit(url)
        if not parts.path.endswith("/identity"):
            told = {"email": EXPORTS, "aliases": ["default"], "scopes": []}
            return Answer(json.dumps(told), "application/json")
        asked = parse_qs(parts.query)
        self.minted.append(asked)
        whole = self.provider.mint(EXPORTS, aud=asked["audience"][0])
        return Answer(whole, "text/html")


def test_one_token_for_the_exact_audience_is_kept_for_its_hour() -> None:
    server = MetadataServer()
    id_token = MetadataIdToken(AUDIENCE, server)  # type: ignore[arg-type]  # by shape
    first = id_token()
    assert id_token() == first
    # "full" puts the account's address into the token, by which it is let in.
    assert server.minted == [{"audience": [AUDIENCE], "format": ["full"]}]


def test_without_the_server_it_says_so_in_our_words() -> None:
    def away(url: str, **_: Any) -> Answer:
        raise exceptions.RefreshError("no metadata server here")

    with pytest.raises(ServiceUnavailable):
        MetadataIdToken(AUDIENCE, away)()  # type: ignore[arg-type]  # by shape
