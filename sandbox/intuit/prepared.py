"""Answers that are compressed once and sent many times, each with its own time at the end.

A gzip body is put together from a deflated beginning that never changes and a short end that is
stored as it is: one gzip member, so that every client can read it (RFC 1952, RFC 1951 3.2.4).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LEVEL = 3
"""Pages are prepared in bulk before a benchmark: quick beats small."""


@dataclass(frozen=True, slots=True)
class Prepared:
    deflated: bytes
    crc: int
    size: int

    def gzipped(self, end: bytes) -> bytes:
        """`end` has at most 65,535 bytes, which is what one stored block holds."""
        stored = struct.pack("<BHH", 1, len(end), len(end) ^ 0xFFFF)
        whole = struct.pack("<II", zlib.crc32(end, self.crc), (self.size + len(end)) & 0xFFFFFFFF)
        return b"".join((_GZIP_HEADER, self.deflated, stored, end, whole))

    def plain(self, end: bytes) -> bytes:
        return zlib.decompressobj(-15).decompress(self.deflated) + end


def prepared(beginning: bytes) -> Prepared:
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    body = deflate.compress(beginning) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return Prepared(body, zlib.crc32(beginning), len(beginning))
