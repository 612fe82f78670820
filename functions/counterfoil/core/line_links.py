"""The document that a payment's line is linked to: its kind, and its number as far as it is told
along. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.core.look_ups import lacked, list_of

_NUMBER = "txnReferenceNumber"


def linked_number(held: Mapping[str, Any]) -> Any:
    """The number of the document that a payment's line tells along, if it does."""
    extra = held.get("LineEx")
    if not isinstance(extra, Mapping):
        return None
    for pair in (*_values(extra.get("any")), *_list(extra.get("NameValue"))):
        if isinstance(pair, Mapping) and pair.get("Name") == _NUMBER:
            return pair.get("Value")
    return None


def linked_lack(held: Mapping[str, Any]) -> tuple[str, str] | None:
    """The list and the id that tell the number of the document that a line is linked to."""
    link = next((link for link in _list(held.get("LinkedTxn")) if isinstance(link, Mapping)), {})
    known, id = list_of(link.get("TxnType")), lacked(linked_number(held), link.get("TxnId"))
    return (known, id) if known and id else None


def linked_kind(linked: Any) -> Any:
    link = next((link for link in _list(linked) if isinstance(link, Mapping)), None)
    return link.get("TxnType") if link else None


def _values(held: Any) -> list[Any]:
    return [each.get("value") for each in _list(held) if isinstance(each, Mapping)]


def _list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []
