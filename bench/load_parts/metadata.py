"""What an instance's metadata server says on Google Cloud: who it runs as, and tokens of it.

https://cloud.google.com/compute/docs/instances/verifying-instance-identity
"""

from __future__ import annotations

from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from sandbox.google.identity import IdentityProvider

ACCOUNT = "functions@project.iam.gserviceaccount.com"
_FLAVOR = {"Metadata-Flavor": "Google"}


class Metadata:
    """A WSGI application: two of its addresses, for the account `default`."""

    def __init__(self, identity: IdentityProvider) -> None:
        self._identity = identity

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        request = Request(environ)
        if request.path.endswith("/identity"):
            token = self._identity.mint(ACCOUNT, aud=request.args["audience"])
            answer = Response(token, mimetype="text/html", headers=_FLAVOR)
        else:
            told = f'{{"email": "{ACCOUNT}", "aliases": ["default"], "scopes": []}}'
            answer = Response(told, mimetype="application/json", headers=_FLAVOR)
        return list(answer(environ, start))
