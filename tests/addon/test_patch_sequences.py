"""Both writers leave the same spreadsheet after any sequence of patches and of a person's edits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from counterfoil.adapters.google_sheets import SheetsWriter
from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox
from sandbox.google.state import grid_state
from tests.addon.test_operation_vectors import ZONE, Apply, addon, apply, automatic
from tests.direct_sheets import Line, client_of
from tests.patching import BLOCK, Books, Story, Turn, books, meddle, turns

__all__ = ["addon", "apply"]


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def spreadsheets(google: GoogleSandbox) -> Any:
    return client_of(Line(google.sheets))


# The backend's writer has many more examples of its own.
RENAMED = Turn("renames", {}, frozenset(), False)
WIDENED = Turn("puts a column in", {"1": ["1", "Ann", "", "none"]}, frozenset(), False)


@given(first=books(), then=turns(), number=st.uuids())
@example(first={}, then=[RENAMED, WIDENED], number="0")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_both_writers_leave_the_same_spreadsheet_after_any_sequence_of_patches(
    google: GoogleSandbox,
    spreadsheets: Any,
    apply: Apply,
    first: Books,
    then: list[Turn],
    number: Any,
) -> None:
    one, other = Workbook(time_zone=ZONE), Workbook(id=f"both-{number}", time_zone=ZONE)
    google.workbooks[one.id] = one
    writer = SheetsWriter(spreadsheets, one.id, retries=0)
    story, same = Story(), Story()
    told = [writer.apply(BLOCK, story.first(first))]
    assert [apply(other, same.first(first), BLOCK)] == told
    for turn in then:
        meddle(one, story, turn.person)
        meddle(other, same, turn.person)
        report = writer.apply(BLOCK, story.update(turn))
        assert report["applied"], report
        assert apply(other, same.update(turn), BLOCK) == report
        assert automatic(grid_state(other)) == automatic(grid_state(one))
