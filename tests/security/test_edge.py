"""What a body costs and what an answer carries, as the framework serves each function."""

from __future__ import annotations

import io
import json
import logging
import pathlib
from collections.abc import Iterator
from typing import Any

import functions_framework
import pytest

from counterfoil import wiring
from counterfoil.web.edge import HEADERS
from tests.web.backend import Backend

MAIN = str(pathlib.Path(__file__).resolve().parents[2] / "functions/main.py")
HUGE = 20_000_000  # bytes
FORM = "application/x-www-form-urlencoded"


class Endless(io.RawIOBase):
    """A body that comes in pieces, and how much of it was taken."""

    def __init__(self, pattern: bytes = b"a=1&", size: int = HUGE) -> None:
        self._pattern, self._size, self.taken = pattern, size, 0

    def read(self, size: int = -1) -> bytes:
        left = self._size - self.taken
        wanted = left if size < 0 else min(size, left, 65_536)
        self.taken += wanted
        return (self._pattern * (wanted // len(self._pattern) + 1))[:wanted]


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


@pytest.fixture
def _backend(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = Backend()
    monkeypatch.setattr(wiring, "services", lambda: backend)


def client(name: str) -> Any:
    return functions_framework.create_app(name, MAIN, "http").test_client()


def posted(
    name: str, path: str, body: Endless, announced: bool, kind: str = FORM, **other: Any
) -> Any:
    environ: dict[str, Any] = {"wsgi.input": body, "CONTENT_TYPE": kind}
    environ |= {"CONTENT_LENGTH": str(HUGE)} if announced else {"HTTP_TRANSFER_ENCODING": "chunked"}
    environ["wsgi.input_terminated"] = True  # as gunicorn and the sandbox's server say
    return client(name).post(path, environ_overrides=environ, **other)


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("home", "/nope"),
        ("home", "/robots.txt"),
        ("home", "/favicon.ico"),
        ("home", "/a%0ab"),
        ("oauth_callback", "/"),
        ("pages", "/connected"),
    ],
)
def test_of_a_body_that_no_route_asks_for_not_a_byte_is_read(
    name: str, path: str, announced: bool
) -> None:
    body = Endless()
    assert posted(name, path, body, announced).status_code == 404
    assert body.taken == 0


def test_announced_as_too_large_it_is_not_read_at_all() -> None:
    body = Endless()
    assert posted("home", "/", body, announced=True).status_code == 413
    assert body.taken == 0


@pytest.mark.parametrize(
    ("name", "path", "status", "to"),
    [
        ("oauth_callback", "/?state=x", 302, "/pages/failed"),
        ("pages", "/connected", 413, None),
        ("health", "/", 413, None),
    ],
)
def test_a_browser_that_brings_too_much_gets_what_the_address_answers_by(
    name: str, path: str, status: int, to: str | None
) -> None:
    body = Endless()
    environ = {"wsgi.input": body, "CONTENT_LENGTH": "1000001"}
    answer = client(name).get(path, environ_overrides=environ)
    assert (answer.status_code, answer.headers.get("Location")) == (status, to)
    assert body.taken == 0


@pytest.mark.usefixtures("_backend")
@pytest.mark.parametrize(
    ("name", "path"), [("home", "/"), ("export", "/steps"), ("connections", "/ticket")]
)
def test_a_stranger_is_sent_away_before_a_byte_is_read(name: str, path: str) -> None:
    body = Endless()
    assert posted(name, path, body, announced=False).status_code == 401
    assert body.taken == 0


@pytest.mark.usefixtures("_backend")
def test_a_users_body_is_read_up_to_its_bound_and_no_further() -> None:
    body = Endless()
    headers = {"Authorization": "Bearer ana"}
    assert posted("home", "/", body, announced=False, headers=headers).status_code == 413
    assert body.taken == 1_000_001


@pytest.mark.usefixtures("_backend")
@pytest.mark.parametrize("place", ["id", "locale"])
def test_half_a_character_is_refused_in_words(place: str) -> None:
    sheet = {"id": "s", "key": "0" * 64, "time_zone": "UTC", "locale": "en", place: "\ud800"}
    headers = {"Authorization": "Bearer ana"}
    answer = client("home").post("/", json={"spreadsheet": sheet}, headers=headers)
    assert answer.status_code == 400
    assert "half a character" in answer.get_json()["error"]["message"]


@pytest.mark.usefixtures("_backend")
def test_a_form_is_read_up_to_its_bound_and_no_further() -> None:
    body = Endless()
    assert posted("oauth_start", "/", body, announced=False).status_code == 413
    assert body.taken == 20_001


@pytest.mark.usefixtures("_backend")
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain", ""])
def test_what_is_no_form_of_ours_is_not_read(kind: str) -> None:
    body = Endless(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n', 62_000)
    answer = posted("oauth_start", "/", body, announced=False, kind=kind)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "bad_request")
    assert body.taken == 0


@pytest.mark.parametrize(
    "path", ["/nope", "/robots.txt", "/favicon.ico", "/a%0ab", "//evil.example/.."]
)
def test_the_first_request_leaves_its_line_and_carries_the_headers_whoever_answers(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client("home").get(path)
    assert answer.status_code == 404
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    (line,) = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert (line["message"], line["route"], line["status"]) == ("request", "none", 404)
    assert line["method"] == "GET"


@pytest.mark.usefixtures("_backend")
def test_an_address_without_a_path_is_no_redirect_by_the_host_that_was_sent() -> None:
    environ = {"PATH_INFO": "", "HTTP_HOST": "evil.example"}
    answer = client("oauth_callback").get("/?code=a-code&state=s", environ_overrides=environ)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("https://backend.example/pages/")
    assert "a-code" not in answer.headers["Location"] + answer.get_data(as_text=True)


@pytest.mark.usefixtures("_backend")
@pytest.mark.parametrize(("method", "body"), [("GET", '{"ok": true'), ("HEAD", "")])
def test_health_is_told_to_whoever_watches_by_either_method(method: str, body: str) -> None:
    answer = client("health").open("/", method=method)
    assert (answer.status_code, answer.get_data(as_text=True)[: len(body) or None]) == (200, body)
