"""One HTTP answer, read within bounds of size and time, whatever the other side sends."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

_PIECE = 65_536
# What is not a 200 is a fault, or a gateway's page: never more than this is looked at.
_LARGEST_REFUSAL = 1024 * 1024
# A day: whoever asks for more is not to be believed.
_LONGEST_RETRY_AFTER_S = 86_400

_TID = re.compile(r"[A-Za-z0-9._-]{1,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, unpacked body, Intuit's trace id, and what Retry-After asks for in seconds."""

    status: int
    body: bytes = field(repr=False)
    tid: str
    retry_after_s: int | None


class TooLarge(Exception):
    """The body is larger than the limit, unpacked."""

    def __init__(self, status: int, tid: str, limit: int) -> None:
        super().__init__(f"an answer of more than {limit} bytes")
        self.status = status
        self.tid = tid
        self.limit = limit


class Unreadable(Exception):
    """The body is packed in a way that we did not ask for, or broken."""

    def __init__(self, status: int) -> None:
        super().__init__("an answer that cannot be unpacked")
        self.status = status


def received(
    response: requests.Response, *, limit: int, in_time: Callable[[], bool], now: datetime
) -> Answer:
    """The answer, read piece by piece. Raises TooLarge, Unreadable, requests.Timeout,
    requests.ConnectionError.

    requests times each read, not the whole: a body that trickles would never end, and a small
    packed one could unpack to anything.
    """
    status = response.status_code
    tid = _tid(response.headers.get("intuit_tid", ""))
    if status != 200:
        limit = min(limit, _LARGEST_REFUSAL)
    body = _body(response, limit, in_time, TooLarge(status, tid, limit), Unreadable(status))
    return Answer(status, body, tid, _retry_after(response.headers.get("Retry-After"), now))


def _body(
    response: requests.Response,
    limit: int,
    in_time: Callable[[], bool],
    too_large: TooLarge,
    unreadable: Unreadable,
) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("gzip", "identity", ""):
        raise unreadable
    parts: list[bytes] = []
    left = limit
    for piece in _pieces(response, in_time):
        left -= len(piece)
        if left < 0:
            raise too_large
        parts.append(piece)
    sent = b"".join(parts)
    return _unpacked(sent, limit, too_large, unreadable) if encoding == "gzip" else sent


def _unpacked(packed: bytes, limit: int, too_large: TooLarge, unreadable: Unreadable) -> bytes:
    """All at once: unpacked piece by piece, megabytes would be copied once more."""
    unpack = zlib.decompressobj(wbits=31)
    try:
        body = unpack.decompress(packed, limit + 1)
    except zlib.error as error:
        raise unreadable from error
    if len(body) > limit:
        raise too_large
    if unpack.unused_data or (packed and not unpack.eof):
        raise unreadable  # cut off, or more behind it: half a table must not pass for one
    return body


def _pieces(response: requests.Response, in_time: Callable[[], bool]) -> Iterator[bytes]:
    """The body as it comes over the wire."""
    while True:
        if not in_time():
            raise requests.ReadTimeout("the answer took too long")
        try:
            # What is there, not the whole piece: a body that trickles must meet the deadline.
            # One silent pause may still last as long as the read timeout, so the bound is twice.
            piece = response.raw.read1(_PIECE, decode_content=False)
        except urllib3.exceptions.ReadTimeoutError as error:
            raise requests.ReadTimeout("the answer stopped") from error
        except urllib3.exceptions.HTTPError as error:
            raise requests.ConnectionError("the answer broke off") from error
        if not piece:
            return
        yield piece


def _tid(text: str) -> str:
    return text if _TID.fullmatch(text) else ""


def _retry_after(text: str | None, now: datetime) -> int | None:
    """Seconds, or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""
    if text is None:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    wait = (moment - now).total_seconds()
    return min(max(0, round(wait)), _LONGEST_RETRY_AFTER_S)
