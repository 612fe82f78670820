"""Reports that only companies of France have, from the choices to the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.errors import BadRequest
from counterfoil.flows.steps import Step
from sandbox.intuit import acme
from sandbox.intuit.companies_api import ApiResponse
from tests.flows.consolidated_books import Group
from tests.flows.export_fakes import ANA, SHEET, Grid
from tests.flows.several_books import ACME
from tests.sandbox.book_answers import request

DAYS = {"start_date": "2025-01-01", "end_date": "2025-12-31"}
OF_FRANCE = {
    "general-ledger-fr": "general-ledger",
    "journal-fr": "journal",
    "trial-balance-fr": "trial-balance",
}


@pytest.fixture(scope="module", params=["as it was", "migrated"])
def france(request: pytest.FixtureRequest) -> Iterator[Group]:
    """Acme, as if it were there."""
    group = Group()
    company = group.quickbooks.books.company(acme.REALM_ID)
    company.profile = replace(company.profile, country="FR")
    company.new_reports = request.param == "migrated"
    group.companies.held[ACME] = replace(group.companies.held[ACME], country="FR")
    return group


def exported(group: Group, key: str, **options: Any) -> Step:
    return group.exports.start(
        ANA,
        SHEET,
        connection_id=ACME,
        dataset=catalog.report(key),
        options={"parameters": DAYS, **options},
        tab=None,
    )


def block(step: Step) -> list[list[Any]]:
    grid = Grid()
    grid.apply(step)
    assert grid.block is not None
    return grid.block


@pytest.mark.parametrize("layout", ["printed", "tidy"])
@pytest.mark.parametrize(("key", "base"), OF_FRANCE.items())
def test_a_report_of_france_is_read_as_the_one_that_all_have(
    france: Group, key: str, base: str, layout: str
) -> None:
    named = catalog.report(base).title, catalog.report(key).title
    there, own = (block(exported(france, each, layout=layout)) for each in (base, key))
    assert len(own) > 20
    assert own == [[named[1] if cell == named[0] else cell for cell in row] for row in there]


def test_its_trial_balance_is_proven(france: Group) -> None:
    proof = exported(france, "trial-balance-fr").proof
    assert proof is not None
    assert proof.verdict == "PASS"


@pytest.mark.parametrize("key", OF_FRANCE)
def test_a_company_elsewhere_has_none_of_them(key: str) -> None:
    group = Group()
    with pytest.raises(BadRequest):
        exported(group, key)
    assert not group.quickbooks.asked
    name = catalog.report(key).report
    answer: ApiResponse = group.quickbooks.books.handle(
        acme.REALM_ID, request("GET", f"reports/{name}", **DAYS)
    )
    assert answer.status == 400
