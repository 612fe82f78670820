"""What flows may rely on in any store of records, shaped by what Firestore can do."""

from __future__ import annotations

import pathlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bench.custody_parts.quick_stores import QuickRecords
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.stores import AlreadyThere, Changed, Document, Write
from counterfoil.flows.ports import Records
from tests.fakes import MemoryRecords

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["memory", "quick", "sqlite", "firestore"])
def records(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[Records]:
    if request.param == "memory":
        yield MemoryRecords()
    elif request.param == "quick":
        yield QuickRecords()
    elif request.param == "sqlite":
        yield SqliteRecords(tmp_path / "records.sqlite")
    else:
        kept = request.getfixturevalue("firestore_emulator").records()
        yield kept
        kept.close()


def test_what_is_missing_is_none(records: Records) -> None:
    assert records.get("runs", "run_1") is None


def test_a_record_comes_back_as_it_was(records: Records) -> None:
    data: dict[str, Any] = {
        "text": "“Müller” 🧾 \x00 '); DROP TABLE records; --",
        "whole": -(2**63),
        "yes": True,
        "no": False,
        "nothing": None,
        "list": [1, "two", True, None, {"deep": [AT]}],
        "map": {"at": AT, "@time": "not a time", "@": 1, "empty": {}},
        "at": AT,
    }
    made = records.create("runs", "run_1", data)
    assert made.data == data
    held = records.get("runs", "run_1")
    assert held is not None
    assert held.data == data
    assert held == made
    assert type(held.data["yes"]) is bool
    assert held.data["at"].tzinfo is not None


def test_times_are_kept_as_moments(records: Records) -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=-8)))
    made = records.create("runs", "run_1", {"at": elsewhere})
    assert made.data["at"] == AT
    assert made.data["at"].utcoffset() == timedelta(0)


def test_what_was_read_is_a_copy(records: Records) -> None:
    data = {"list": [1]}
    made = records.create("runs", "run_1", data)
    data["list"].append(2)
    made.data["list"].append(3)
    held = records.get("runs", "run_1")
    assert held is not None
    assert held.data == {"list": [1]}


@pytest.mark.parametrize(
    "value",
    [1.5, 2**63, AT.replace(tzinfo=None), [[1]], {1: "a"}, b"bytes", {"a"}, "x" * 1_048_576],
    ids=["float", "65 bits", "no zone", "list in list", "key", "bytes", "set", "over 1 MiB"],
)
def test_what_firestore_could_not_hold_is_refused(records: Records, value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        records.create("runs", "run_1", {"value": value})
    assert records.get("runs", "run_1") is None


@pytest.mark.parametrize("id", ["", "a/b", ".", "..", "__x__", "x" * 1501])
def test_an_id_that_firestore_would_not_take_is_refused(records: Records, id: str) -> None:
    with pytest.raises(ValueError, match="record"):
        records.create("runs", id, {})
    with pytest.raises(ValueError, match="record"):
        records.get("runs", id)


def test_several_are_read_in_the_order_asked_for(records: Records) -> None:
    records.create("members", "a", {"n": 1})
    records.create("grants", "b", {"n": 2})
    found = records.get_all([("grants", "b"), ("grants", "a"), ("members", "a")])
    assert [each and (each.collection, each.id, each.data) for each in found] == [
        ("grants", "b", {"n": 2}),
        None,
        ("members", "a", {"n": 1}),
    ]
    assert found[0] == records.get("grants", "b")
    with pytest.raises(ValueError, match="record"):
        records.get_all([("grants", "b"), ("grants", "a/b")])


def test_several_are_written_together(records: Records) -> None:
    run = records.create("runs", "r", {"n": 1})
    made = records.write_all(
        [Write.over(run, {"n": 2, "at": AT}), Write("leases", "l", {"owner": ""})]
    )
    assert made == records.get_all([("runs", "r"), ("leases", "l")])
    assert made[0].version != run.version
    assert [each.data for each in made] == [{"n": 2, "at": AT}, {"owner": ""}]
    again = records.write_all([Write.over(each, {"n": 3}) for each in made])
    assert [each.data for each in again] == [{"n": 3}, {"n": 3}]


def test_of_several_writes_none_is_done_where_one_cannot(records: Records) -> None:
    run = records.create("runs", "r", {"n": 1})
    gone = records.create("runs", "gone", {"n": 1})
    records.delete("runs", "gone")
    newer = records.replace(run, {"n": 2})
    good = [Write.over(newer, {"n": 3}), Write("leases", "l", {})]
    for bad in (Write.over(run, {"n": 9}), Write.over(gone, {"n": 9}), Write("runs", "r", {})):
        rest = good if bad.id != "r" else good[1:]
        with pytest.raises(Changed):
            records.write_all([*rest, bad])
    with pytest.raises((ValueError, TypeError)):
        records.write_all([*good, Write("runs", "float", {"n": 1.5})])
    assert records.get_all([("runs", "r"), ("leases", "l"), ("runs", "gone")]) == [
        newer,
        None,
        None,
    ]


def test_only_the_first_creates(records: Records) -> None:
    records.create("realms", "1", {"connection_id": "con_a"})
    with pytest.raises(AlreadyThere):
        records.create("realms", "1", {"connection_id": "con_b"})
    held = records.get("realms", "1")
    assert held is not None
    assert held.data == {"connection_id": "con_a"}


def test_a_replace_needs_the_version_that_was_read(records: Records) -> None:
    made = records.create("runs", "run_1", {"n": 1})
    second = records.replace(made, {"n": 2})
    assert second.version != made.version
    with pytest.raises(Changed):
        records.replace(made, {"n": 3})
    held = records.get("runs", "run_1")
    assert held is not None
    assert held.data == {"n": 2}
    records.replace(held, {"m": 4})
    held = records.get("runs", "run_1")
    assert held is not None
    assert held.data == {"m": 4}  # nothing is merged


def test_the_same_data_again_is_another_version(records: Records) -> None:
    made = records.create("leases", "x", {"n": 1})
    assert records.replace(made, {"n": 1}).version != made.version


def test_a_record_that_was_made_anew_is_not_the_old_one(records: Records) -> None:
    made = records.create("states", "s", {"n": 1})
    records.delete("states", "s")
    records.create("states", "s", {"n": 1})
    with pytest.raises(Changed):
        records.replace(made, {"n": 2})
    with pytest.raises(Changed):
        records.delete("states", "s", version=made.version)


def test_a_record_that_is_gone_cannot_be_replaced(records: Records) -> None:
    made = records.create("states", "s", {})
    records.delete("states", "s")
    with pytest.raises(Changed):
        records.replace(made, {})
    assert records.get("states", "s") is None


def test_deleting_claims_only_with_the_version(records: Records) -> None:
    made = records.create("states", "s", {})
    records.delete("states", "s", version=made.version)
    with pytest.raises(Changed):
        records.delete("states", "s", version=made.version)
    records.delete("states", "s")


def test_find_matches_by_value_and_type_and_pages_by_id(records: Records) -> None:
    for number in range(5):
        records.create("members", f"m{number}", {"user": "ana", "n": 1, "flag": True})
    records.create("members", "m5", {"user": "ben", "n": 1, "flag": False})
    records.create("members", "m6", {"user": 1, "n": True, "flag": 1})
    records.create("others", "m7", {"user": "ana"})

    def ids(found: list[Document]) -> list[str]:
        return [document.id for document in found]

    first = records.find("members", {"user": "ana"}, limit=3)
    assert ids(first) == ["m0", "m1", "m2"]
    rest = records.find("members", {"user": "ana"}, limit=3, after=first[-1].id)
    assert ids(rest) == ["m3", "m4"]
    assert ids(records.find("members", {"n": 1}, limit=9)) == ["m0", "m1", "m2", "m3", "m4", "m5"]
    assert ids(records.find("members", {"n": True}, limit=9)) == ["m6"]
    assert ids(records.find("members", {"flag": False}, limit=9)) == ["m5"]
    assert ids(records.find("members", {"user": "ana", "flag": False}, limit=9)) == []
    assert ids(records.find("members", {"user": "' OR 1=1 --"}, limit=9)) == []
    assert ids(records.find("members", {"absent": ""}, limit=9)) == []
    assert len(records.find("members", {}, limit=100)) == 7
    records.replace(rest[0], {"user": "cy"})
    assert ids(records.find("members", {"user": "cy"}, limit=9)) == ["m3"]


def test_find_asks_only_for_plain_fields(records: Records) -> None:
    with pytest.raises(ValueError, match="field"):
        records.find("members", {"user') = 1 --": "x"}, limit=1)


def at_once(work: Callable[[int], bool], workers: int = 16) -> int:
    """How many of them won."""
    here, won = threading.Barrier(workers), []

    def worker(number: int) -> None:
        here.wait()
        if work(number):
            won.append(number)

    threads = [threading.Thread(target=worker, args=(n,)) for n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(won)


def test_of_many_who_create_one_wins(records: Records) -> None:
    def create(number: int) -> bool:
        try:
            records.create("realms", "1", {"by": number})
        except AlreadyThere:
            return False
        return True

    assert at_once(create) == 1


def test_of_many_who_replace_one_wins(records: Records) -> None:
    made = records.create("leases", "x", {})

    def replace(number: int) -> bool:
        try:
            records.replace(made, {"by": number})
        except Changed:
            return False
        return True

    assert at_once(replace) == 1


def test_of_many_who_write_two_together_one_wins(records: Records) -> None:
    made = [records.create("runs", id, {}) for id in ("a", "b")]

    def write(number: int) -> bool:
        try:
            records.write_all(
                [Write.over(each, {"by": number}) for each in made[:: number % 2 or -1]]
            )
        except Changed:
            return False
        return True

    assert at_once(write) == 1
    a, b = records.get_all([("runs", "a"), ("runs", "b")])
    assert a is not None
    assert b is not None
    assert a.data == b.data


def test_of_many_who_claim_one_wins(records: Records) -> None:
    made = records.create("states", "s", {})

    def claim(number: int) -> bool:
        try:
            records.delete("states", "s", version=made.version)
        except Changed:
            return False
        return True

    assert at_once(claim) == 1


def test_no_update_is_lost_between_threads(records: Records) -> None:
    records.create("budgets", "b", {"n": 0})

    def add(_: int) -> bool:
        for _ in range(5):
            while True:
                held = records.get("budgets", "b")
                assert held is not None
                try:
                    records.replace(held, {"n": held.data["n"] + 1})
                    break
                except Changed:
                    continue
        return True

    at_once(add, workers=8)
    held = records.get("budgets", "b")
    assert held is not None
    assert held.data == {"n": 40}
