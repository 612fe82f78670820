"""What every store of secrets takes: names and payloads as Secret Manager's.

https://cloud.google.com/secret-manager/quotas
"""

from __future__ import annotations

import re

MAX_BYTES = 65_536
_NAME = re.compile(r"[A-Za-z0-9_-]{1,200}")  # 255 there, less our prefix


def checked_name(name: str) -> None:
    """Raises ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError("a secret's name has letters, digits, - and _")


def checked_payload(payload: bytes) -> None:
    """Raises ValueError."""
    if not payload or len(payload) > MAX_BYTES:
        raise ValueError("a secret holds 1 to 65536 bytes")
