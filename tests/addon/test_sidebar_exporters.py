"""The menu of a saved export: renamed, duplicated, adopted, deleted."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.addon.sidebar_window import HOSTILE, Show, calls, in_view, press, show, trouble, window
from tests.addon.stub_page import LAST
from tests.addon.test_sidebar_companies import ACME, HERS, HOME2, LEFT, does, done
from tests.chromium import browser

__all__ = ["browser", "show", "window"]

ANSWERS = {
    "home": HOME2,
    **{
        name: {"ok": True}
        for name in ("renameExporter", "duplicateExporter", "deleteExporter", "adoptExporter")
    },
}


def test_a_saved_name_is_the_title(show: Show) -> None:
    page = show(ANSWERS)
    expect(page.locator("#exports")).to_contain_text("Bills by due date")


def test_an_export_is_renamed_by_the_revision_that_was_seen(show: Show) -> None:
    page = show(ANSWERS)
    does(page, "Rename…", "Open invoices")
    field = page.get_by_label("Name")
    expect(field).to_have_value("Open invoices")
    field.fill("Unpaid")
    page.keyboard.press("Enter")
    done(page, "It is called Unpaid now.")
    assert calls(page, "renameExporter") == [["exp_open", 3, "Unpaid"]]


def test_a_rename_that_lost_against_somebody_elses_says_so(show: Show) -> None:
    lost = trouble("exporter_changed", "Somebody saved this export since you opened it.")
    page = show(ANSWERS | {"renameExporter": lost})
    does(page, "Rename…", "Open invoices")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_have_text(
        "Somebody saved this export since you opened it."
    )


def test_a_duplicate_is_named_after_the_first(show: Show) -> None:
    page = show(ANSWERS)
    does(page, "Duplicate", "Open invoices")
    done(page, "Open invoices (copy) is there. Its first run makes its table.")
    assert calls(page, "duplicateExporter") == [["exp_open", "Open invoices (copy)"]]


def test_a_duplicate_that_is_refused_leaves_the_list_with_the_reason(show: Show) -> None:
    page = show(ANSWERS | {"duplicateExporter": trouble("forbidden", "Ask an owner.")})
    does(page, "Duplicate", "Open invoices")
    expect(page.get_by_role("alert").first).to_have_text("Ask an owner.")
    in_view(page, "exports")


def test_deleting_an_export_says_that_its_table_stays(show: Show) -> None:
    page = show(ANSWERS)
    does(page, "Delete…", "Open invoices")
    expect(page.get_by_role("heading", name="Delete Open invoices?")).to_be_focused()
    expect(page.get_by_text("The table in the tab Open invoices stays as it is.")).to_be_visible()
    press(page, "Keep it")
    in_view(page, "exports")
    expect(page.get_by_role("button", name="More for Open invoices")).to_be_focused()
    does(page, "Delete…", "Open invoices")
    press(page, "Delete export")
    done(page, "Open invoices is deleted.")
    expect(page.get_by_role("heading", name="Exports of this sheet")).to_be_focused()
    assert calls(page, "deleteExporter") == [["exp_open", "CF_open-invoices"]]


def test_an_export_whose_author_left_rests_until_it_is_adopted(show: Show) -> None:
    page = show(ANSWERS)
    left = page.locator("[data-exporter=exp_bills]")
    expect(left).to_contain_text("Resting")
    expect(left).to_contain_text("It rests until an editor adopts it.")
    expect(left.get_by_role("button", name="Run Bills by due date again")).to_have_count(0)
    press(page, "Adopt")
    expect(page.get_by_role("heading", name="Adopt Bills by due date?")).to_be_focused()
    expect(page.get_by_text("it reads with your rights")).to_be_visible()
    page.evaluate(f"window.server.home.exporters = {json.dumps([LEFT | {'paused': None}])}")
    press(page, "Adopt")
    done(page, "Bills by due date is yours now.")
    expect(page.get_by_role("button", name="Run Bills by due date again")).to_have_count(1)
    assert calls(page, "adoptExporter") == [["exp_bills"]]


def test_a_refresher_runs_what_is_there_and_changes_nothing(show: Show) -> None:
    ran = HERS | {"kind": "report"}
    home = HOME2 | {"connections": [ACME | {"role": "refresher"}], "exporters": [ran, LEFT]}
    page = show(ANSWERS | {"home": home, "runAgain": LAST})
    press(page, "More for Open invoices")
    expect(page.get_by_role("menuitem").filter(visible=True)).to_have_text(
        ["Insert a value…", "Copy to a new tab", "Take to another sheet…"]
    )
    press(page, "More for Open invoices")
    expect(page.locator("[data-exporter=exp_bills]")).to_contain_text("rests until an editor")
    expect(page.get_by_role("button", name="Adopt")).to_have_count(0)
    press(page, "Run Open invoices again")
    expect(page.get_by_text("In the sheet, read back")).to_be_visible()


def test_who_edits_only_one_of_its_companies_cannot_change_an_export_over_two(show: Show) -> None:
    both = HERS | {"connection_ids": ["con_acme", "con_birch"]}
    home = HOME2 | {"exporters": [both]}
    home["connections"] = [ACME, HOME2["connections"][1] | {"role": "refresher"}]
    page = show(ANSWERS | {"home": home})
    press(page, "More for Open invoices")
    expect(page.get_by_role("menuitem").filter(visible=True)).to_have_text(
        ["Copy to a new tab", "Take to another sheet…"]
    )


DOCUMENT = {"counterfoil": 1, "kind": "entity", "dataset": "invoices", "name": "Open invoices"}


def test_an_export_is_copied_as_text_for_another_sheet(show: Show) -> None:
    page = show(ANSWERS | {"exportDocument": {"document": DOCUMENT}})
    does(page, "Take to another sheet…", "Open invoices")
    expect(page.get_by_role("heading", name="Take it to another sheet")).to_be_focused()
    field = page.get_by_label("The export as text")
    assert json.loads(field.input_value()) == DOCUMENT
    press(page, "Copy")
    expect(page.locator("#document-copied")).not_to_be_empty()
    assert calls(page, "exportDocument") == [["exp_open"]]
    press(page, "Back")
    expect(page.get_by_role("button", name="More for Open invoices")).to_be_focused()
    press(page, "New export")
    in_view(page, "form")
    press(page, "Back")
    expect(page.get_by_role("button", name="New export")).to_be_focused()


def test_a_copied_export_is_added_for_a_company_that_one_may_edit(show: Show) -> None:
    none = trouble("no_document", "That is not an export of Counterfoil.")
    page = show(ANSWERS | {"importDocument": none})
    press(page, "Add a copied export…")
    press(page, "Add")
    expect(page.get_by_role("alert")).to_have_text("Paste the text of an export.")
    expect(page.get_by_label("The export as text")).to_be_focused()
    page.keyboard.type("hello")
    press(page, "Add")
    expect(page.get_by_role("alert")).to_have_text("That is not an export of Counterfoil.")
    page.evaluate("window.server.importDocument = {title: 'Open invoices'}")
    press(page, "Add")
    done(page, "Open invoices is added. Its first run makes its table.")
    assert calls(page, "importDocument") == [[["con_acme"], "hello"]] * 2


def test_a_copied_export_of_several_companies_asks_for_as_many(show: Show) -> None:
    birch = ACME | {"id": "con_birch", "name": "Birch Studio"}
    third = ACME | {"id": "con_cedar", "name": HOSTILE}
    home = HOME2 | {"connections": [ACME, birch, third]}
    made = {"title": "Open invoices", "left_out": ["Tax number", "Bank account"]}
    page = show(ANSWERS | {"home": home, "importDocument": made})
    press(page, "Add a copied export…")
    text = json.dumps(DOCUMENT | {"companies": 2})
    field = page.get_by_label("The export as text")
    field.fill(text)
    expect(page.get_by_role("group", name="From 2 companies")).to_be_visible()
    expect(page.get_by_label("From", exact=True)).to_have_count(0)
    page.get_by_label("Birch Studio").check()
    press(page, "Add")
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("It reads 2 companies. Choose as many.")
    expect(page.get_by_label("Acme Landscaping")).to_be_focused()
    for name in ("Acme Landscaping", HOSTILE):
        page.get_by_label(name).check()
    press(page, "Add")
    expect(alert).to_have_text("It reads 2 companies. Choose as many.")
    page.get_by_label(HOSTILE).uncheck()
    # Of an older version: it does not say how many.
    older = json.dumps(DOCUMENT | {"options": {"consolidate": {"currency": "USD"}}})
    field.fill(older)
    press(page, "Add")
    expect(alert).to_have_text("It reads several companies. Choose two or more.")
    field.fill(json.dumps(DOCUMENT | {"companies": 4}))
    press(page, "Add")
    expect(alert).to_contain_text("there are 3 of which you may make exports")
    field.fill(text)
    page.get_by_label("Birch Studio").check()
    page.get_by_label("Acme Landscaping").check()
    press(page, "Add")
    done(
        page,
        "Open invoices is added. Its first run makes its table. Secrets are not taken along. It "
        "comes without: Tax number, Bank account. An owner can choose them under “Edit…”.",
    )
    assert calls(page, "importDocument") == [[["con_acme", "con_birch"], text]]


def test_a_refresher_adds_nothing(show: Show) -> None:
    page = show(ANSWERS | {"home": HOME2 | {"connections": [ACME | {"role": "refresher"}]}})
    expect(page.get_by_role("button", name="Add a copied export…")).to_have_count(0)
