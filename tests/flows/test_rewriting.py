"""Read, change, write unless somebody came between, else again: so often and no more."""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from counterfoil.core.errors import ConnectionBusy, ServiceUnavailable
from counterfoil.core.stores import Document
from counterfoil.flows.rewriting import rewritten, rounds, written
from tests.fakes import MemoryRecords

PACKAGE = pathlib.Path(__file__).resolve().parents[2] / "functions/counterfoil"


def plus_one(data: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {"count": (data or {"count": 0})["count"] + 1}


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def others_write(records: MemoryRecords, times: int, of: Callable[[], None]) -> list[int]:
    """Somebody is quicker in the next so many writes; how many of ours began."""
    began: list[int] = []

    def between(collection: str, id: str) -> None:
        records.before_write = lambda collection, id: None
        began.append(len(began) + 1)
        if len(began) <= times:
            of()
        records.before_write = between

    records.before_write = between
    return began


def kept(records: MemoryRecords) -> Document | None:
    return records.get("things", "one")


def somebody_counts(records: MemoryRecords) -> None:
    held = kept(records)
    assert held is not None
    records.replace(held, plus_one(held.data))


def test_a_change_is_made_to_what_is_there_and_not_to_what_was_seen(
    records: MemoryRecords,
) -> None:
    seen = records.create("things", "one", {"count": 1})
    others_write(records, 7, lambda: somebody_counts(records))
    after = rewritten(records, seen, plus_one)
    assert after is not None
    assert after.data == {"count": 9}


def test_who_meets_somebody_every_time_is_told_to_try_again(records: MemoryRecords) -> None:
    seen = records.create("things", "one", {"count": 1})
    began = others_write(records, 1000, lambda: somebody_counts(records))
    with pytest.raises(ServiceUnavailable) as met:
        rewritten(records, seen, plus_one)
    assert met.value.retryable
    assert met.value.message == "Others are changing the same thing just now. Please try again."
    assert began == [1, 2, 3, 4, 5, 6, 7, 8]


def test_nothing_is_written_where_nothing_changes_or_nothing_is(records: MemoryRecords) -> None:
    seen = records.create("things", "one", {"count": 1})
    assert rewritten(records, seen, lambda data: None) == seen
    assert rewritten(records, None, plus_one) is None
    others_write(records, 1, lambda: records.delete("things", "one"))
    assert rewritten(records, seen, plus_one) is None
    assert kept(records) is None


def test_a_record_is_made_where_there_is_none(records: MemoryRecords) -> None:
    assert written(records, "things", "one", plus_one).data == {"count": 1}
    assert written(records, "things", "one", plus_one).data == {"count": 2}


def test_two_who_make_it_both_count(records: MemoryRecords) -> None:
    others_write(records, 1, lambda: void(records.create("things", "one", {"count": 1})))
    assert written(records, "things", "one", plus_one).data == {"count": 2}


def test_one_that_comes_and_goes_ends_as_well(records: MemoryRecords) -> None:
    def comes_or_goes() -> None:
        if kept(records) is None:
            records.create("things", "one", {"count": 1})
        else:
            records.delete("things", "one")

    began = others_write(records, 1000, comes_or_goes)
    with pytest.raises(ConnectionBusy):
        written(records, "things", "one", plus_one, lambda: ConnectionBusy("Again, please."))
    assert len(began) == 8


def test_rounds_end_by_raising() -> None:
    going = rounds()
    assert [next(going) for _ in range(8)] == [0, 1, 2, 3, 4, 5, 6, 7]
    with pytest.raises(ServiceUnavailable):
        next(going)


def void(document: Document) -> None:
    """Only that it is there counts."""


# Nowhere else


def endless(source: str) -> list[int]:
    """The lines of loops that go on until a record stays as it was, however long that takes."""
    return [
        loop.lineno
        for loop in ast.walk(ast.parse(source))
        if isinstance(loop, ast.While)
        for within in ast.walk(loop)
        if isinstance(within, ast.ExceptHandler | ast.withitem)
        and re.search(r"\bChanged\b", ast.unparse(getattr(within, "type", None) or within))
    ]


def test_no_loop_of_the_package_waits_without_an_end_for_a_record_to_stay_unchanged() -> None:
    found = {path.name: endless(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}
    assert len(found) > 100
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n try:\n  put()\n except Changed:\n  continue",
        "while held is not None:\n with suppress(Changed):\n  put()",
        "while True:\n try:\n  put()\n except (AlreadyThere, stores.Changed):\n  held = get()",
    ],
)
def test_such_a_loop_is_seen(loop: str) -> None:
    assert endless(f"import x\n{loop}\n") == [2]
    assert endless(loop.replace(loop.partition(":")[0], "for _ in rounds()", 1)) == []
