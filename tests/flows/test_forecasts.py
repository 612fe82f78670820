"""What a schedule of an update costs in a month: few calls a run, and once a week everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from counterfoil.core.watermarks import Watermark
from counterfoil.flows.forecasts import Forecast, Forecasts
from counterfoil.flows.runs import Runs
from counterfoil.flows.saved import SavedExports
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    INVOICES,
    SHEET,
    FakeQuickBooks,
    World,
    invoices,
)

DAILY = {"often": "daily", "hour": 8}


def forecast(
    options: dict[str, Any], dataset: Any = INVOICES, last: Any = None, read: int | None = None
) -> Forecast:
    """Of a saved export of 2,500 invoices, whose last run cost what `last` says; `read` were those of
    QuickBooks when everything was read.
    """
    world = World(FakeQuickBooks(invoices(2_500)))
    saved = SavedExports(world.records, world.exports.sealer, world.time.now, world.connections)
    columns = {"columns": ["id", "total"]} if dataset is INVOICES else {}
    made = saved.create(
        *(ANA, SHEET),
        connection_ids=[CONNECTION],
        name="Daily",
        dataset=dataset,
        options=columns | options,
        tab=None,
    )
    if last is not None:
        calls, rows = last
        at = datetime(2026, 1, 1, tzinfo=UTC)
        mark = Watermark(at, at, "", records=read).as_record()
        world.records.create(
            "runs",
            "run_last1234",
            {
                "exporter": made.id,
                "calls": calls,
                "expires_at": datetime(2027, 1, 1, tzinfo=UTC),
                "watermarks": {CONNECTION: mark},
            },
        )
        document = world.records.get("exporters", made.id)
        assert document is not None
        ran = {"run_id": "run_last1234", "state": "applied", "at": at, "rows": rows,
               "verdict": "PASS", "code": None}  # fmt: skip
        world.records.replace(document, {**document.data, "last_run": ran})
    forecasts = Forecasts(saved, world.exports, Runs(world.records, world.time.now))
    return forecasts.of(ANA, SHEET, made.id, DAILY, count=True, cells={})


@pytest.mark.parametrize(
    ("last", "told"),
    [
        # 3 pages, COUNT and CDC; what was deleted and the closing date: 7 once in seven days.
        (None, (3, 31, 26 * 3 + 5 * 7)),
        ((1, 2_500), (1, 31, 26 * 1 + 5 * 7)),
        ((9, 2_500), (3, 31, 26 * 3 + 5 * 9)),
    ],
    ids=["not run yet", "nothing had changed", "everything was read"],
)
def test_an_update_is_a_few_calls_and_once_a_week_all(
    last: Any, told: tuple[int, int, int]
) -> None:
    found = forecast({"mode": "update"}, last=last).as_json()
    assert tuple(found.values()) == told


def test_everything_is_what_quickbooks_has_and_not_what_matched_a_filter_found_here() -> None:
    few = {"mode": "update", "filters": [{"key": "memo", "contains": "rent"}]}
    found = forecast(few, last=(1, 40), read=2_500).as_json()
    assert tuple(found.values()) == (1, 31, 26 * 1 + 5 * 7)
    # A table of lines has more rows than there are transactions.
    lines = forecast(
        {"mode": "update", "rows": "line", "columns": ["row_id"]}, last=(1, 9_000), read=900
    )
    assert tuple(lines.as_json().values()) == (1, 31, 26 * 1 + 5 * 3)


def test_a_filter_that_means_another_day_each_day_reads_everything_each_day() -> None:
    for one in ({"key": "status", "is": "overdue"}, {"key": "due_date", "dates": "last_30_days"}):
        found = forecast({"mode": "update", "filters": [one]}, last=(1, 40), read=2_500).as_json()
        assert tuple(found.values()) == (1, 31, 31 * 7)
    from_cell, to_cell = {"from_cell": "'Setup'!B1"}, {"to_cell": "'Setup'!B2"}
    for days in ({"from": "2026-01-01"}, from_cell, from_cell | to_cell):
        fixed = {"mode": "update", "filters": [{"key": "due_date"} | days]}
        found = forecast(fixed, last=(1, 40), read=2_500).as_json()
        assert tuple(found.values()) == (1, 31, 26 * 1 + 5 * 7)


def test_the_first_rows_are_taken_for_read_anew_each_time() -> None:
    order = {"sort": {"column": "total", "descending": True}, "first": 10}
    assert forecast({"mode": "update"} | order, last=(1, 10)).as_json()["calls_per_month"] == 31 * 3


def test_a_replacement_costs_what_the_last_one_did() -> None:
    assert forecast({}, last=(9, 2_500)).as_json()["calls_per_month"] == 31 * 9


def test_a_replacement_that_shows_dates_asks_once_a_day_when_the_books_were_closed() -> None:
    dated = {"columns": ["id", "date", "total"]}
    assert forecast(dated, last=(9, 2_500)).as_json()["calls_per_month"] == 31 * (9 + 1)
