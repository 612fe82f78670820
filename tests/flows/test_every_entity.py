"""Every entity of the catalog comes out of the simulated QuickBooks, by record and by line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from counterfoil import catalog
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core.datasets import Entity
from sandbox.intuit.acme_opening import CUSTOM_FIELD
from sandbox.intuit.companies import demo_books
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import (
    ANA,
    CONNECTION,
    REALM,
    SHEET,
    FakeQuickBooks,
    Grid,
    World,
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(books=demo_books()) as running:
        yield running


class Token:
    def __init__(self, access: str) -> None:
        self.access = access

    def for_connection(self, connection_id: str) -> str:
        return self.access

    def after_refusal(self, connection_id: str, refused: str) -> str:
        raise AssertionError("the token is good")

    def after_read(self, connection_id: str, token: str) -> None:
        """Nothing was denied before."""


@pytest.fixture(scope="module")
def token(sandbox: IntuitSandbox) -> Token:
    return Token(sandbox.grant(REALM).access)


def exported(
    sandbox: IntuitSandbox, token: Token, entity: Entity, **options: object
) -> tuple[Grid, dict[str, object]]:
    world = World(FakeQuickBooks())
    world.quickbooks = QuickBooksApi(  # type: ignore[assignment]  # the real one fits the port
        sandbox.url, clock=world.time.now, sleep=world.time.sleep
    )
    world.tokens = token  # type: ignore[assignment]
    world.__post_init__()
    grid = Grid()
    step = world.exports.start(
        ANA, SHEET, connection_id=CONNECTION, dataset=entity, options=options, tab=None
    )
    return grid, grid.apply(step)


@pytest.mark.parametrize("entity", catalog.ENTITIES, ids=lambda entity: entity.key)
def test_every_entity_is_exported_with_all_its_columns(
    sandbox: IntuitSandbox, token: Token, entity: Entity
) -> None:
    keys = [column.key for column in entity.columns]
    grid, told = exported(sandbox, token, entity, columns=keys, sensitive=True)
    assert grid.block is not None
    header, *rows = grid.block
    titles = [column.title for column in entity.columns]
    if entity.key == "invoices":  # the one list here whose records carry a field of the company's
        titles[titles.index("Custom field 1")] = CUSTOM_FIELD
    assert header == titles
    assert len(rows) == len({row[0] for row in rows}) >= 1
    proof = told["proof"]
    assert isinstance(proof, dict)
    assert (proof["verdict"], proof["sent"]) == ("PASS", len(rows))
    assert "hidden" not in str(rows)


@pytest.mark.parametrize(
    "entity", [it for it in catalog.ENTITIES if it.lines], ids=lambda entity: entity.key
)
def test_every_transaction_is_exported_by_line_and_adds_up(
    sandbox: IntuitSandbox, token: Token, entity: Entity
) -> None:
    grid, told = exported(sandbox, token, entity, rows="line")
    assert grid.block is not None
    _, *rows = grid.block
    assert len(rows) == len({row[0] for row in rows}) >= 1
    proof = told["proof"]
    assert isinstance(proof, dict)
    assert (proof["verdict"], proof["rows"]) == ("PASS", len(rows))
    assert len({row[1] for row in rows}) == proof["sent"]
    assert "Left over" not in str(proof)


def test_numbers_of_bills_are_looked_up_once_for_all_that_were_paid(
    sandbox: IntuitSandbox, token: Token
) -> None:
    before = len(sandbox.calls.all("", REALM))
    grid, _ = exported(sandbox, token, catalog.entity("bill-payments"), rows="line")
    assert len(sandbox.calls.all("", REALM)) == before + 2
    assert grid.block is not None
    header, *rows = grid.block
    numbers = [row[header.index("Applied to number")] for row in rows]
    assert len(numbers) > 100
    assert all(str(number).startswith("INV-") for number in numbers)
