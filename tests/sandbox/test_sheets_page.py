"""The page that stands in for Google Sheets: menus, sidebar, grid, and who is looking."""

from __future__ import annotations

import json
import pathlib
import shutil
from typing import Any

import google.auth.jwt
import pytest
from playwright.sync_api import expect

from sandbox.google.a1 import Rect
from tests.sandbox.scripted_page import ADDON, CallFailed, Pages, ScriptedPage


@pytest.fixture
def sheet(scripted_pages: Pages) -> ScriptedPage:
    sheet = scripted_pages()
    sheet.open()
    return sheet


@pytest.fixture
def addon(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the fixture add-on, to be changed."""
    return pathlib.Path(shutil.copytree(ADDON, tmp_path / "addon"))


def rewrite_manifest(addon: pathlib.Path, **changes: Any) -> None:
    path = addon / "appsscript.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def menu_captions(sheet: ScriptedPage) -> list[str]:
    sheet.page.get_by_role("menuitem", name="Extensions").click()
    sheet.page.get_by_role("menuitem", name="Counterfoil").click()
    captions = sheet.page.locator(".menu .menu").get_by_role("menuitem").all_inner_texts()
    sheet.page.keyboard.press("Escape")
    sheet.page.keyboard.press("Escape")
    return captions


# Authorisation


def test_on_open_runs_without_rights_until_somebody_has_used_the_add_on(sheet):
    assert "Started as NONE" in menu_captions(sheet)
    sheet.open_panel()
    sheet.open("ben@example.com")
    assert "Started as LIMITED" in menu_captions(sheet)


def test_a_service_call_in_global_code_leaves_a_menu_with_nothing_but_help(scripted_pages, addon):
    sheet = scripted_pages(addon)
    for call in (
        "SpreadsheetApp.getActiveSpreadsheet()",
        "PropertiesService.getDocumentProperties()",
        "UrlFetchApp.fetch('http://127.0.0.1/')",
        "LockService.getDocumentLock()",
        "ScriptApp.getIdentityToken()",
        "Session.getEffectiveUser()",
    ):
        (addon / "Global.js").write_text(f"const early = {call};")
        sheet.open()
        assert menu_captions(sheet) == ["Help"]
        said = sheet.apps_script.console[-1].text
        assert f"You do not have permission to call {call.split('(')[0]}." in said


def test_a_limited_on_open_may_read_the_document_and_no_more(scripted_pages, addon):
    (addon / "Code.js").write_text(
        """
        function onOpen() {
          const menu = SpreadsheetApp.getUi().createAddonMenu();
          const tried = [
            () => SpreadsheetApp.getActive().getName(),
            () => PropertiesService.getUserProperties().getKeys().length,
            () => UrlFetchApp.fetch('http://127.0.0.1/'),
            () => ScriptApp.getIdentityToken(),
            () => SpreadsheetApp.getUi().showSidebar(HtmlService.createHtmlOutput('x')),
          ];
          for (const one of tried) {
            let said;
            try { said = one(); } catch (e) { said = e.message.split('. ')[0]; }
            menu.addItem(String(said), 'onOpen');
          }
          menu.addToUi();
        }
        """
    )
    sheet = scripted_pages(addon)
    sheet.apps_script.enabled.add(sheet.workbook.id)
    sheet.open()
    assert menu_captions(sheet) == [
        "Books",
        "0",
        "You do not have permission to call UrlFetchApp.fetch",
        "You do not have permission to call ScriptApp.getIdentityToken.",
        "You do not have permission to call Ui.showSidebar",
        "Help",
    ]


def test_a_service_needs_its_scope(scripted_pages, addon):
    sheet = scripted_pages(addon)
    sheet.open()
    sheet.open_panel()
    scopes = json.loads((addon / "appsscript.json").read_text())["oauthScopes"]
    for scope, method in (
        ("spreadsheets.currentonly", "SpreadsheetApp.getActive"),
        ("script.external_request", "UrlFetchApp.fetch"),
        ("userinfo.email", "Session.getActiveUser"),
        ("script.scriptapp", "ScriptApp.getUserTriggers"),
    ):
        rewrite_manifest(addon, oauthScopes=[one for one in scopes if not one.endswith(scope)])
        with pytest.raises(CallFailed) as refused:
            sheet.script(f"{method}(...args)", ["http://x/"] if "fetch" in method else [])
        words = f"You do not have permission to call {method}. Required permissions: "
        assert words in str(refused.value)
    rewrite_manifest(addon, oauthScopes=[one for one in scopes if one != "openid"])
    assert sheet.script("return ScriptApp.getIdentityToken()") is None


def test_switching_the_person_switches_identity_and_closes_the_sidebar(sheet):
    sheet.open_panel()
    seen = "return [Session.getEffectiveUser().getEmail(), ScriptApp.getIdentityToken()]"
    email, token = sheet.script(seen)
    assert (email, claims(token)["email"]) == ("ana@example.com", "ana@example.com")
    with sheet.page.expect_navigation():
        sheet.page.get_by_label("Signed in as").select_option("ben@example.com")
    expect(sheet.page.locator("iframe")).to_have_count(0)
    sheet.page.locator("[data-a1=A1]").wait_for()
    sheet.open_panel()
    email, token = sheet.script(seen)
    assert (email, claims(token)["email"]) == ("ben@example.com", "ben@example.com")


def claims(token: str) -> Any:
    return google.auth.jwt.decode(token, verify=False)


def test_an_exception_is_kept_only_where_the_manifest_logs_exceptions(scripted_pages, addon):
    sheet = scripted_pages(addon)
    sheet.open()
    sheet.open_panel()
    for logging, word in (("STACKDRIVER", "kept"), ("NONE", "lost")):
        rewrite_manifest(addon, exceptionLogging=logging)
        with pytest.raises(CallFailed, match=word):
            sheet.script(f"throw new Error('{word}')")
    said = [line.text for line in sheet.apps_script.console]
    assert [len([text for text in said if word in text]) for word in ("kept", "lost")] == [1, 0]


# Menu, sidebar, dialogs


def test_the_menu_works_by_keyboard_alone(sheet):
    keyboard = sheet.page.keyboard
    for _ in range(20):
        keyboard.press("Tab")
        if sheet.page.evaluate("document.activeElement.textContent") == "Extensions":
            break
    keyboard.press("Enter")
    expect(sheet.page.get_by_role("menuitem", name="Counterfoil")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(sheet.page.get_by_role("menuitem", name="Open panel")).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    panel = sheet.panel()
    # The focus is in the sidebar now: Tab goes through what it holds.
    panel.wait_for_function("document.hasFocus()")
    keyboard.press("Tab")
    assert panel.evaluate("document.activeElement.id") == "link"


def test_escape_leads_back_through_the_menus(sheet):
    keyboard = sheet.page.keyboard
    sheet.page.get_by_role("menuitem", name="Extensions").focus()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowRight")
    keyboard.press("End")
    keyboard.press("ArrowUp")
    keyboard.press("ArrowRight")
    expect(sheet.page.get_by_role("menuitem", name="Ask me")).to_be_focused()
    for name in ("More", "Counterfoil", "Extensions"):
        keyboard.press("Escape")
        expect(sheet.page.get_by_role("menuitem", name=name)).to_be_focused()
    expect(sheet.page.get_by_role("menu")).to_have_count(0)


def test_the_sidebar_is_300_pixels_wide_and_another_origin(sheet):
    panel = sheet.open_panel()
    box = sheet.page.locator("iframe[title=Panel]").bounding_box()
    assert (box["width"], panel.evaluate("innerWidth")) == (300, 300)
    reached = "(() => { try { return parent.document.title } catch (e) { return e.name } })()"
    assert panel.evaluate(reached) == "SecurityError"


def test_the_sidebar_opens_tabs_and_closes_itself(sheet):
    panel = sheet.open_panel()
    with sheet.page.context.expect_page() as opened:
        panel.locator("#popup").click()
    expect(opened.value.locator("body")).to_contain_text("ana@example.com")
    panel.locator("#editor").click()
    expect(sheet.page.get_by_role("grid")).to_be_focused()
    panel.locator("#close").click()
    expect(sheet.page.locator("iframe")).to_have_count(0)


def test_the_sidebar_cannot_navigate_the_page(sheet):
    panel = sheet.open_panel()
    panel.evaluate("try { top.location = '/identity/people' } catch (e) {}")
    expect(sheet.page.get_by_role("grid")).to_be_visible()


def test_an_alert_stops_the_script_until_it_is_answered(sheet):
    sheet.page.get_by_role("menuitem", name="Extensions").click()
    sheet.page.get_by_role("menuitem", name="Counterfoil").click()
    sheet.page.get_by_role("menuitem", name="More").click()
    sheet.page.get_by_role("menuitem", name="Ask me").click()
    dialog = sheet.page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Go on?")
    assert sheet.workbook.tabs[0].value(0, 0) == ""
    dialog.get_by_role("button", name="Yes").click()
    expect(sheet.page.locator("[data-a1=A1]")).to_have_text("answered YES")
    expect(sheet.page.get_by_role("status")).to_contain_text("Done with YES")


def test_an_error_in_a_menu_function_is_shown(scripted_pages, addon):
    (addon / "Broken.js").write_text("function openPanel() { throw new Error('Broken today'); }")
    (addon / "Code.js").write_text((addon / "Code.js").read_text().replace("openPanel()", "z()"))
    sheet = scripted_pages(addon)
    sheet.open()
    sheet.page.get_by_role("menuitem", name="Extensions").click()
    sheet.page.get_by_role("menuitem", name="Counterfoil").click()
    sheet.page.get_by_role("menuitem", name="Open panel").click()
    expect(sheet.page.get_by_role("alertdialog")).to_contain_text("Error: Broken today")


def test_closing_the_page_kills_what_runs_and_frees_its_lock(sheet):
    panel = sheet.open_panel()
    panel.evaluate("""google.script.run.script(`
        LockService.getDocumentLock().waitLock(1000);
        PropertiesService.getDocumentProperties().setProperty('held', 'yes');
        Utilities.sleep(60000);
        SpreadsheetApp.getActiveSheet().getRange('A1').setValue('must not happen');
    `)""")
    other = sheet.page.context.new_page()
    while sheet.apps_script.properties.read("document book-1") != {"held": "yes"}:
        other.wait_for_timeout(20)
    sheet.page.close(run_before_unload=True)
    sheet.page = other
    sheet.open()
    sheet.open_panel()
    assert sheet.script("return LockService.getDocumentLock().tryLock(10000)") is True
    assert sheet.workbook.tabs[0].value(0, 0) == ""


# The grid


def test_what_a_person_types_is_parsed_and_shown(sheet):
    page = sheet.page
    page.locator("[data-a1=B2]").click()
    page.keyboard.type("1/31/2026")
    page.keyboard.press("Enter")
    page.keyboard.type("=1+1")
    page.keyboard.press("Tab")
    page.locator("[data-a1=C5]").dblclick()
    page.keyboard.type("'007")
    page.keyboard.press("Enter")
    expect(page.locator("[data-a1=B2]")).to_have_text("2026-01-31")
    expect(page.locator("[data-a1=B3]")).to_have_text("2")
    expect(page.locator("[data-a1=C5]")).to_have_text("007")
    page.locator("[data-a1=B3]").click()
    expect(page.get_by_label("Formula bar")).to_have_value("=1+1")
    page.keyboard.press("Delete")
    expect(page.locator("[data-a1=B3]")).to_have_text("")
    assert sheet.workbook.tabs[0].value(4, 2) == "007"


def test_what_others_write_appears_by_itself(sheet):
    tab = sheet.workbook.tabs[0]
    tab.write(0, 0, [["Amount"], [1234.5]])
    tab.look(Rect(1, 0), pattern="#,##0.00;(#,##0.00)")
    tab.look(Rect(0, 0), bold=True)
    tab.note(0, 0, "Last refreshed today")
    head, amount = sheet.page.locator("[data-a1=A1]"), sheet.page.locator("[data-a1=A2]")
    expect(amount).to_have_text("1,234.50")
    expect(head).to_have_css("font-weight", "700")
    expect(head).to_have_attribute("title", "Last refreshed today")
    tab.write(2, 0, [["A text that runs over its neighbour"]])
    expect(sheet.page.locator("[data-a1=A3]")).to_have_text("A text that runs over its neighbour")
    sheet.page.locator("[data-a1=B3]").click()
    expect(sheet.page.get_by_label("Name box")).to_have_value("B3")


def test_tabs_come_and_go_and_hidden_ones_are_not_there(sheet):
    sheet.workbook.add_tab("Invoices").write(0, 0, [["in the other tab"]])
    sheet.workbook.add_tab("CF stage 1", hidden=True)
    tabs = sheet.page.get_by_role("tab")
    expect(tabs).to_have_text(["Sheet1", "Invoices"])
    sheet.page.get_by_role("tab", name="Invoices").click()
    expect(sheet.page.locator("[data-a1=A1]")).to_have_text("in the other tab")
    expect(sheet.page.get_by_role("tab", selected=True)).to_have_text("Invoices")
    sheet.workbook.delete_tab(sheet.workbook.tab("Invoices"))
    expect(tabs).to_have_text(["Sheet1"])
    sheet.page.get_by_role("button", name="Add sheet").click()
    expect(tabs).to_have_text(["Sheet1", "Sheet3"])


def test_a_tab_that_was_pressed_comes_though_the_one_before_is_drawn_again_meanwhile(sheet):
    sheet.workbook.add_tab("Second").write(0, 0, [["of the second"]])
    second = sheet.page.get_by_role("tab", name="Second")
    expect(second).to_be_visible()
    # As it is drawn when the sidebar opens beside it in that moment.
    drawn = "document.getElementById('grid').dispatchEvent(new Event('scroll'))"
    second.evaluate(f"(tab) => {{ tab.click(); {drawn}; }}")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(sheet.page.locator("[data-a1=A1]")).to_have_text("of the second")


def test_an_answer_about_the_tab_before_does_not_lead_back_to_it(sheet):
    before = sheet.workbook.tabs[0]
    sheet.workbook.add_tab("Second")
    second = sheet.page.get_by_role("tab", name="Second")
    expect(second).to_be_visible()
    slow = []
    sheet.page.route(
        "**/apps-script/grid?*",
        lambda route: route.continue_() if slow else slow.append(route),
    )
    with sheet.page.expect_request("**/apps-script/grid?*"):
        before.write(0, 0, [["news"]])
    with sheet.page.expect_response("**/apps-script/grid?*"):
        second.click()
    expect(second).to_have_attribute("aria-selected", "true")
    with sheet.page.expect_response("**/apps-script/grid?*"):
        slow[0].continue_()
    sheet.page.unroute("**/apps-script/grid?*")
    with sheet.page.expect_response("**/apps-script/grid?*"):
        sheet.workbook.tabs[1].write(0, 0, [["of the second"]])
    expect(sheet.page.locator("[data-a1=A1]")).to_have_text("of the second")


def test_frozen_rows_stay_while_the_rest_scrolls_far(sheet):
    tab = sheet.workbook.tabs[0]
    tab.append_rows(49_000)
    tab.freeze(rows=1)
    tab.write(0, 0, [["Header"]])
    tab.write(49_999, 25, [["the last cell"]])
    expect(sheet.page.locator("[data-a1=A1]")).to_have_text("Header")
    name = sheet.page.get_by_label("Name box")
    name.fill("Z50000")
    name.press("Enter")
    expect(sheet.page.locator("[data-a1=Z50000]")).to_have_text("the last cell")
    expect(sheet.page.get_by_label("Formula bar")).to_have_value("the last cell")
    sheet.page.keyboard.press("Home")
    expect(sheet.page.locator("[data-a1=A1]")).to_have_text("Header")
    expect(sheet.page.locator("[data-a1=A50000]")).to_be_visible()
