"""The methods of spreadsheets of Google's own client, made once for all lines over which they go.

Making them writes out the documentation of each with all that a request may hold: a tenth of a
second of a processor, more than the rest of a small managed run. A call is handed its line instead,
as Google says it: https://googleapis.github.io/google-api-python-client/docs/thread_safety.html
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from google.api_core.client_options import ClientOptions
from googleapiclient.discovery import build

_PARTS = ("values", "developerMetadata")
# A process has one address; the tests have one for each stand-in.
_ADDRESSES = 4


class Over:
    """A resource of the client, each call of which goes over `http`."""

    def __init__(self, resource: Any, http: Any) -> None:
        self._resource = resource
        self._http = http

    def __getattr__(self, method: str) -> Callable[..., Any]:
        made = getattr(self._resource, method)

        def call(**asked: Any) -> Any:
            request = made(**asked)
            request.http = self._http
            return request

        return call


class Spreadsheets(Over):
    """Like `build("sheets", "v4", http=http, …).spreadsheets()`; `url` is a stand-in's, or empty
    for Google's own.
    """

    def __init__(self, http: Any, url: str = "") -> None:
        resource, parts = _made(url)
        super().__init__(resource, http)
        self._parts = {name: Over(part, http) for name, part in parts.items()}

    def values(self) -> Over:
        return self._parts["values"]

    def developerMetadata(self) -> Over:  # as Google calls it
        return self._parts["developerMetadata"]


@functools.lru_cache(maxsize=_ADDRESSES)
def _made(url: str) -> tuple[Any, Mapping[str, Any]]:
    options = {"client_options": ClientOptions(api_endpoint=url)} if url else {}
    service = build("sheets", "v4", static_discovery=True, http=_NoLine(), **options)
    spreadsheets = service.spreadsheets()
    return spreadsheets, {name: getattr(spreadsheets, name)() for name in _PARTS}


class _NoLine:
    """What the methods are made with: no call goes over it."""

    def request(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("This call has no line of its own.")
