"""Methods of Google's client that are made once: each call goes over the line of who asks."""

from __future__ import annotations

from typing import Any

import httplib2
import pytest

from counterfoil.adapters.sheets_methods import Spreadsheets, _made


class Line:
    def __init__(self, id: str) -> None:
        self.id = id
        self.asked: list[str] = []

    def request(self, uri: str, method: str = "GET", **_: Any) -> tuple[httplib2.Response, bytes]:
        self.asked.append(f"{method} {uri.partition('?')[0]}")
        return httplib2.Response({"status": 200}), b'{"spreadsheetId": "%b"}' % self.id.encode()


HOST = "https://sheets.googleapis.com/v4/spreadsheets"
CALLS = {
    "get": (lambda it: it.get(spreadsheetId="s"), f"GET {HOST}/s"),
    "batchUpdate": (
        lambda it: it.batchUpdate(spreadsheetId="s", body={}),
        f"POST {HOST}/s:batchUpdate",
    ),
    "values": (
        lambda it: it.values().get(spreadsheetId="s", range="A1"),
        f"GET {HOST}/s/values/A1",
    ),
    "metadata": (
        lambda it: it.developerMetadata().search(spreadsheetId="s", body={}),
        f"POST {HOST}/s/developerMetadata:search",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_goes_over_the_line_of_who_made_it_and_no_other(name: str) -> None:
    call, sent = CALLS[name]
    lines = [Line("ana's"), Line("ben's")]
    asked = [call(Spreadsheets(line)) for line in lines]
    assert [each.execute() for each in asked[::-1]] == [
        {"spreadsheetId": "ben's"},
        {"spreadsheetId": "ana's"},
    ]
    assert [line.asked for line in lines] == [[sent], [sent]]


def test_the_methods_of_one_address_are_made_once() -> None:
    assert _made("") is _made("")
    assert _made("http://127.0.0.1:9/") is not _made("")
    asked = Spreadsheets(Line("a"), "http://127.0.0.1:9/").get(spreadsheetId="s")
    assert asked.uri.startswith("http://127.0.0.1:9/v4/spreadsheets/s?")


def test_what_does_not_exist_is_no_method() -> None:
    with pytest.raises(AttributeError, match="readAll"):
        Spreadsheets(Line("a")).readAll()


def test_a_call_of_the_methods_themselves_has_no_line() -> None:
    made, _ = _made("")
    with pytest.raises(RuntimeError, match="no line"):
        made.get(spreadsheetId="s").execute()
