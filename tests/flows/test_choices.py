from __future__ import annotations

from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.datasets import Bundles, Entity, Headers, LineChoice
from counterfoil.core.errors import BadRequest, Forbidden
from counterfoil.core.people import Role
from counterfoil.flows.choices import allowed, chosen
from counterfoil.flows.chosen import EntityChoice, ReportChoice

BALANCE_SHEET = catalog.report("balance-sheet")
PROFIT_AND_LOSS = catalog.report("profit-and-loss")


def choice(report: Any, **parameters: str) -> ReportChoice:
    found = chosen(report, {"parameters": parameters})
    assert isinstance(found, ReportChoice)
    return found


def test_a_report_as_of_a_day_is_sent_with_both_dates_and_kept_with_the_one_chosen() -> None:
    found = choice(BALANCE_SHEET, end_date="2026-10-31", accounting_method="Cash")
    assert found.parameters == {
        "start_date": "2026-01-01",
        "end_date": "2026-10-31",
        "accounting_method": "Cash",
    }
    # What is kept can be given another day later, without a first day that is left behind.
    assert found.options == {
        "parameters": {"end_date": "2026-10-31", "accounting_method": "Cash"},
    }
    assert chosen(BALANCE_SHEET, found.options) == found


@pytest.mark.parametrize("start", [{}, {"start_date": "2026-02-01"}])
def test_its_period_is_a_day(start: dict[str, str]) -> None:
    assert choice(BALANCE_SHEET, end_date="2026-10-31", **start).period == "As of 2026-10-31"


def test_the_period_of_other_reports_is_a_range() -> None:
    found = choice(PROFIT_AND_LOSS, start_date="2026-01-01", end_date="2026-01-31")
    assert found.period == "2026-01-01 to 2026-01-31"
    assert found.parameters == found.options["parameters"]


def test_the_layout_of_a_report_is_kept_when_it_is_not_the_usual_one() -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    report = catalog.report("profit-and-loss")
    usual = chosen(report, {"parameters": days, "layout": "printed"})
    tidy = chosen(report, {"parameters": days, "layout": "tidy"})
    assert isinstance(usual, ReportChoice)
    assert isinstance(tidy, ReportChoice)
    assert (usual.shape.layout, usual.options) == ("printed", {"parameters": days})
    assert (tidy.shape.layout, tidy.options) == ("tidy", {"parameters": days, "layout": "tidy"})


@pytest.mark.parametrize(
    ("dataset", "layout", "why"),
    [
        (catalog.report("profit-and-loss"), "pretty", '"printed" or "tidy"'),
        (catalog.report("profit-and-loss"), ["tidy"], '"printed" or "tidy"'),
        (catalog.entity("invoices"), "tidy", "one layout only"),
    ],
)
def test_a_layout_that_is_none_is_refused(dataset: Any, layout: Any, why: str) -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    parameters = days if dataset.key == "profit-and-loss" else {}
    with pytest.raises(BadRequest, match=why):
        chosen(dataset, {"parameters": parameters, "layout": layout})


def test_only_a_report_as_a_table_has_a_row_above_its_column_titles_to_choose() -> None:
    days = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
    report, asked = catalog.report("profit-and-loss"), {"parameters": days, "title_row": True}
    tidy = chosen(report, asked | {"layout": "tidy"})
    assert isinstance(tidy, ReportChoice)
    assert (tidy.shape.titled, tidy.options) == (True, asked | {"layout": "tidy"})
    with pytest.raises(BadRequest, match="title rows of its own"):
        chosen(report, asked)


INVOICES = catalog.entity("invoices")


def entity_choice(**options: Any) -> EntityChoice:
    found = chosen(INVOICES, options)
    assert isinstance(found, EntityChoice)
    return found


def test_one_row_per_line_is_kept_with_its_choices() -> None:
    found = entity_choice(rows="line", headers="once", bundles="group")
    assert found.lines == LineChoice(Headers.ONCE, Bundles.GROUP)
    assert {name: found.options[name] for name in ("rows", "headers", "bundles")} == {
        "rows": "line",
        "headers": "once",
        "bundles": "group",
    }
    assert chosen(INVOICES, found.options) == found
    assert entity_choice(rows="line").lines == LineChoice(Headers.REPEAT, Bundles.CHILDREN)
    assert entity_choice(rows="transaction").lines is None
    assert "rows" not in entity_choice().options


def test_columns_of_lines_are_for_rows_of_lines() -> None:
    found = entity_choice(rows="line", columns=["line_item", "number", "id"])
    assert [column.key for column in found.columns] == ["row_id", "line_item", "number", "id"]
    with pytest.raises(BadRequest, match='no column "line_item"'):
        entity_choice(columns=["line_item"])


BELOW_IN_ORDER = {"rows": "line", "headers": "once", "sort": {"column": "row_id"}}


@pytest.mark.parametrize(
    ("key", "options", "message"),
    [
        ("invoices", {"rows": "both"}, '"rows" takes transaction, line'),
        ("invoices", {"rows": True}, '"rows" takes'),
        ("invoices", {"rows": "line", "bundles": "both"}, '"bundles" takes children, group'),
        ("invoices", {"rows": "line", "headers": ["once"]}, '"headers" takes repeat, once'),
        ("invoices", {"headers": "once"}, "for one row per line"),
        ("customers", {"rows": "line"}, "Customers have no lines"),
        ("invoices", BELOW_IN_ORDER, "Sorted rows come apart from the first line"),
    ],
)
def test_rows_that_there_are_not_cannot_be_chosen(
    key: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        chosen(catalog.entity(key), options)


SECRET = {"columns": ["id", "ssn"]}


def test_a_secret_of_a_person_is_chosen_after_a_sentence() -> None:
    employees = catalog.entity("employees")
    with pytest.raises(BadRequest, match="whoever can open this spreadsheet will see it"):
        chosen(employees, SECRET)
    found = chosen(employees, {**SECRET, "sensitive": True})
    assert found.options["sensitive"] is True
    assert chosen(employees, found.options) == found


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REFRESHER])
def test_and_only_by_an_owner(role: Role) -> None:
    found = chosen(catalog.entity("employees"), {**SECRET, "sensitive": True})
    allowed(found, Role.OWNER)
    with pytest.raises(Forbidden, match="Only an owner"):
        allowed(found, role)
    allowed(entity_choice(), role)
    allowed(choice(BALANCE_SHEET, end_date="2026-10-31"), role)


@pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)
def test_defaults_hold_no_secret(entity: Entity) -> None:
    for lines in [None, LineChoice()] if entity.lines else [None]:
        assert not any(column.sensitive for column in catalog.default_columns(entity, lines))
