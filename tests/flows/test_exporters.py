"""The exporters of a spreadsheet."""

from __future__ import annotations

from datetime import timedelta

from counterfoil.core.operations import BLOCK_NAME
from counterfoil.flows.exporter_records import Contents
from counterfoil.flows.exporters import Exporters
from tests.flows.export_fakes import ANA, CONNECTION, OTHER_SHEET, SHEET, FakeQuickBooks, World


def test_the_newest_of_very_many_exporters_stands_first() -> None:
    world = World(FakeQuickBooks())
    exporters = Exporters(world.records, world.exports.sealer, world.time.now)
    made = []
    for number in range(450):
        world.time.seconds = timedelta(minutes=number).total_seconds()
        exporter = exporters.create(
            ANA,
            OTHER_SHEET if number % 50 == 7 else SHEET,
            Contents("entity", "invoices", (CONNECTION,), {}, "Invoices"),
        )
        if number % 50 != 7:
            made.append(exporter.id)
    assert [listed.id for listed in exporters.in_sheet(SHEET)] == made[::-1]
    # Both writers know tables by such names, and nothing else as one.
    assert all(BLOCK_NAME.fullmatch(each.block) for each in exporters.in_sheet(SHEET))
