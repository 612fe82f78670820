"""What a refresh does with the rows that are there: chosen in the form, told at the end of a run."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.addon.saved_exports import ENTITY, edited, sent
from tests.addon.sidebar_window import Show, calls, form, press, show, window
from tests.addon.stub_page import CATALOG, LAST
from tests.addon.test_sidebar_saved_all import ALL
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

INVOICES, *OTHERS = CATALOG["entities"]
KEYED = INVOICES | {"columns": [INVOICES["columns"][0] | {"key": "id"}, *INVOICES["columns"][1:]]}
WITH_IDS = CATALOG | {"entities": [KEYED, *OTHERS]}
CHANGES = {
    "new": 12,
    "changed": 5,
    "removed": 1,
    "left": 2,
    "marked": 0,
    "closed": 3,
    "news": [["new", "105", "1003", "Amy <b>"], ["removed", "7", "0012", ""]],
}


def asked(page: Page) -> Any:
    return calls(page, "startExport")[-1][0]["options"]


def choosing(show: Show) -> Page:
    return form(show, {"startExport": LAST, "catalog": WITH_IDS})


def test_an_export_replaces_all_rows_unless_another_way_is_chosen(show: Show) -> None:
    page = choosing(show)
    expect(page.get_by_label("When it is refreshed")).to_have_value("replace")
    expect(page.get_by_label("Sort by")).to_be_visible()
    press(page, "Export")
    assert not asked(page).keys() & {"mode", "departed"}


@pytest.mark.parametrize(
    ("departed", "options"),
    [("move", {"mode": "update"}), ("keep", {"mode": "update", "departed": "keep"})],
)
def test_an_update_says_what_becomes_of_rows_that_are_no_more(
    show: Show, departed: str, options: dict[str, str]
) -> None:
    page = choosing(show)
    page.get_by_label("When it is refreshed").select_option("update")
    expect(page.get_by_label("When it is refreshed")).to_be_focused()
    expect(page.locator("#mode-hint")).to_contain_text("stays with it")
    page.get_by_label("Rows that are no more").select_option(departed)
    page.get_by_label("Sort by").select_option(index=2)
    press(page, "Export")
    found = asked(page)
    assert {name: found[name] for name in ("mode", "departed") if name in found} == options
    assert found["sort"]["descending"] is False


def test_only_new_rows_ask_nothing_of_departed_ones(show: Show) -> None:
    page = choosing(show)
    page.get_by_label("When it is refreshed").select_option("add")
    expect(page.get_by_label("Rows that are no more")).to_have_count(0)
    press(page, "Export")
    assert (asked(page)["mode"], "departed" in asked(page)) == ("add", False)


def test_a_list_without_ids_can_only_be_replaced(show: Show) -> None:
    page = form(show, {"startExport": LAST})
    expect(page.get_by_label("When it is refreshed")).to_have_count(0)


def test_a_saved_update_opens_and_is_saved_as_it_was(show: Show) -> None:
    options = {"columns": ["id", "c4"], "mode": "update", "departed": "mark"}
    page = edited(show, ENTITY | {"options": options}, catalog=WITH_IDS)
    expect(page.get_by_label("When it is refreshed")).to_have_value("update")
    expect(page.get_by_label("Rows that are no more")).to_have_value("mark")
    found = sent(page)[2]["options"]
    assert {name: found[name] for name in options} == options


def test_what_an_update_changed_is_told_with_a_short_list(show: Show) -> None:
    seen = LAST["seen"] | {"rows": 120, "changes": CHANGES}
    proof = LAST["proof"] | {"sent": 17, "counted": None, "rows": 120, "totals": []}
    page = form(show, {"startExport": LAST | {"seen": seen, "proof": proof}})
    press(page, "Export")
    expect(page.locator("#changes")).to_have_text(
        "12 new, 5 changed, 1 deleted in QuickBooks, 2 left the table, 3 of them dated in closed "
        "books."
    )
    assert page.locator("#news li").all_text_contents() == [
        "New 105 · 1003 · Amy <b>",
        "Deleted 7 · 0012",
    ]
    expect(page.get_by_text("and 18 more")).to_be_visible()
    expect(page.locator("#proof")).to_contain_text("Total in the sheet")


def test_an_update_of_what_nobody_changed_says_so(show: Show) -> None:
    nothing = {name: 0 for name in CHANGES if name != "news"} | {"news": []}
    page = form(show, {"startExport": LAST | {"seen": LAST["seen"] | {"changes": nothing}}})
    press(page, "Export")
    expect(page.locator("#changes")).to_have_text("Nothing changed.")


def test_what_a_replacement_changed_is_told_with_a_short_list(show: Show) -> None:
    news = [["new", "105", "Amy <b>"], ["changed", "12", "Bob"], ["gone", "7", "0012"]]
    changes = {"new": 12, "changed": 5, "gone": 1, "news": news}
    page = form(show, {"startExport": LAST | {"seen": LAST["seen"] | {"changes": changes}}})
    press(page, "Export")
    expect(page.locator("#changes")).to_have_text("12 new, 5 changed, 1 gone.")
    assert page.locator("#news li").all_text_contents() == [
        "New 105 · Amy <b>",
        "Changed 12 · Bob",
        "Gone 7 · 0012",
    ]
    expect(page.get_by_text("and 15 more")).to_be_visible()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"new": 0, "changed": 0, "gone": 0}, "Nothing changed."),
        ({"new": 2, "gone": 0}, "2 new."),
        (
            {"new": 0, "gone": 0},
            "No row is new or gone. The columns are others than before, so changes are not told.",
        ),
    ],
    ids=["same", "other columns", "other columns, same rows"],
)
def test_a_replacement_with_other_columns_does_not_say_that_nothing_changed(
    show: Show, changes: dict[str, int], told: str
) -> None:
    seen = LAST["seen"] | {"changes": changes | {"news": []}}
    proof = LAST["proof"] | {"totals": []}
    page = form(show, {"startExport": LAST | {"seen": seen, "proof": proof}})
    press(page, "Export")
    expect(page.locator("#changes")).to_have_text(told)
    assert "Total in the sheet" not in page.locator("#proof").inner_text()


def test_rows_that_may_stay_are_counted_by_the_sheet_alone(show: Show) -> None:
    proof = LAST["proof"] | {"rows": None}
    page = form(show, {"startExport": LAST | {"proof": proof}})
    press(page, "Export")
    expect(page.get_by_role("heading", name="12,480 rows")).to_be_visible()
    told = [line.locator("th, td").all_text_contents() for line in page.locator("#proof tr").all()]
    assert ["In the sheet, read back", "12,480"] in told
    assert not any("differs" in cell for line in told for cell in line)


def test_a_run_behind_another_of_the_same_press_is_told_of_its_call(show: Show) -> None:
    told = LAST | {"run_id": "run_first", "update": {"way": "changes", "shares": "yes"}}
    page = show({"home": ALL, "runAgain": told})
    press(page, "Refresh all")
    expect(page.get_by_role("heading", name="2 exports are refreshed")).to_be_focused()
    behind = [given[4] for given in calls(page, "runAgain")]
    assert behind == [
        {"together": ["exp_bills"], "after": None},
        {"together": [], "after": "run_first"},
    ]


def test_an_update_shows_the_totals_of_the_sheet_by_currency(show: Show) -> None:
    proof = LAST["proof"] | {"sent": 17, "counted": None, "rows": 120, "totals": []}
    totals = [
        {"title": "Total", "scale": 2, "sum": "123450", "currency": "USD"},
        {"title": "Total", "scale": 2, "sum": "-5", "currency": "EUR"},
    ]
    seen = {"rows": 120, "digest": True, "totals": totals, "changes": {"new": 1, "news": []}}
    page = form(show, {"startExport": LAST | {"proof": proof, "seen": seen}})
    press(page, "Export")
    told = page.locator("#proof").inner_text()
    assert "Total in the sheet, USD\t1,234.50" in told
    assert "Total in the sheet, EUR\t-0.05" in told
