"""The function `token_refresh` over HTTP, and a caller with the ID token of a service account."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import flask
import requests

from counterfoil.adapters.google_identity import GoogleIdentity, ServiceCallers
from counterfoil.adapters.token_service import TokenService
from counterfoil.flows.asked_tokens import AskedTokens
from counterfoil.flows.grants import Grants
from counterfoil.web.endpoint import answer
from counterfoil.web.service_calls import TOKEN_REFRESH
from sandbox.google.identity import IdentityProvider
from sandbox.http import ConnectionDropped, Server
from tests.flows.world import World

EXPORTS = "functions@project.iam.gserviceaccount.com"
SCHEDULER = "scheduler@project.iam.gserviceaccount.com"


class CertsSession:
    """Answers every GET with the provider's certificates."""

    def __init__(self, provider: IdentityProvider) -> None:
        self._provider = provider

    def get(self, url: str, **_: object) -> requests.Response:
        found = requests.Response()
        found.status_code = 200
        found._content = json.dumps(dict(self._provider.certs())).encode()
        return found


class TokenRefresh:
    """Fits `web.services.Services` as far as `token_refresh` needs it; served on loopback."""

    def __init__(self, world: World, provider: IdentityProvider) -> None:
        self.world = world
        self.provider = provider
        self.tokens = world.tokens
        self.before: Callable[[], None] = lambda: None
        self.killed_after: Callable[[], None] | None = None
        self.answers: list[bytes] = []
        app = flask.Flask("token_refresh")
        for path in ("/", "/idle"):
            app.add_url_rule(path, path, self._answer, methods=["GET", "POST"])
        self._server = Server(self._wsgi(app))
        self.url = self._server.start()
        self.service_callers = ServiceCallers(
            GoogleIdentity(
                audiences=(self.url,),
                issuers=(provider.issuer,),
                certs_url="https://certs.example",
                session=cast("requests.Session", CertsSession(provider)),
                now=lambda: datetime.now(UTC),
            ),
            (EXPORTS, SCHEDULER),
        )
        self.upkeep = world.upkeep

    def _wsgi(self, app: flask.Flask) -> Any:
        def served(environ: Any, start: Any) -> Any:
            body = b"".join(app(environ, start))
            if self.killed_after is not None:
                raise ConnectionDropped
            self.answers.append(body)
            return [body]

        return served

    def _answer(self) -> flask.Response:
        self.before()
        return answer(flask.request, TOKEN_REFRESH, lambda: self)  # type: ignore[arg-type,return-value]

    def stop(self) -> None:
        self._server.stop()

    def id_token(self, who: str = EXPORTS, audience: str | None = None) -> str:
        return self.provider.mint(who, aud=audience or self.url)

    def ask(self, path: str, body: Any, token: str | None = None) -> tuple[int, dict[str, Any]]:
        answered = requests.post(
            f"{self.url}/{path}",
            json=body,
            headers={"Authorization": f"Bearer {token or self.id_token(SCHEDULER)}"},
            timeout=30,
        )
        return answered.status_code, answered.json()

    def caller(self, who: str = EXPORTS, audience: str | None = None, **other: Any) -> AskedTokens:
        """An export's access tokens, in another process as far as they know."""
        service = TokenService(
            self.url,
            id_token=lambda: self.id_token(who, audience),
            session=requests.Session(),
            **other,
        )
        world = self.world
        grants = Grants(world.records, world.secrets, world.sealer)
        return AskedTokens(records=world.records, grants=grants, service=service, now=world.clock)
