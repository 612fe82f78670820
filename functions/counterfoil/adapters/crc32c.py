"""CRC-32C, by which Secret Manager's payloads are checked on their way.

https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
"""

from __future__ import annotations

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed


def _entry(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = tuple(_entry(byte) for byte in range(256))


def crc32c(data: bytes) -> int:
    """An unsigned number of 32 bits."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest = _TABLE[(rest ^ byte) & 0xFF] ^ (rest >> 8)
    return rest ^ 0xFFFFFFFF
