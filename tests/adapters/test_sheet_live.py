"""Which formulas both writers know as live totals of ours, after a run that was killed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counterfoil.adapters.sheet_live import is_ours

SCRIPT = Path(__file__).parents[2] / "addon/Formulas.js"
KILLED = {"state": "writing", "live": True}
(PATTERN,) = re.findall(r"^const LIVE_TOTAL = /(.*)/i;$", SCRIPT.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("=SUM(B5:B9)+SUM(B12:B12)-SUM(B20:B24)", True),
        ("=-SUM(B5:B9)", True),
        ("=SUM(B8)-SUM(#REF!)", True),
        ("=--SUM(B5:B9)", False),
        ("=-B5", False),
        ("=SUM(B5:B9)*2", False),
    ],
)
def test_a_live_total_is_known_as_ours_by_both_writers(text: str, ours: bool) -> None:
    assert is_ours(KILLED, text) is ours
    assert (re.fullmatch(PATTERN, text, re.IGNORECASE) is not None) is ours
