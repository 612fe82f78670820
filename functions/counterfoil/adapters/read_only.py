"""What can leave for QuickBooks' accounting API at all: the reads below, to one host.

https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features
"""

from __future__ import annotations

import re
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import BaseAdapter

_COMPANY = r"/v3/company/[0-9]{1,25}"
_READS = tuple(
    (method, re.compile(_COMPANY + path, re.ASCII))
    for method, path in (
        ("POST", r"/query\?(?:include=enhancedAllCustomFields&)?minorversion=[0-9]+"),
        ("GET", r"/companyinfo/[0-9]{1,25}\?minorversion=[0-9]+"),
        ("GET", r"/preferences\?minorversion=[0-9]+"),
        (
            "GET",
            r"/cdc\?entities=[A-Za-z]+(?:%2C[A-Za-z]+)*&changedSince=[0-9T:.%AB-]+"
            r"&minorversion=[0-9]+",
        ),
        ("GET", r"/reports/[A-Za-z0-9]{3,60}\?[^#]*"),
    )
)
_HEADERS = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
     "user-agent"}
)  # fmt: skip


class NotARead(Exception):
    """Somebody tried to send QuickBooks a request that is not one of our five reads."""


class ReadOnly(BaseAdapter):
    """The session's only transport: lets our five reads through and nothing else."""

    def __init__(self, base_path: str, transport: BaseAdapter) -> None:
        super().__init__()
        self._base_path = base_path
        self._transport = transport

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Raises NotARead before anything leaves this machine."""
        path = request.path_url
        inside = path.startswith(self._base_path)
        path = path[len(self._base_path) :]
        if not inside or not any(
            request.method == method and pattern.fullmatch(path) for method, pattern in _READS
        ):
            raise NotARead("only reads go to QuickBooks")
        if any(name.lower() not in _HEADERS for name in request.headers):
            raise NotARead("a header could make a read something else")
        return self._transport.send(request, *args, **kwargs)

    def close(self) -> None:
        self._transport.close()


def read_only_session(url: str, transport: BaseAdapter) -> requests.Session:
    """A session that has no other way out. Redirects are the caller's not to follow."""
    session = requests.Session()
    # A .netrc would replace our Authorization header, a proxy variable would see every answer.
    session.trust_env = False
    session.headers.clear()
    session.headers.update(
        {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "counterfoil"}
    )
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    base_path = "/" + url.partition("://")[2].partition("/")[2]
    session.mount(f"{url}/", ReadOnly(base_path.rstrip("/"), transport))
    return session
