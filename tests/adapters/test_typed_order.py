"""Fields are expected in the order in which QuickBooks sends them, and found in any."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from counterfoil import catalog
from counterfoil.adapters import typed_pages
from counterfoil.adapters.typed_fields import in_order
from tests.adapters.plain_reading import encoded, plainly, told

NEW_YORK = ZoneInfo("America/New_York")
INVOICES = catalog.entity("invoices")


def shuffled(held: Any, chance: random.Random) -> Any:
    if not isinstance(held, dict):
        return held
    names = list(held)
    chance.shuffle(names)
    return {name: shuffled(held[name], chance) for name in names}


def invoice(at: int) -> dict[str, Any]:
    more = {"ClassRef": {"value": "7", "name": "North"}} if at % 3 == 0 else {}
    return {
        "Id": str(at),
        "DocNumber": f"A{at}",
        "TotalAmt": Decimal(at) / 4,
        "CustomerRef": {"value": str(at % 9), "name": f"Customer {at % 9}"},
        "MetaData": {"CreateTime": f"2026-04-07T12:{at % 60:02}:00-07:00"},
        "BillAddr": {"Line1": f"{at} Main St", "City": "Zug", "PostalCode": "6300"},
        **more,
    }


def test_a_tree_takes_the_order_of_a_record_and_keeps_what_the_record_lacks() -> None:
    tree = {"A": None, "B": {"x": None, "y": None}, "C": None, "D": {"z": None}}
    record = {"Other": 1, "D": "odd", "C": 1, "B": {"y": 2, "w": 3, "x": 1}}
    found = in_order(tree, record)
    assert repr(found) == ("{'D': {'z': None}, 'C': None, 'B': {'y': None, 'x': None}, 'A': None}")


def test_after_many_records_the_cells_are_the_same_in_whatever_order_fields_come() -> None:
    documented, expecting_nothing = typed_pages._typed(INVOICES, INVOICES.columns, NEW_YORK, None)
    chance = random.Random(5)
    for _ in range(3):
        records = [invoice(at) for at in range(500)]
        body = encoded([shuffled(it, chance) for it in records])
        plain = told(plainly(body, INVOICES, INVOICES.columns))
        assert told(documented(body)) == plain
        assert told(expecting_nothing(body)) == plain
