"""What the form says of an export's size before it is run."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.addon.sidebar_window import FULL, Show, calls, press, show, trouble, window
from tests.chromium import browser, choose_what

__all__ = ["browser", "show", "window"]

FOUND = {"rows": 12480, "columns": 12, "cells": 149772, "calls": 15}
TOO_LARGE = "Invoices would be 90,000 rows of 12 columns, 1,080,012 cells; one export may have …"


def form(show: Show, estimate: object) -> Page:
    page = show({"home": FULL, "estimate": estimate})
    press(page, "New export")
    return page


def test_quickbooks_is_asked_only_when_the_person_asks(show: Show) -> None:
    page = form(show, FOUND)
    expect(page.locator("#estimate")).to_have_text("How many rows? (asks QuickBooks once)")
    assert calls(page, "estimate") == []
    press(page, "How many rows?")
    expect(page.locator("#estimate")).to_have_text("about 15 calls · 12,480 rows")
    ((asked,),) = calls(page, "estimate")
    assert (asked["dataset"], asked["connection_id"]) == ("invoices", "con_acme")


def test_other_choices_have_another_size_and_the_same_ones_are_not_asked_again(show: Show) -> None:
    page = form(show, FOUND)
    press(page, "How many rows?")
    expect(page.locator("#estimate")).to_have_text("about 15 calls · 12,480 rows")
    page.get_by_label("Dates").select_option("last_month")
    expect(page.locator("#estimate")).to_contain_text("How many rows?")
    page.get_by_label("Dates").select_option("all")
    expect(page.locator("#estimate")).to_have_text("about 15 calls · 12,480 rows")
    choose_what(page, "Profit and Loss")
    expect(page.locator("#estimate")).to_have_text("about 1 call")
    choose_what(page, "Customers")
    expect(page.locator("#estimate")).to_contain_text("How many rows?")
    assert len(calls(page, "estimate")) == 1


def test_one_row_and_one_call_are_called_so(show: Show) -> None:
    page = form(show, FOUND | {"rows": 1, "calls": 1})
    press(page, "How many rows?")
    expect(page.locator("#estimate")).to_have_text("about 1 call · 1 row")


def test_what_is_above_the_cap_is_said_before_the_run(show: Show) -> None:
    page = form(show, trouble("export_too_large", TOO_LARGE))
    press(page, "How many rows?")
    expect(page.locator("#estimate")).to_have_text(TOO_LARGE)
    expect(page.locator("#estimate .error")).to_have_count(1)


def test_trouble_that_passes_is_not_remembered(show: Show) -> None:
    page = form(show, trouble("quickbooks_busy", "QuickBooks asks for a pause.", retryable=True))
    press(page, "How many rows?")
    expect(page.locator("#estimate")).to_have_text(re.compile("asks for a pause"))
    page.get_by_label("Dates").select_option("last_month")
    page.get_by_label("Dates").select_option("all")
    expect(page.locator("#estimate")).to_contain_text("How many rows?")
