"""Live totals and warnings of ours in a block that a run left half-way. The other half is in
addon/Formulas.js.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_RANGE = r"SUM\((?:[A-Z]+\d+(?::[A-Z]+\d+)?|#REF!)\)"
# As `sheet_formulas` makes a total, wherever rows that came and went have led it.
_TOTAL = re.compile(rf"=-?{_RANGE}(?:[+-]{_RANGE})*", re.ASCII | re.IGNORECASE)
_WARNING = re.compile(r"=IF\(NOW\(\)>\d+\+\d+/86400.{1,2}\"Not refreshed since \"&TEXT\(", re.ASCII)


def is_live(receipt: Mapping[str, Any] | None) -> bool:
    """Whether totals of that block are formulas, or were about to be."""
    return bool(receipt and (receipt.get("live") or receipt.get("formulas")))


def is_ours(receipt: Mapping[str, Any] | None, text: object) -> bool:
    """A run died while formulas were being written, or rows put in: where they are, only they
    tell.
    """
    midway = bool(receipt and receipt["state"] != "done" and receipt.get("live"))
    if not midway or not isinstance(text, str):
        return False
    return _TOTAL.fullmatch(text) is not None or _WARNING.match(text) is not None
