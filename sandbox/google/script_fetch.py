"""UrlFetchApp's requests, made on the server side as Google makes them, on loopback only."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from sandbox.google.cells import GridError

AGENT = "Mozilla/5.0 (compatible; Google-Apps-Script; beanserver; +https://script.google.com)"
# https://developers.google.com/apps-script/guides/services/quotas
LONGEST_URL = 2082
LARGEST_BODY = 50 * 1024 * 1024
MOST_HEADERS = 100
MOST_REDIRECTS = 20
# Like the real one, whatever a script asks for.
LONGEST_WAIT_S = 360.0


def fetch(
    asked: Sequence[dict[str, Any]], manifest: dict[str, Any], backend_url: str
) -> list[dict[str, Any]]:
    """An answer or {"error"} for each request, all at once.

    Raises GridError, before anything is sent, for an address that the manifest does not allow.
    """
    prefixes = manifest.get("urlFetchWhitelist")
    for one in asked:
        _check(one, prefixes, backend_url)
    if len(asked) == 1:
        return [_answered(asked[0])]
    with ThreadPoolExecutor(max(1, min(len(asked), 20))) as threads:
        return list(threads.map(_answered, asked))


def allowed(url: str, prefixes: Sequence[str] | None, backend_url: str) -> bool:
    """Whether the manifest lets the script call `url`; the sandbox's own backend always may be.

    https://developers.google.com/apps-script/manifest/allowlist-url
    """
    if backend_url and (url + "/").startswith(backend_url.rstrip("/") + "/"):
        return True
    return prefixes is None or any(_fits(urlsplit(url), urlsplit(prefix)) for prefix in prefixes)


def _fits(url: Any, prefix: Any) -> bool:
    # A prefix without a path, or not https, is no prefix: Apps Script refuses such a manifest.
    if prefix.scheme != "https" or not prefix.path or url.scheme != "https":
        return False
    host = str(prefix.netloc).lower()
    same = (
        str(url.netloc).lower().endswith(host[1:])
        if host.startswith("*.")
        else str(url.netloc).lower() == host
    )
    return same and str(url.path or "/").startswith(str(prefix.path))


def _check(one: dict[str, Any], prefixes: Sequence[str] | None, backend_url: str) -> None:
    url = one["url"]
    if len(url) > LONGEST_URL:
        raise GridError("Limit Exceeded: URLFetch URL Length.")
    if len(one["headers"]) > MOST_HEADERS:
        raise GridError("Limit Exceeded: URLFetch Header Count.")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise GridError(f"Invalid argument: {url}")
    if not allowed(url, prefixes, backend_url):
        host = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/"
        raise GridError(
            f"Access to URL {host} is not allowed: it is not in the manifest's urlFetchWhitelist."
        )


def _answered(one: dict[str, Any]) -> dict[str, Any]:
    url, headers = one["url"], {"User-Agent": AGENT, **one["headers"]}
    body = base64.b64decode(one["payload"]) if one["payload"] is not None else None
    if one["contentType"]:
        headers["Content-Type"] = one["contentType"]
    if body is not None and len(body) > LARGEST_BODY:
        return {"error": "Limit Exceeded: URLFetch POST Size."}
    method = one["method"]
    for _ in range(MOST_REDIRECTS):
        if not _loopback(url):
            return {"error": f"DNS error: {url}"}
        try:
            response = requests.request(
                method,
                url,
                headers=headers,
                data=body,
                timeout=min(float(one["timeout_s"]), LONGEST_WAIT_S),
                allow_redirects=False,
            )
        except requests.Timeout:
            return {"error": f"Timeout: {url}"}
        except requests.RequestException:
            return {"error": f"Address unavailable: {url}"}
        if not (one["follow"] and response.is_redirect):
            return _as_json(response)
        url = urljoin(url, response.headers["Location"])
        if response.status_code in (301, 302, 303) and method != "GET":
            method, body = "GET", None
    return {"error": f"Too many redirects: {one['url']}"}


def _as_json(response: requests.Response) -> dict[str, Any]:
    if len(response.content) > LARGEST_BODY:
        return {"error": "Limit Exceeded: URLFetch URL Response Size."}
    headers: dict[str, str | list[str]] = {}
    for name, value in response.raw.headers.items():  # one entry per line, as they came
        known = headers.get(name)
        lines = [] if known is None else known if isinstance(known, list) else [known]
        headers[name] = [*lines, value] if lines else value
    return {
        "status": response.status_code,
        "headers": headers,
        "body": base64.b64encode(response.content).decode(),
        "charset": response.encoding or "utf-8",
    }


def _loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
