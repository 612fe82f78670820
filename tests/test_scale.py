"""What the documents say a month costs is computed from what requests really cost."""

from __future__ import annotations

import dataclasses
import json
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from typing import cast

import pytest

from bench import scale
from bench.scale import COUNTED, Ops, month, table, wall_table
from counterfoil.adapters.counted_stores import CountedRecords
from counterfoil.core import journal
from sandbox import check
from sandbox.world import World
from tests.fakes import MemoryRecords
from tests.flows.world import ANA
from tests.flows.world import World as Flows
from tests.web.backend import Backend

ROOT = pathlib.Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def told() -> Iterator[list[tuple[str, Ops]]]:
    """Every request of a small life: its route, and what its own line says that it cost."""
    with World() as world:
        ana = check.sidebar(world, "ana@example.com")
        connection = check.connect(ana, world.intuit.companies()[0].realm_id)["id"]
        made = ana.export(
            "entities/customers", connection_id=connection, options={}, target={"tab": "x"}
        )
        again = f"exporters/{made['exporter_id']}/run"
        ana.export(again)
        ana.call("home")
        world.intuit.inject("expired_token", path="query", times=1)
        ana.export(again)
        lines = [json.loads(each) for each in world.log.read_text().splitlines() if each[0] == "{"]
        yield [
            (line["route"], Ops(*(line.get(name, 0) for name in Ops.__dataclass_fields__)))
            for line in lines
            if line["message"] == "request"
        ]


def of(told: list[tuple[str, Ops]], route: str) -> list[Ops]:
    return [ops for path, ops in told if path == route]


def test_requests_cost_what_the_computation_takes(told: list[tuple[str, Ops]]) -> None:
    plain, refreshing = of(told, "/exporters/{exporter}/run")
    assert plain == COUNTED["run"]
    assert set(of(told, "/acknowledge")) == {COUNTED["acknowledge"]}
    assert of(told, "/")[-1] == COUNTED["home"]
    # One call more as well: the one that was refused.
    assert (
        Ops(
            0,
            refreshing.reads - plain.reads,
            refreshing.writes - plain.writes,
            refreshing.secrets - plain.secrets,
        )
        == COUNTED["refresh"]
    )


def test_a_minute_in_which_nothing_is_due_costs_what_the_computation_takes() -> None:
    backend = Backend()
    counted = cast("MemoryRecords", CountedRecords(backend.records))
    office = dataclasses.replace(backend.exporters, records=counted)
    refresh = dataclasses.replace(backend.managed_refresh, exporters=office)
    refresh.tick()  # the first one ever looks back over a day
    backend.flows.clock.sleep(60)
    occasion = journal.begin(None, None)
    refresh.tick()
    told = occasion.counts()
    assert Ops(reads=told["reads"], writes=told["writes"]) == COUNTED["minute"]


def test_a_sweep_reads_each_consent_once() -> None:
    world = Flows()
    world.connected(ANA)
    consents = len(world.records.all("grants"))
    counted = cast("MemoryRecords", CountedRecords(world.records))
    occasion = journal.begin(None, None)
    dataclasses.replace(world.upkeep.keep_alive, records=counted).sweep()
    told = occasion.counts()
    assert (told["reads"], told.get("writes", 0)) == (consents * COUNTED["sweep"].reads, 0)


@pytest.mark.parametrize("page", ["docs/scale.md", "docs/deploy.md"])
def test_the_documents_show_the_table_as_it_is_computed(page: str) -> None:
    assert table() in (ROOT / page).read_text(), "make bench ARGS=scale prints it anew"


def test_the_page_about_scale_says_what_was_counted_and_where_the_walls_are() -> None:
    page = (ROOT / "docs/scale.md").read_text()
    assert wall_table() in page
    for ops in COUNTED.values():
        assert f"| {ops.calls} | {ops.reads} | {ops.writes} | {ops.secrets} |" in page
    rows = [row.split("\t") for row in (ROOT / "deploy/functions.tsv").read_text().splitlines()]
    (export,) = [row for row in rows if row[0] == "export"]
    assert int(export[4]) * int(export[6]) == scale.IN_FLIGHT


def test_what_is_free_at_intuit_is_free_and_then_it_outweighs_all_else() -> None:
    assert month(1_000, envelopes=False)["Intuit"] == 0
    most = month(100_000, envelopes=True)
    assert most["Intuit"] == 1_700
    assert most["Intuit"] > max(most["Firestore"], most["functions"])


def test_a_secret_for_each_grant_is_what_costs_with_many() -> None:
    apart, sealed = (month(100_000, envelopes=each) for each in (False, True))
    # Two versions at six cents, and the readings.
    assert apart["Secret Manager"] == Decimal(100_000) * (
        2 * scale.PER_VERSION + 120 * scale.PER_ACCESS
    )
    assert sealed["Secret Manager"] == 0
    assert sum(apart.values()) > sum(sealed.values()) + 10_000
