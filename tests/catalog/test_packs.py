"""Starter packs are made of exports that anybody could choose."""

from __future__ import annotations

from datetime import date

import pytest

from counterfoil import catalog
from counterfoil.catalog.packs import PACKS, Pack
from counterfoil.flows.choices import checked

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.key)
def test_each_export_can_be_chosen_and_has_a_tab_of_its_own(pack: Pack) -> None:
    for export in pack.exports:
        find = catalog.entity if export.kind == "entities" else catalog.report
        dataset = find(export.dataset)
        checked(dataset, export.options, TODAY)
        assert not getattr(dataset, "only_in", ()), "offered everywhere"
    assert len({export.tab for export in pack.exports}) == len(pack.exports)


def test_the_forms_tell_of_the_three_packs() -> None:
    told = {pack["title"]: len(pack["exports"]) for pack in catalog.forms()["packs"]}
    assert told == {"Month-end": 5, "Sales": 4, "Spending": 4}
