"""Intuit's OAuth and OpenID endpoints, all but the consent page.

https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.intuit.id_tokens import id_token, jwks
from sandbox.intuit.people import App, Directory
from sandbox.intuit.tokens import InvalidGrant, Issued, Standing, Tokens

DISCOVERY = "/.well-known/openid_configuration"
DISCOVERY_SANDBOX = "/.well-known/openid_sandbox_configuration"
AUTHORIZE = "/connect/oauth2"
TOKEN = "/oauth2/v1/tokens/bearer"
REVOKE = "/v2/oauth2/tokens/revoke"
USERINFO = "/v1/openid_connect/userinfo"
JWKS = "/op/v1/jwks"
ISSUER = "/op/v1"

ASKS_HARD_EXPIRY = "x-include-refresh-token-hard-expires-in"
OPENID = "openid"

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuth:
    """Answers for one registered app."""

    def __init__(
        self, app: App, people: Directory, tokens: Tokens, now: Callable[[], datetime]
    ) -> None:
        self._app = app
        self._people = people
        self._tokens = tokens
        self._now = now

    def discovery(self, request: Request) -> Response:
        base = request.host_url.rstrip("/")
        return _json(
            200,
            {
                "issuer": base + ISSUER,
                "authorization_endpoint": base + AUTHORIZE,
                "token_endpoint": base + TOKEN,
                "userinfo_endpoint": base + USERINFO,
                "revocation_endpoint": base + REVOKE,
                "jwks_uri": base + JWKS,
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile", "address", "phone"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "client_secret_basic",
                ],
                "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
            },
        )

    def jwks(self, request: Request) -> Response:
        return _json(200, jwks())

    def token(self, request: Request, pause: Callable[[], None]) -> Response:
        """The token endpoint. `pause` is how long a refresh is under way."""
        if request.method != "POST":
            return _refused(405, "invalid_request")
        form = request.form
        if not self._is_client(request, form):
            return _invalid_client()
        match form.get("grant_type"):
            case "authorization_code":
                pause()
                return self._exchange(request, form)
            case "refresh_token":
                return self._refresh(request, form, pause)
            case None | "":
                return _refused(400, "invalid_request")
            case _:
                return _refused(400, "unsupported_grant_type")

    def _exchange(self, request: Request, form: Mapping[str, str]) -> Response:
        code, redirect_uri = form.get("code"), form.get("redirect_uri")
        if not code or not redirect_uri:
            return _refused(400, "invalid_request")
        try:
            issued = self._tokens.exchange(self._app.client_id, code, redirect_uri)
        except InvalidGrant:
            return _refused(400, "invalid_grant")
        body = self._answer(request, issued)
        if OPENID in issued.consent.scopes:
            body["id_token"] = id_token(
                issuer=request.host_url.rstrip("/") + ISSUER,
                client_id=self._app.client_id,
                sub=issued.consent.sub,
                realm_id=issued.consent.realm_id,
                now=self._now(),
            )
        return _json(200, body, _NO_STORE)

    def _refresh(
        self, request: Request, form: Mapping[str, str], pause: Callable[[], None]
    ) -> Response:
        value = form.get("refresh_token")
        if not value:
            return _refused(400, "invalid_request")
        try:
            issued = self._tokens.refresh(self._app.client_id, value, pause)
        except InvalidGrant as error:
            if error.foreign:
                return _json(
                    400,
                    {
                        "error_description": "Incorrect or invalid refresh token",
                        "error": "invalid_grant",
                    },
                    _NO_STORE,
                )
            return _refused(400, "invalid_grant")
        return _json(200, self._answer(request, issued), _NO_STORE)

    def _answer(self, request: Request, issued: Issued) -> dict[str, Any]:
        body: dict[str, Any] = {
            "token_type": "bearer",
            "expires_in": issued.access_expires_in,
            "refresh_token": issued.refresh,
            "x_refresh_token_expires_in": issued.refresh_expires_in,
        }
        if request.headers.get(ASKS_HARD_EXPIRY, "").lower() == "true":
            body["x_refresh_token_hard_expires_in"] = issued.hard_expires_in
        body["access_token"] = issued.access
        return body

    def revoke(self, request: Request) -> Response:
        """200 with an empty body, or 400."""
        if request.method != "POST":
            return _refused(405, "invalid_request")
        if not self._is_client(request, {}):
            return _invalid_client()
        body = request.get_json(silent=True, force=True)
        token = body.get("token") if isinstance(body, dict) else None
        if not isinstance(token, str) or not self._tokens.revoke(self._app.client_id, token):
            return _refused(400, "invalid_request")
        return Response(b"", 200)

    def userinfo(self, request: Request) -> Response:
        token = request.authorization.token if request.authorization else None
        standing, consent = self._tokens.standing(token or "")
        if standing is not Standing.FRESH or consent is None:
            return _json(
                401,
                {"error": "invalid_token"},
                {"WWW-Authenticate": 'Bearer realm="Intuit", error="invalid_token"'},
            )
        person = self._people.find(consent.sub)
        if OPENID not in consent.scopes or person is None:
            return _json(403, {"error": "insufficient_scope"})
        body: dict[str, Any] = {"sub": person.sub}
        if "email" in consent.scopes:
            body |= {"email": person.email, "emailVerified": True}
        if "profile" in consent.scopes:
            body |= {"givenName": person.given_name, "familyName": person.family_name}
        return _json(200, body)

    def _is_client(self, request: Request, form: Mapping[str, str]) -> bool:
        """By Basic, or by the two fields of the form (client_secret_post)."""
        given = request.authorization
        if given is not None and given.type == "basic":
            client_id, secret = given.username or "", given.password or ""
        else:
            client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        return hmac.compare_digest(
            f"{client_id}:{secret}".encode(),
            f"{self._app.client_id}:{self._app.client_secret}".encode(),
        )


def without_refresh_token(answer: Response) -> Response:
    """The same token answer with the refresh token left out, as Intuit is free to do."""
    body = answer.get_json(silent=True)
    if not isinstance(body, dict):
        return answer
    body.pop("refresh_token", None)
    return _json(answer.status_code, body, _NO_STORE)


def _invalid_client() -> Response:
    return _json(
        401, {"error": "invalid_client"}, {**_NO_STORE, "WWW-Authenticate": 'Basic realm="Intuit"'}
    )


def _refused(status: int, error: str) -> Response:
    return _json(status, {"error": error}, _NO_STORE)


def _json(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    # Without spaces: the body of a dead grant is exactly 25 bytes.
    return Response(
        json.dumps(body, separators=(",", ":")),
        status,
        headers,
        content_type="application/json;charset=UTF-8",
    )
