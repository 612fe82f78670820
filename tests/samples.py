"""Real payloads that lie beside a developer's checkout, read in place, never copied in."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
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


def sample_records(entity: str) -> list[dict[str, Any]]:
    """Every record of an entity in all payloads that lie there; skips where there are none."""
    if not SAMPLES.is_dir():
        pytest.skip("there are no real payloads on this machine (../shared/samples)")
    return [
        record
        for payload in _payloads()
        for record in _records(payload, entity)
        if "Id" in record and record.get("status") != "Deleted"
    ]


@cache
def _payloads() -> list[Any]:
    return [
        _unbroken(json.loads(path.read_text(), parse_float=Decimal))
        for part in ("company-2026", "entities", "intuit-docs", "queries", "cdc", "batch")
        for path in sorted((SAMPLES / part).glob("*.json"))
    ]


def _unbroken(held: Any) -> Any:
    """The documentation's examples break long names in two: "ItemBasedExpenseLine Detail"."""
    if isinstance(held, list):
        return [_unbroken(each) for each in held]
    if not isinstance(held, dict):
        return held
    kind = held.get("DetailType")
    unbroken = {name.replace(" ", ""): _unbroken(inner) for name, inner in held.items()}
    return {**unbroken, "DetailType": kind.replace(" ", "")} if kind else unbroken


def _records(held: Any, entity: str) -> Iterator[dict[str, Any]]:
    if isinstance(held, list):
        for each in held:
            yield from _records(each, entity)
    elif isinstance(held, dict):
        for name, inner in held.items():
            if name != entity:
                yield from _records(inner, entity)
            elif isinstance(inner, list):
                yield from (each for each in inner if isinstance(each, dict))
            elif isinstance(inner, dict):
                yield inner
