"""The server that every simulator stands on."""

from __future__ import annotations

import http.client
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from sandbox.http import ConnectionDropped, Server
from tests.sandbox.consent_form import fetch, send


def app(environ: dict[str, Any], start: Any) -> Any:
    match environ["PATH_INFO"]:
        case "/echo":
            body = environ["wsgi.input"].read()
            start("200 OK", [("Content-Type", "text/plain")])
            return [body]
        case "/ignores":
            start("413 Too Large", [("Content-Length", "2")])
            return [b"no"]
        case "/stream":
            start("200 OK", [])
            return (b"part%d " % n for n in range(3))
        case "/nothing":
            start("204 No Content", [])
            return []
        case "/path/caf\u00c3\u00a9":
            start("200 OK", [])
            return [environ["QUERY_STRING"].encode()]
        case "/drop":
            raise ConnectionDropped
    raise ZeroDivisionError


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(app) as running:
        yield running


def test_one_connection_carries_many_requests(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.connect()
    first = connection.sock
    for path in ("/echo", "/ignores", "/stream", "/nothing", "/echo"):
        connection.request("POST", path, body=b"x" * 100_000)
        connection.getresponse().read()
        assert connection.sock is first
    connection.close()


def test_bodies_arrive_and_leave_with_a_length_or_in_chunks(server: Server) -> None:
    with requests.Session() as session:
        assert session.post(f"{server.url}/echo", data=b"abc").content == b"abc"
        in_chunks = session.put(f"{server.url}/echo", data=iter([b"ab", b"cd"]))
        assert in_chunks.content == b"abcd"
        streamed = session.get(f"{server.url}/stream")
        assert streamed.text == "part0 part1 part2 "
        assert session.head(f"{server.url}/echo").content == b""
        assert session.get(f"{server.url}/path/caf%C3%A9?a=%20b").text == "a=%20b"


def test_a_body_that_nobody_reads_does_not_spoil_the_next_request(server: Server) -> None:
    with requests.Session() as session:
        refused = session.post(f"{server.url}/ignores", data=b"x" * 20_000_000)
        assert (refused.status_code, refused.content) == (413, b"no")
        assert session.post(f"{server.url}/echo", data=b"next").content == b"next"


def test_an_application_can_drop_the_connection_without_an_answer(server: Server) -> None:
    with requests.Session() as session:
        with pytest.raises(requests.ConnectionError):
            session.get(f"{server.url}/drop")
        assert session.get(f"{server.url}/echo").status_code == 200


def test_an_error_of_the_application_is_a_500_and_is_logged(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert fetch(f"{server.url}/breaks?secret=1").status_code == 500
    assert [record.getMessage() for record in caplog.records] == ["GET /breaks failed"]


def test_many_threads_are_served_at_once(server: Server) -> None:
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda n: send(f"{server.url}/echo", data=str(n)).text, range(64)))
    assert answers == [str(n) for n in range(64)]


def test_stopping_ends_idle_connections_and_frees_the_port() -> None:
    server = Server(app)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", "/echo")
    connection.getresponse().read()
    port = server.port
    server.stop()
    server.stop()
    connection.close()
    with Server(app, port) as again:
        assert fetch(f"{again.url}/echo").status_code == 200
