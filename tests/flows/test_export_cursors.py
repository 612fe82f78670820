"""Steps after the first: whose they are, how long they live, that they can be repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from counterfoil import catalog
from counterfoil.core.errors import (
    CursorExpired,
    NotFound,
)
from counterfoil.core.people import Role, Sheet, User
from tests.flows.export_fakes import (
    ANA,
    BEN,
    OTHER_SHEET,
    SHEET,
    SMALL,
    FakeQuickBooks,
    Grid,
    World,
    invoices,
    nothing_asked,
    start,
)


def begun(world: World) -> str:
    cursor = start(world).cursor
    assert cursor is not None
    return cursor


def test_a_repeated_step_fills_the_same_cells_and_leads_to_the_same_end() -> None:
    world = World(FakeQuickBooks(invoices(55)), SMALL)
    grid, step = Grid(), start(world)
    grid.apply(step)
    while step.cursor is not None:
        once = world.exports.resume(ANA, SHEET, step.cursor)
        again = world.exports.resume(ANA, SHEET, step.cursor)
        assert once.operations == again.operations
        grid.apply(again)
        step = again
    assert grid.block is not None
    assert len(grid.block) == 56


def tampered(cursor: str) -> Iterator[str]:
    yield ""
    yield "x"
    yield cursor[:-1]
    yield cursor + "A"
    for place in (3, len(cursor) // 2, len(cursor) - 2):
        yield cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
    yield "v1.00000000.AAAA"
    yield "é" * 50


def test_a_cursor_that_was_tampered_with_is_not_found() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    for text in tampered(cursor):
        with nothing_asked(world), pytest.raises(NotFound):
            world.exports.resume(ANA, SHEET, text)


@pytest.mark.parametrize(("user", "sheet"), [(BEN, SHEET), (ANA, OTHER_SHEET)])
def test_a_foreign_cursor_is_not_found(user: User, sheet: Sheet) -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    world.connections.roles[BEN.sub] = Role.OWNER
    cursor = begun(world)
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.resume(user, sheet, cursor)


def test_a_cursor_lives_for_two_hours() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    world.time.seconds += 7199
    assert world.exports.resume(ANA, SHEET, cursor).proof is not None
    world.time.seconds += 1
    with nothing_asked(world), pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, cursor)


def test_membership_is_checked_again_at_every_step() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    world.connections.roles.clear()
    with nothing_asked(world), pytest.raises(NotFound):
        world.exports.resume(ANA, SHEET, cursor)


def test_a_run_that_is_over_cannot_be_resumed() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    first = start(world)
    world.exports.acknowledge(ANA, SHEET, first.run_id, applied=False, code="formula_in_block")
    assert first.cursor is not None
    with nothing_asked(world), pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, first.cursor)


def test_a_cursor_of_an_older_catalog_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    cursor = begun(world)
    monkeypatch.setattr(catalog, "VERSION", "another")
    with nothing_asked(world), pytest.raises(CursorExpired):
        world.exports.resume(ANA, SHEET, cursor)


@pytest.mark.parametrize("changed", [{"fence": None}, {"not_any_more": 1}])
def test_a_cursor_that_another_deployment_sealed_has_expired(
    changed: dict[str, int | None],
) -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    first = start(world)
    assert first.cursor is not None
    sealer = world.exports.sealer
    bound = json.dumps(["cursor", ANA.sub, SHEET.digest])
    held = json.loads(sealer.open(first.cursor, bound_to=bound)) | changed
    kept = {name: value for name, value in held.items() if (name, value) != ("fence", None)}
    older = sealer.seal(json.dumps(kept).encode(), bound_to=bound)
    with nothing_asked(world), pytest.raises(CursorExpired) as refused:
        world.exports.resume(ANA, SHEET, older)
    assert refused.value.details["ended"] is True
    assert refused.value.details["run_id"] == first.run_id
    assert str(refused.value) == "Counterfoil was updated during this run. Please export again."


def test_a_cursor_shows_nothing_of_the_company() -> None:
    world = World(FakeQuickBooks(invoices(35)), SMALL)
    assert "00001" not in begun(world)
    assert "cursor" not in repr(start(world))
