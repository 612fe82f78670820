"""Which columns an export has, in which order."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.addon.sidebar_window import (
    Show,
    form,
    press,
    requested,
    show,
    window,
)
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]


def test_columns_are_searched_picked_and_kept_in_order(show: Show) -> None:
    page = form(show)
    page.locator("#columns").click()
    expect(page.get_by_role("heading", name="Invoices: Columns")).to_be_focused()
    expect(page.locator("#columns-count")).to_have_text("12 of 20 chosen")
    expect(page.get_by_role("checkbox", name="Id always there")).to_be_disabled()
    page.get_by_label("Find a column").fill("addr")
    expect(page.locator("#column-list li:visible")).to_have_count(2)
    page.get_by_label("Ship-to address").check()
    page.get_by_label("Find a column").fill("zzz")
    expect(page.get_by_text("No column is called that.")).to_be_visible()
    page.get_by_label("Find a column").fill("")
    page.get_by_role("checkbox", name="Number").uncheck()
    press(page, "Done")
    expect(page.locator("#columns")).to_contain_text("12 of 20")
    expect(page.locator("#columns")).to_be_focused()
    columns = requested(page)["options"]["columns"]
    assert columns == ["c0", *[f"c{i}" for i in range(2, 13)]]


def test_columns_are_put_in_order_by_keys_or_by_dragging(show: Show) -> None:
    page = form(show)
    page.locator("#columns").click()
    page.get_by_label("Put in order").check()
    titles = page.locator("#column-order li")
    assert titles.all_inner_texts()[:2] == ["Id\nalways there", "Number\n⋮⋮"]
    grip = page.get_by_role("button", name="Move Number")
    grip.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(grip).to_be_focused()
    expect(page.locator("#column-moved")).to_have_text("Number: column 4 of 12")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")  # the key of the rows stays first
    expect(page.locator("#column-moved")).to_have_text("Number: column 2 of 12")
    page.keyboard.press("End")
    dragged, onto = page.locator("[data-key=c4] .grip"), page.locator("[data-key=c2]")
    start, end = dragged.bounding_box(), onto.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, end["y"] + 8, steps=4)
    page.mouse.up()
    page.get_by_label("Choose", exact=True).check()
    page.get_by_label("Ship-to address").check()  # a later one comes last
    press(page, "Done")
    columns = requested(page)["options"]["columns"]
    assert columns == ["c0", "c4", "c2", "c3", *[f"c{i}" for i in range(5, 12)], "c1", "c12"]


def test_all_columns_and_the_defaults_are_one_press_each(show: Show) -> None:
    page = form(show)
    page.locator("#columns").click()
    press(page, "All")
    expect(page.locator("#columns-count")).to_have_text("20 of 20 chosen")
    press(page, "Defaults")
    expect(page.locator("#columns-count")).to_have_text("12 of 20 chosen")
    press(page, "Back")
    assert requested(page)["options"]["columns"] is None


def test_a_row_can_be_a_line_with_columns_of_its_own(show: Show) -> None:
    page = form(show)
    choose_what(page, "Payments")
    expect(page.locator("#headers")).to_have_count(0)
    expect(page.locator("#columns")).to_contain_text("2 of 3")
    page.get_by_label("One row for each").select_option("line")
    expect(page.locator("#rows")).to_be_focused()
    expect(page.locator("#columns")).to_contain_text("3 of 6")
    page.get_by_label("What a transaction has once").select_option("once")
    page.get_by_label("Bundles").select_option("group")
    page.locator("#columns").click()
    page.get_by_role("checkbox", name="Rate").check()
    press(page, "Done")
    options = requested(page)["options"]
    assert options["columns"] == ["row_id", "id", "line_item", "line_rate"]
    assert [options[name] for name in ("rows", "headers", "bundles")] == ["line", "once", "group"]
    assert "sensitive" not in options


def test_a_secret_is_chosen_after_a_sentence_and_never_with_all(show: Show) -> None:
    page = form(show)
    choose_what(page, "Payments")
    page.locator("#columns").click()
    card = page.get_by_role("checkbox", name="Card number secret")
    expect(card).to_be_disabled()
    press(page, "All")
    expect(page.locator("#columns-count")).to_have_text("2 of 3 chosen")
    page.get_by_label("Whoever can open this spreadsheet will see them").check()
    card.check()
    press(page, "Done")
    options = requested(page)["options"]
    assert (options["columns"], options["sensitive"]) == (["id", "memo", "card"], True)


def test_custom_fields_that_a_preview_met_are_offered_by_their_names(show: Show) -> None:
    fields = [
        {"key": "c1", "title": "Crew # (1)"},
        {"key": "custom_31000000017", "title": "Building site (31000000017)"},
        {"key": "line_custom_7", "title": "Line: Shelf (7)"},
    ]
    seen = {"columns": ["Id"], "rows": [["1"]], "more": False, "note": "", "looked": 0}
    page = form(show, {"preview": seen | {"fields": fields}})
    press(page, "Preview")
    press(page, "Done")
    page.locator("#columns").click()
    expect(page.locator("#columns-count")).to_have_text("12 of 21 chosen")
    expect(page.get_by_role("checkbox", name="Crew # (1)")).to_be_checked()
    page.get_by_role("checkbox", name="Building site (31000000017)").check()
    press(page, "Done")
    columns = requested(page)["options"]["columns"]
    assert columns == [*[f"c{i}" for i in range(12)], "custom_31000000017"]
