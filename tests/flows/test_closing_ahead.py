"""What changed is asked as soon as the last pages have come, be they decoded or not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.datasets import Column, Entity, LineChoice
from counterfoil.core.errors import QuickBooksRejected
from counterfoil.core.pages import Body, Page
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import ANA, CONNECTION, SHEET, FakeQuickBooks, World, invoices

LONG_S = 10.0  # only where it is never asked


class AskedMeanwhile:
    """A QuickBooks whose fourth and last page is decoded only once it was asked what changed."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.answered: list[str] = []
        self.books = FakeQuickBooks(invoices(20), behave=self.behave)
        self.world = World(self.books, Limits(page=5, in_flight=3))
        self.world.exports = replace(self.world.exports, page_reader=self.reader)

    def behave(self, call: str, number: int) -> None:
        if call.startswith("CDC"):
            self.asked.set()
        self.answered.append(call)

    def reader(
        self,
        entity: Entity,
        columns: Sequence[Column],
        zone: ZoneInfo,
        lines: LineChoice | None = None,
    ) -> Callable[[Body], Page]:
        read = page_reader(entity, columns, zone, lines)

        def reading(body: Body) -> Page:
            page = read(body)
            if page.ids[-1:] == ["20"]:
                assert self.asked.wait(LONG_S), "nobody asked what changed"
            return page

        return reading

    def start(self) -> Any:
        return self.world.exports.start(
            ANA,
            SHEET,
            connection_id=CONNECTION,
            dataset=catalog.entity("invoices"),
            options={},
            tab=None,
        )


def test_while_the_last_pages_are_decoded_quickbooks_tells_what_changed() -> None:
    scene = AskedMeanwhile()
    step = scene.start()
    assert step.proof is not None
    assert (step.proof.rows, step.calls) == (20, 6)
    assert scene.answered[-1].startswith("CDC")
    assert sum(call.startswith("CDC") for call in scene.answered) == 1


def test_nobody_asks_what_changed_where_a_page_was_refused() -> None:
    scene = AskedMeanwhile()

    def refused(call: str, number: int) -> QuickBooksRejected | None:
        scene.behave(call, number)
        if "STARTPOSITION 16" in call:
            return QuickBooksRejected("QuickBooks refused this query.", intuit_code="4000")
        return None

    scene.books.behave = refused
    with pytest.raises(QuickBooksRejected, match="refused this query"):
        scene.start()
    assert not scene.asked.is_set()
