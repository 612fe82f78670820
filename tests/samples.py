"""Real payloads that lie beside a developer's checkout, read in place, never copied in."""

from __future__ import annotations

import json
import pathlib
from decimal import Decimal
from typing import Any

import pytest

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "shared" / "samples" / "intuit"


def sample_bytes(name: str) -> bytes:
    """One payload as it lies there ("company-2026/Invoice.json"); skips where there is none."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"the real payload {name} is not on this machine (../shared/samples)")
    return path.read_bytes()


def sample(name: str) -> Any:
    """The same, parsed: amounts as Decimal."""
    return json.loads(sample_bytes(name), parse_float=Decimal)
