"""Managed refresh, from the sidebar to the service account's own turn."""

from __future__ import annotations

from tests.browser.driver import Person
from tests.browser.managing import turns_it_on


def test_a_person_shares_the_spreadsheet_and_turns_managed_refresh_on(ana: Person):
    turns_it_on(ana)
    # The proof that she may edit was read and erased: nothing of it stays in the spreadsheet.
    keys = [item.key for item in ana.world.google.workbook.find_metadata()]
    assert keys
    assert all(key.startswith("counterfoil:CF_") for key in keys)
