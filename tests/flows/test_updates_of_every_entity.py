"""An update of each entity that nobody changed is one call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.core.changes import WITHOUT_CDC
from counterfoil.core.datasets import Entity
from counterfoil.flows.updates import ALONE
from sandbox.google.server import GoogleSandbox
from sandbox.intuit.companies import demo_books
from sandbox.intuit.server import IntuitSandbox
from tests.flows.export_fakes import REALM
from tests.flows.updating import kinds, made, noon


@pytest.fixture(scope="module")
def demo() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(noon(), demo_books()) as running:
        yield running


BY_RECORD = [(entity, dict[str, str]()) for entity in catalog.ENTITIES]


BY_LINE = [(it, {"rows": "line", "headers": "once"}) for it in catalog.ENTITIES if it.lines]


@pytest.mark.parametrize(
    ("entity", "options"),
    BY_RECORD + BY_LINE,
    ids=[f"{entity.key} {options.get('rows', '')}" for entity, options in BY_RECORD + BY_LINE],
)
def test_every_entity_that_nobody_changed_stays_as_it_is(
    google: tuple[GoogleSandbox, Any],
    demo: IntuitSandbox,
    entity: Entity,
    options: dict[str, str],
) -> None:
    company = demo.books.company(REALM)  # type: ignore[attr-defined]
    table = made(google, demo, company, entity.key, **options)
    before = table.rows()
    with table.calls() as calls:
        step = table.refresh()
    assert (table.rows(), table.seen) == (before, {})
    assert step.proof is not None
    if "list of changes" in step.proof.why:
        assert entity.entity in WITHOUT_CDC | ALONE
    else:
        assert kinds(calls) == ["cdc"]
