"""A scheduled report says beside its title, by a formula of the sheet alone, that it is late."""

from __future__ import annotations

import pytest

from sandbox import check
from sandbox.world import World

MONTHS = {"start_date": "2026-01-01", "end_date": "2026-03-31", "summarize_column_by": "Month"}


def test_a_scheduled_report_says_when_it_was_not_refreshed_and_runs_again(world: World) -> None:
    ana = check.sidebar(world, "ana@example.com")
    connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
    first = ana.export(
        "reports/profit-and-loss",
        connection_id=connection,
        options={"parameters": MONTHS},
        target={"tab": "P&L"},
    )
    tab = world.google.workbook.tab("P&L")
    assert tab.value(0, 1) == ""
    id = first["exporter_id"]
    ana.call(f"exporters/{id}/schedule", schedule={"often": "hourly"})

    again = ana.export(f"exporters/{id}/run", block={"receipt": None})
    assert check.proven(again)
    formula = tab.cell(0, 1).formula
    assert formula.startswith("=IF(NOW()>")
    assert '"Not refreshed since "&TEXT(' in formula
    # It is no change by a person, and goes with the schedule.
    assert check.proven(ana.export(f"exporters/{id}/run", block={"receipt": None}))
    ana.call(f"exporters/{id}/schedule", schedule=None)
    assert check.proven(ana.export(f"exporters/{id}/run", block={"receipt": None}))
    assert tab.value(0, 1) == ""


def test_a_table_of_records_says_so_above_its_titles_where_that_was_chosen(world: World) -> None:
    ana = check.sidebar(world, "ana@example.com")
    connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
    first = ana.export(
        "entities/customers",
        connection_id=connection,
        options={"columns": ["id", "name"], "title_row": True},
        target={"tab": "Customers"},
    )
    assert check.proven(first)
    tab = world.google.workbook.tab("Customers")
    assert [tab.value(0, 0), tab.value(0, 1)] == ["Customers · Acme Landscaping", ""]
    assert (tab.value(1, 0), tab.value(1, 1), tab.frozen_rows) == ("Id", "Customer", 2)
    assert tab.cell(0, 0).look.bold
    assert tab.cell(1, 0).look.bold
    rows = [tab.value(row, 0) for row in range(2, tab.data_extent().rows)]
    assert len(rows) == first["progress"]["rows"]

    id = first["exporter_id"]
    ana.call(f"exporters/{id}/schedule", schedule={"often": "hourly"})
    for _ in range(2):  # the second finds the formula of the first, which is no change by a person
        assert check.proven(ana.export(f"exporters/{id}/run"))
        assert tab.cell(0, 1).formula.startswith("=IF(NOW()>")
        assert [tab.value(row, 0) for row in range(2, tab.data_extent().rows)] == rows


def test_a_report_as_a_table_gets_the_row_too_and_values_of_it_stay_right(world: World) -> None:
    ana = check.sidebar(world, "ana@example.com")
    connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
    first = ana.export(
        "reports/profit-and-loss",
        connection_id=connection,
        options={"parameters": MONTHS, "layout": "tidy"},
        target={"tab": "Tidy"},
    )
    id, block = first["exporter_id"], first["block"]
    tab, mine = world.google.workbook.tab("Tidy"), world.google.workbook.tabs[0]
    was = tab.data_extent().rows
    # As addon/ValuesTidy.js makes it.
    head = f'LET(head,IF(COUNTIFS(INDEX({block},1,0),"Amount")>0,1,2),'
    amount = f'INDEX({block},0,MATCH("Amount",INDEX({block},head,0),0))'
    mine.set_formula(0, 0, f'={head}SUMIFS({amount},{amount},">0"))')
    total = mine.value(0, 0)
    assert total > 0
    assert ana.call("home")["exporters"][0]["title_row"] is False
    ana.call(f"exporters/{id}/schedule", schedule={"often": "hourly"}, title_row=True)
    for _ in range(2):
        assert check.proven(ana.export(f"exporters/{id}/run"))
        assert tab.value(0, 0) == "Profit and Loss · Acme Landscaping"
        assert tab.cell(0, 1).formula.startswith("=IF(NOW()>")
        assert (tab.value(1, 0), tab.data_extent().rows) == ("Company", was + 1)
        assert mine.value(0, 0) == total


def test_a_table_that_is_there_gets_the_row_with_its_schedule_unless_its_rows_are_known_by_key(
    world: World,
) -> None:
    ana = check.sidebar(world, "ana@example.com")
    connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
    made = {}
    for mode in ("replace", "update"):
        first = ana.export(
            "entities/vendors",
            connection_id=connection,
            options={"columns": ["id", "name"], "mode": mode},
            target={"tab": f"Vendors, {mode}"},
        )
        made[mode] = first["exporter_id"]
    by_id = {each["id"]: each for each in ana.call("home")["exporters"]}
    assert by_id[made["replace"]]["title_row"] is False
    assert by_id[made["update"]]["title_row"] is None

    hourly = {"often": "hourly"}
    path = f"exporters/{made['replace']}"
    ana.call(f"{path}/schedule", schedule=hourly, title_row=True)
    assert check.proven(ana.export(f"{path}/run"))
    tab = world.google.workbook.tab("Vendors, replace")
    assert tab.value(0, 0) == "Vendors · Acme Landscaping"
    assert tab.cell(0, 1).formula.startswith("=IF(NOW()>")
    assert tab.value(1, 0) == "Id"

    with pytest.raises(check.CheckFailed, match="Duplicate the export"):
        ana.call(f"exporters/{made['update']}/schedule", schedule=hourly, title_row=True)
