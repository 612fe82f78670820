"""Somebody changed a cell of a table: the next run stops and names it, or replaces it on their word."""

from __future__ import annotations

import pytest

from sandbox import check
from sandbox.world import World


def test_a_changed_cell_stops_the_run_until_somebody_says_replace(world: World):
    ana = check.sidebar(world, "ana@example.com")
    connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
    first = ana.export(
        "entities/customers", connection_id=connection, options={}, target={"tab": "Customers"}
    )
    again = f"exporters/{first['exporter_id']}/run"
    tab = world.google.workbook.tab("Customers")
    honest = tab.value(3, 1)
    tab.write(3, 1, [["my own words"]])

    with pytest.raises(check.CheckFailed, match=r"'?Customers'?!B4"):
        ana.export(again)
    assert tab.value(3, 1) == "my own words"

    replaced = ana.export(again, replace=True)
    assert check.proven(replaced)
    assert tab.value(3, 1) == honest
    log = world.google.workbook.tab("Customers – replaced")
    kept = [log.value(row, column) for row in range(80) for column in range(20)]
    assert "my own words" in kept

    # And what nobody touched runs as before.
    assert check.proven(ana.export(again))
