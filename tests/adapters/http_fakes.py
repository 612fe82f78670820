"""A transport for `requests` that asks a function instead of the network."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import requests
import urllib3
from requests.adapters import BaseAdapter

Handler = Callable[[requests.PreparedRequest], requests.Response]


def answer(
    status: int = 200,
    body: object = b"{}",
    headers: Mapping[str, str] | None = None,
    *,
    packed: bool = False,
) -> requests.Response:
    """Bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = dict(headers or {})
    if packed:
        raw = gzip.compress(raw)
        sent["Content-Encoding"] = "gzip"
    response = requests.Response()
    response.status_code = status
    response.headers.update(sent)
    response.raw = urllib3.HTTPResponse(
        io.BytesIO(raw), headers=sent, status=status, preload_content=False
    )
    return response


class AskingTransport(BaseAdapter):
    """Hands every request to `handler` and keeps what was asked and how."""

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self._handler = handler
        self.requests: list[requests.PreparedRequest] = []
        self.options: list[dict[str, Any]] = []

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        self.requests.append(request)
        self.options.append(kwargs)
        response = self._handler(request)
        response.request = request
        response.url = str(request.url)
        return response

    def close(self) -> None:
        pass


def in_turn(*answers: requests.Response | Exception) -> AskingTransport:
    """Gives (or raises) one after the other; the last one again and again."""
    left = list(answers)

    def handle(request: requests.PreparedRequest) -> requests.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found

    return AskingTransport(handle)
