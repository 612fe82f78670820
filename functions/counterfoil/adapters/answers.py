"""One HTTP answer, read within bounds of size and time, whatever the other side sends."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
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


# What is smaller is unpacked at once, whoever waits for it: a fault always is.
_WORTH_KEEPING_PACKED = 65_536

# So little at a time goes in that next to nothing of it is left over, which zlib copies; what comes
# out is seldom larger than this, and in memory that this process has, not from the kernel.
_PACKED_AT_ONCE = 4_096
_UNPACKED_AT_ONCE = 131_072


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body, Intuit's trace id, what Retry-After asks for in seconds, and whether the body
    is still `packed`.
    """

    status: int
    body: bytes = field(repr=False)
    tid: str
    retry_after_s: int | None
    packed: bool = False

    @property
    def size(self) -> int:
        """Of the body, unpacked; as it says itself while it is packed."""
        return _told_size(self.body) if self.packed else len(self.body)


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
    response: requests.Response,
    *,
    limit: int,
    in_time: Callable[[], bool],
    now: datetime,
    keep_packed: bool = False,
) -> Answer:
    """The answer, read piece by piece; a large one stays packed where that is wished. Raises
    TooLarge, Unreadable, requests.Timeout, requests.ConnectionError.

    requests times each read, not the whole: a body that trickles would never end, and a small
    packed one could unpack to anything.
    """
    status = response.status_code
    tid = _tid(response.headers.get("intuit_tid", ""))
    if status != 200:
        limit = min(limit, _LARGEST_REFUSAL)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("gzip", "identity", ""):
        raise Unreadable(status)
    sent = _sent(response, limit, in_time, TooLarge(status, tid, limit))
    after = _retry_after(response.headers.get("Retry-After"), now)
    answer = Answer(status, sent, tid, after, packed=encoding == "gzip")
    may_stay = keep_packed and len(sent) > _WORTH_KEEPING_PACKED and answer.size <= limit
    return answer if may_stay else unpacked(answer, limit)


def unpacked(answer: Answer, limit: int) -> Answer:
    """Raises TooLarge, Unreadable."""
    if not answer.packed:
        return answer
    room = bytearray()
    unpack(answer, limit, room)
    return replace(answer, body=bytes(room), packed=False)


def unpack(answer: Answer, limit: int, room: bytearray) -> None:
    """The body into the room, whatever was in it. Raises TooLarge, Unreadable, with the room in
    any state.
    """
    unpacking, size = zlib.decompressobj(wbits=31), 0
    try:
        for piece in _unpacked_pieces(unpacking, answer.body):
            room[size : size + len(piece)] = piece
            size += len(piece)
            if size > limit:
                raise TooLarge(answer.status, answer.tid, limit)
    except zlib.error as error:
        raise Unreadable(answer.status) from error
    if unpacking.unused_data or (answer.body and not unpacking.eof):
        # Cut off, or more behind it: half a table must not pass for one.
        raise Unreadable(answer.status)
    del room[size:]


def _unpacked_pieces(unpacking: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    for at in range(0, len(packed), _PACKED_AT_ONCE):
        rest = packed[at : at + _PACKED_AT_ONCE]
        while rest:
            yield unpacking.decompress(rest, _UNPACKED_AT_ONCE)
            rest = unpacking.unconsumed_tail


def _told_size(packed: bytes) -> int:
    """https://www.rfc-editor.org/rfc/rfc1952#page-5 (ISIZE)"""
    return int.from_bytes(packed[-4:], "little")


def _sent(
    response: requests.Response, limit: int, in_time: Callable[[], bool], too_large: TooLarge
) -> bytes:
    parts: list[bytes] = []
    left = limit
    for piece in _pieces(response, in_time):
        left -= len(piece)
        if left < 0:
            raise too_large
        parts.append(piece)
    return b"".join(parts)


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
