"""The words that stores and flows share. Pure.

Shaped by what Firestore and Secret Manager can do: create if absent, replace on a
precondition, no long transactions; secret versions read by number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Document:
    """A record as it was read; `version` is what a later replace must still find."""

    collection: str
    id: str
    data: Mapping[str, Any]
    version: str


class AlreadyThere(Exception):
    """A create found the record already there."""


class Changed(Exception):
    """A replace or delete found another version of the record, or none."""


class SecretGone(Exception):
    """The secret, or that version of it, does not exist or was destroyed."""


class SealBroken(Exception):
    """A sealed value does not open: other key, other binding, or tampered with."""
