"""Filters asked of the simulated QuickBooks, which refuses what the real one cannot filter by, and
the same ones found in its answers: both leave the same rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.catalog.filters import filters_of
from counterfoil.core.datasets import Entity
from counterfoil.core.filters import Kind
from counterfoil.flows import filtering
from sandbox.intuit.server import IntuitSandbox
from tests.flows.test_every_entity import Token, exported, sandbox, token
from tests.flows.test_filtering import _example

__all__ = ["sandbox", "token"]

ASKED = [
    (entity, each)
    for entity in catalog.ENTITIES
    for each in filters_of(entity)
    if each.asked or any(test.asked for state in each.states for test in state.tests)
]


def examples(each: Any) -> list[dict[str, Any]]:
    if each.kind is Kind.STATE:
        return [{"key": each.key, "is": state.key} for state in each.states]
    if each.kind is Kind.NAMES:
        return [{"key": each.key, "ids": ["1", "2", "3"]}]
    return [_example(each)]


def ids(
    sandbox: IntuitSandbox, token: Token, entity: Entity, filters: list[dict[str, Any]]
) -> list[Any]:
    grid, told = exported(sandbox, token, entity, columns=["id"], filters=filters)
    proof: Any = told["proof"]
    assert proof["verdict"] == "PASS"
    assert grid.block is not None
    return [row[0] for row in grid.block[1:]]


@pytest.mark.parametrize(
    ("entity", "each"), ASKED, ids=[f"{entity.key}-{each.key}" for entity, each in ASKED]
)
def test_what_is_asked_leaves_the_rows_that_would_be_found(
    sandbox: IntuitSandbox,
    token: Token,
    entity: Entity,
    each: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for one in examples(each):
        asked = ids(sandbox, token, entity, [one])
        if each.key == "active":
            continue  # without the question QuickBooks leaves inactive names out
        here = replace(
            each,
            asked=False,
            states=tuple(
                replace(state, tests=tuple(replace(test, asked=False) for test in state.tests))
                for state in each.states
            ),
        )
        with monkeypatch.context() as patched:
            patched.setattr(filtering, "filters_of", lambda _, here=here: (here,))
            assert ids(sandbox, token, entity, [one]) == asked


def test_open_invoices_of_a_customer_by_name_are_those_by_id(
    sandbox: IntuitSandbox, token: Token
) -> None:
    entity = catalog.entity("invoices")
    grid, _ = exported(sandbox, token, entity, columns=["customer", "customer_id"])
    assert grid.block is not None
    _, name, id = grid.block[1]
    open_ones = {"key": "status", "is": "open"}
    by_name = ids(
        sandbox, token, entity, [open_ones, {"key": "customer", "is": [str(name).upper()]}]
    )
    by_id = ids(sandbox, token, entity, [open_ones, {"key": "customer", "ids": [id]}])
    assert by_name == by_id
    assert by_name
