"""A scheduled report says beside its title, by a formula of the sheet alone, that it is late."""

from __future__ import annotations

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
