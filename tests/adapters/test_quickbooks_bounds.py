"""Answers that are too large, too slow, or cut off."""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import json
import logging
import random
import socket
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import urllib3

from counterfoil.adapters import answers
from counterfoil.adapters.quickbooks_api import (
    LARGEST_ANSWER,
)
from counterfoil.core.errors import (
    QuickBooksBusy,
    QuickBooksRejected,
    ReportTooLarge,
)
from tests.adapters.http_fakes import answer, in_turn
from tests.adapters.quickbooks_fakes import (
    EMPTY,
    STATEMENT,
    Intuit,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class EndlessZeros(io.RawIOBase):
    """A body that never ends."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = bytes(len(buffer))
        self.given += len(buffer)
        return len(buffer)


def test_an_endless_answer_is_cut_off() -> None:
    endless = EndlessZeros()
    response = answer()
    response.raw = urllib3.HTTPResponse(io.BufferedReader(endless), preload_content=False)
    with pytest.raises(QuickBooksRejected) as raised:
        Intuit(in_turn(response)).company().query(STATEMENT)
    assert endless.given < LARGEST_ANSWER + 200_000
    assert raised.value.details["smaller_page"] is True


def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off() -> None:
    bomb = answer(body=bytes(LARGEST_ANSWER + 1), packed=True)
    with pytest.raises(ReportTooLarge):
        Intuit(in_turn(bomb)).company().report("GeneralLedger", {"start_date": "2026-01-01"})


def test_the_largest_answer_is_taken_packed_and_plain() -> None:
    body = b'{"a":"' + b"x" * (LARGEST_ANSWER - 8) + b'"}'
    for packed in (True, False):
        got = Intuit(in_turn(answer(body=body, packed=packed))).company().query(STATEMENT)
        assert got == body


def large_page(**more: Any) -> bytes:
    """Which does not pack well."""
    notes = random.Random(7).randbytes(200_000).hex()
    return json.dumps(
        {"QueryResponse": {"Invoice": [{"Id": "1", "PrivateNote": notes}], **more}}
    ).encode()


def test_a_page_comes_as_it_was_sent_and_stays_packed_until_it_is_wanted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "counterfoil.quickbooks")
    body = large_page()
    for sent in (body, json.dumps(EMPTY).encode()):
        for packed in (True, False):
            page = Intuit(in_turn(answer(body=sent, packed=packed))).company().page(STATEMENT)
            room = bytearray(b"what an earlier page left")
            assert page(room) == sent
            assert page(room) == sent
    sizes = [record.fields["bytes"] for record in caplog.records]  # type: ignore[attr-defined]
    assert sizes == [len(body), len(body), 62, 62]


def test_a_small_fault_in_place_of_a_page_is_tried_again() -> None:
    fault = {"Fault": {"Error": [{"code": "10000"}], "type": "SystemFault"}}
    intuit = Intuit(
        in_turn(answer(500, fault, packed=True), answer(body=large_page(), packed=True))
    )
    assert intuit.company().page(STATEMENT)(bytearray()) == large_page()
    assert intuit.meter.calls == 2


@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_fault_beside_the_records_of_a_large_page_is_a_fault(place: str) -> None:
    fault = {"Fault": {"Error": [{"code": "4001"}], "type": "ValidationFault"}}
    body = large_page(**fault)
    if place == "before":
        records = json.loads(body)["QueryResponse"]["Invoice"]
        body = json.dumps({"QueryResponse": {**fault, "Invoice": records}}).encode()
    page = Intuit(in_turn(answer(body=body, packed=True))).company().page(STATEMENT)
    with pytest.raises(QuickBooksRejected) as raised:
        page(bytearray())
    assert raised.value.details["intuit_code"] == "4001"


def test_a_page_that_unpacks_to_more_than_it_says_is_cut_off() -> None:
    packed = gzip.compress(bytes(LARGEST_ANSWER + 1) + random.Random(7).randbytes(100_000))
    for told in (packed, packed[:-4] + (9_000).to_bytes(4, "little")):
        response = answer(headers={"Content-Encoding": "gzip"})
        response.raw = urllib3.HTTPResponse(io.BytesIO(told), preload_content=False)
        with pytest.raises(QuickBooksRejected) as raised:
            Intuit(in_turn(response)).company().page(STATEMENT)(bytearray())
        assert raised.value.details["smaller_page"] is True


def test_a_page_with_a_hole_in_it_is_not_taken_for_a_whole_one() -> None:
    packed = gzip.compress(large_page())
    twice = packed + gzip.compress(b"more" * 9_000)[:-4] + packed[-4:]
    for broken in (packed[:-9], packed[:80_000] + packed[80_100:], packed + b"more", twice):
        response = answer(headers={"Content-Encoding": "gzip"})
        response.raw = urllib3.HTTPResponse(io.BytesIO(broken), preload_content=False)
        size = int.from_bytes(broken[-4:], "little")
        again = [answer(500)] * 2 if size > LARGEST_ANSWER else []
        with pytest.raises(QuickBooksBusy):
            Intuit(in_turn(response, *again)).company().page(STATEMENT)(bytearray())


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one() -> None:
    whole = answer(body=EMPTY, packed=True)
    cut = whole.raw.read(decode_content=False)[:-9]
    response = answer(headers={"Content-Encoding": "gzip"})
    response.raw = urllib3.HTTPResponse(io.BytesIO(cut), preload_content=False)
    intuit = Intuit(in_turn(response, answer(body=EMPTY)))
    intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 2


def test_an_answer_shorter_than_announced_is_not_taken_for_a_whole_one() -> None:
    response = answer()
    response.raw = urllib3.HTTPResponse(
        io.BytesIO(b'{"QueryResponse":{}}'),
        headers={"Content-Length": "500"},
        preload_content=False,
        enforce_content_length=True,
    )
    intuit = Intuit(in_turn(response, answer(body=EMPTY)))
    intuit.company().query(STATEMENT)
    assert intuit.meter.calls == 2


def test_an_answer_that_trickles_is_given_up_in_time() -> None:
    # Over a real socket, where a read waits for as many bytes as it was asked for.
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        trickling = threading.Thread(target=_trickle, args=(listener, ended))
        trickling.start()
        clock = itertools.count(0, 7)
        with requests.get(
            f"http://127.0.0.1:{listener.getsockname()[1]}/", stream=True, timeout=30
        ) as response:
            with pytest.raises(requests.ReadTimeout):
                answers.received(response, limit=1_000, in_time=lambda: next(clock) < 60, now=NOW)
            assert not ended.is_set()  # given up while the other side was still at it
        ended.set()
        trickling.join(10)


def _trickle(listener: socket.socket, ended: threading.Event) -> None:
    """One byte at a time, until whoever asked has given up."""
    connection, _ = listener.accept()
    with connection, contextlib.suppress(OSError):
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not ended.wait(0.01):
            connection.sendall(b" ")
