"""Filters as chosen: what of them is asked, what is found, and that the proof stays right."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.catalog.filters import FILTERS, filters_of
from counterfoil.core.errors import BadRequest, CellsNeeded
from counterfoil.core.filters import Kind
from counterfoil.core.occasions import Occasion
from counterfoil.core.query import select
from counterfoil.flows.choices import checked, chosen
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.limits import Limits
from tests.flows.export_fakes import FakeQuickBooks, Grid, World, encoded, invoices, start

INVOICES = catalog.entity("invoices")
B1 = "'Set up'!B1"


def choice(
    *filters: dict[str, Any], cells: dict[str, str | None] | None = None, key: str = "invoices"
) -> EntityChoice:
    occasion = Occasion(date(2026, 11, 22), ZoneInfo("America/New_York"), 1, cells or {})
    found = chosen(catalog.entity(key), {"filters": list(filters)}, occasion)
    assert isinstance(found, EntityChoice)
    return found


def asked(found: EntityChoice) -> str:
    text = select("Invoice", found.where)
    return text.split(" WHERE ")[1].split(" ORDERBY")[0] if "WHERE" in text else ""


@pytest.mark.parametrize(
    ("filters", "where", "found"),
    [
        ([{"key": "status", "is": "open"}], "Balance > 0", 0),
        ([{"key": "status", "is": "Paid"}], "Balance = 0", 1),
        ([{"key": "status", "is": "overdue"}], "Balance > 0 AND DueDate < '2026-11-22'", 0),
        ([{"key": "status", "is": "voided"}], "", 2),
        (
            [{"key": "due_date", "dates": "next_month"}],
            "DueDate >= '2026-12-01' AND DueDate <= '2026-12-31'",
            0,
        ),
        ([{"key": "due_date", "from": "2026-01-01"}], "DueDate >= '2026-01-01'", 0),
        (
            [{"key": "changed", "from": "2026-11-01", "to": "2026-11-01"}],
            "MetaData.LastUpdatedTime >= '2026-11-01T00:00:00-04:00' AND "
            "MetaData.LastUpdatedTime < '2026-11-02T00:00:00-05:00'",
            0,
        ),
        (
            [{"key": "total", "from": "10", "to": "20.50"}],
            "TotalAmt >= 10 AND TotalAmt <= 20.50",
            0,
        ),
        ([{"key": "customer", "ids": ["12", "13"]}], "CustomerRef IN ('12', '13')", 0),
        ([{"key": "customer", "is": ["Amy"]}], "", 1),
        ([{"key": "class", "ids": ["12"]}], "", 1),
        ([{"key": "memo", "contains": "rush"}], "", 1),
        ([{"key": "number", "contains": "10"}], "DocNumber LIKE '%10%'", 0),
        (
            [{"key": "number", "contains": "10"}, {"key": "memo", "contains": "x"}],
            "DocNumber LIKE '%10%'",
            1,
        ),
    ],
)
def test_what_quickbooks_can_filter_is_asked_of_it(
    filters: list[dict[str, Any]], where: str, found: int
) -> None:
    made = choice(*filters)
    assert asked(made) == where
    assert len(made.local) == found
    assert made.options["filters"] == filters


def test_lists_can_be_narrowed_to_inactive_names() -> None:
    found = choice({"key": "active", "is": "inactive"}, key="customers")
    assert asked(found) == "Active = false"


@pytest.mark.parametrize(
    ("one", "why"),
    [
        ({"key": "colour", "is": "red"}, "no such filter"),
        ({"is": "red"}, "no such filter"),
        ({"key": ["status"]}, "no such filter"),
        ("status", "no such filter"),
        ({"key": "status"}, "says nothing"),
        ({"key": "status", "is": "late"}, "takes Open or Paid or Overdue or Voided"),
        ({"key": "status", "is": ["open"]}, "takes Open"),
        ({"key": "status", "contains": "x"}, "does not take"),
        ({"key": "total", "from": "1e9"}, "takes amounts"),
        ({"key": "total", "from": 5}, "takes amounts"),
        ({"key": "total", "from": "9", "to": "1"}, "a least amount above"),
        ({"key": "total", "from": "9", "from_cell": B1}, "an amount and a cell"),
        ({"key": "due_date", "dates": "blue_moon"}, "names no range"),
        ({"key": "due_date", "dates": "today", "from": "2026-01-01"}, "names no range"),
        ({"key": "due_date", "from": "tomorrow"}, "not a date"),
        ({"key": "due_date", "from": "2026-02-01", "to": "2026-01-01"}, "ends"),
        ({"key": "due_date", "from": 5}, "takes dates"),
        ({"key": "customer", "is": []}, "takes from 1 to 200 values"),
        ({"key": "customer", "is": 7}, "takes from 1 to 200 values"),
        ({"key": "customer", "is": ["a\nb"]}, "in one line"),
        ({"key": "customer", "ids": ["1' OR"]}, "takes ids"),
        ({"key": "customer", "is": ["Amy"], "cell": B1}, "a value and a cell"),
        ({"key": "customer", "cell": "B1"}, "named with its tab"),
        ({"key": "memo", "contains": ""}, "in one line"),
        ({"key": "due_date", "from": None, "dates": None}, "says nothing"),
    ],
)
def test_a_filter_that_is_none_is_refused_when_it_is_saved(one: Any, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        checked(INVOICES, {"filters": [one]}, date(2026, 11, 22))


def test_a_report_takes_no_filters_of_lists() -> None:
    options = {"dates": "last_month", "filters": [{"key": "status", "is": "open"}]}
    with pytest.raises(BadRequest, match='There is no such filter of "Profit and Loss"'):
        checked(catalog.report("profit-and-loss"), options, date(2026, 11, 22))


@pytest.mark.parametrize(
    ("one", "value", "where", "found"),
    [
        ({"key": "total", "from_cell": B1}, "1,250.00", "TotalAmt >= 1250.00", 0),
        ({"key": "due_date", "to_cell": B1}, "2026-03-01", "DueDate <= '2026-03-01'", 0),
        ({"key": "status", "cell": B1}, "open", "Balance > 0", 0),
        ({"key": "customer", "cell": B1}, "Amy; O'Neill, Ana", "", 1),
        ({"key": "memo", "cell": B1}, "rush", "", 1),
    ],
)
def test_each_filter_may_stand_in_a_cell(
    one: dict[str, Any], value: str, where: str, found: int
) -> None:
    made = choice(one, cells={B1: value})
    assert (asked(made), len(made.local)) == (where, found)
    assert made.options["filters"] == [one]
    for bad in ("", None):
        with pytest.raises(BadRequest, match="'Set up'!B1"):
            choice(one, cells={B1: bad})


@pytest.mark.parametrize(
    ("one", "value"),
    [
        ({"key": "total", "from_cell": B1}, "much"),
        ({"key": "due_date", "to_cell": B1}, "soon"),
        ({"key": "due_date", "from": "2026-02-01", "to_cell": B1}, "2026-01-31"),
        ({"key": "status", "cell": B1}, "late"),
        ({"key": "total", "from_cell": B1, "to": "5"}, "100"),
        ({"key": "total", "from": "100", "to_cell": B1}, "5"),
        ({"key": "customer", "cell": B1}, "; ;"),
        ({"key": "customer", "cell": B1}, ";".join(map(str, range(201)))),
        ({"key": "customer", "cell": B1}, "Amy\nBob"),
        ({"key": "memo", "cell": B1}, "a\nb"),
        ({"key": "memo", "cell": B1}, "x" * 201),
        ({"key": "memo", "cell": B1}, "#REF!"),
        ({"key": "customer", "cell": B1}, "#N/A"),
        ({"key": "due_date", "from_cell": B1}, "#VALUE!"),
        ({"key": "memo", "cell": B1}, "Loading..."),
    ],
)
def test_a_cell_that_holds_no_such_value_is_named(one: dict[str, Any], value: str) -> None:
    with pytest.raises(BadRequest, match="'Set up'!B1"):
        choice(one, cells={B1: value})


def test_a_cell_says_what_is_wrong_with_it() -> None:
    with pytest.raises(BadRequest) as raised:
        choice({"key": "memo", "cell": B1}, cells={B1: "#REF!"})
    assert raised.value.message == (
        "The cell 'Set up'!B1 shows #REF! instead of a value. Mend it, and run the export again."
    )
    amounts = {"key": "total", "from_cell": "'Set up'!A1", "to_cell": B1}
    with pytest.raises(BadRequest) as raised:
        choice(amounts, cells={"'Set up'!A1": "100", B1: "5"})
    assert raised.value.message == (
        "The cell 'Set up'!B1 does not fit. The filter “Total” has a least amount above its "
        "greatest. Swap them."
    )
    with pytest.raises(BadRequest) as raised:
        choice({"key": "customer", "cell": B1}, cells={B1: "; ;"})
    assert raised.value.message == (
        "The cell 'Set up'!B1 does not fit. The filter “Customer” takes from 1 to 200 values."
    )


@pytest.mark.parametrize("name", ["x" * 98, "\N{GRINNING FACE}" * 49], ids=["x", "two halves"])
def test_names_that_may_have_been_cut_off_are_not_asked_for(name: str) -> None:
    """Of a longer cell its readers send so much: the rest, which may be more names, is missing."""
    longest = "; ".join([name] * 20) + "x"  # 1,999 characters, as JavaScript counts
    assert choice({"key": "customer", "cell": B1}, cells={B1: longest}).named
    for cut in (longest + "x", longest + " "):
        with pytest.raises(BadRequest) as raised:
            choice({"key": "customer", "cell": B1}, cells={B1: cut})
        assert raised.value.message == (
            "The cell 'Set up'!B1 holds 2,000 characters or more, which is more than is read. "
            "Shorten it, and run the export again."
        )


def test_cells_of_filters_are_asked_for() -> None:
    with pytest.raises(CellsNeeded) as needed:
        start(World(FakeQuickBooks(invoices(3))), filters=[{"key": "memo", "cell": B1}])
    assert needed.value.details["cells"] == B1


def test_every_filter_of_the_catalog_belongs_to_an_entity_and_has_a_key_of_its_own() -> None:
    assert FILTERS.keys() <= {entity.key for entity in catalog.ENTITIES}
    for entity in catalog.ENTITIES:
        keys = [each.key for each in filters_of(entity)]
        assert len(set(keys)) == len(keys)
        for each in filters_of(entity):
            assert bool(each.states) is (each.kind is Kind.STATE)
            assert bool(each.paths) is (each.kind is not Kind.STATE)


def _example(each: Any) -> dict[str, Any]:
    match each.kind:
        case Kind.DAYS | Kind.MOMENTS:
            return {"key": each.key, "dates": "last_month"}
        case Kind.NAMES:
            return {"key": each.key, "is": ["Amy"]}
        case Kind.STATE:
            return {"key": each.key, "is": each.states[0].key}
        case Kind.AMOUNT:
            return {"key": each.key, "from": "1"}
    return {"key": each.key, "contains": "a"}


@pytest.mark.parametrize("key", [entity.key for entity in catalog.ENTITIES])
def test_every_filter_can_be_chosen_alone_and_with_all_others(key: str) -> None:
    entity = catalog.entity(key)
    every = [_example(each) for each in filters_of(entity)]
    for one in every:
        assert choice(one, key=key).tests
    assert len(choice(*every, key=key).tests) >= len(every)


# Over whole runs


PLACES = {"1": "Yard", "2": "Depot", "3": "Annex"}


def places(call: str, number: int) -> bytes | None:
    """The list of locations, narrowed by name."""
    if " FROM Department " not in call:
        return None
    named = [(id, name) for id, name in PLACES.items() if f"'{name.lower()}'" in call.lower()]
    return encoded({"Department": [{"Id": id, "Name": it} for id, it in named]})


def of_two_places(count: int) -> FakeQuickBooks:
    found = [
        record | {"DepartmentRef": {"value": str(at % 2 + 1), "name": PLACES[str(at % 2 + 1)]}}
        for at, record in enumerate(invoices(count))
    ]
    return FakeQuickBooks(found, behave=places)


YARD = [{"key": "location", "is": ["yard"]}]


def test_one_page_keeps_what_matches_and_says_what_was_sent() -> None:
    grid = Grid()
    answer = grid.apply(start(World(of_two_places(5)), filters=YARD))
    assert [row[0] for row in grid.block] == ["Id", "1", "3", "5"]
    assert answer["proof"]["verdict"] == "PASS"
    assert (answer["proof"]["sent"], answer["proof"]["rows"]) == (5, 3)
    assert answer["proof"]["why"] == (
        "QuickBooks sent all its 5 rows in one page. 3 rows of them match your filters."
    )


@pytest.mark.parametrize("cells_per_step", [100, 100_000])
def test_many_pages_keep_what_matches_in_one_step_or_in_several(cells_per_step: int) -> None:
    limits = Limits(page=10, cells_per_step=cells_per_step)
    world = World(of_two_places(35), limits)
    grid = Grid()
    last = None
    for last in world.steps(start(world, filters=YARD)):
        grid.apply(last)
    assert [row[0] for row in grid.block[1:]] == [str(id) for id in range(1, 36, 2)]
    assert last is not None
    assert last.proof is not None
    assert (last.proof.sent, last.proof.counted, last.proof.distinct) == (35, 35, 35)
    assert last.proof.rows == 18
    assert all(each["rows"] == 19 for each in grid.expected)


def test_nothing_that_matches_is_a_table_without_rows() -> None:
    grid = Grid()
    answer = grid.apply(
        start(
            World(of_two_places(5)),
            filters=[{"key": "location", "is": ["Annex"]}],
        )
    )
    assert len(grid.block) == 1
    assert answer["proof"]["why"].endswith("0 rows of them match your filters.")


def test_a_large_list_of_which_little_matches_is_not_too_large() -> None:
    world = World(of_two_places(60), Limits(page=10, max_cells=160))
    grid = Grid()
    for step in world.steps(start(world, filters=YARD)):
        grid.apply(step)
    assert len(grid.block) == 31
