"""What stands in one place of a record, as a cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from counterfoil import catalog
from counterfoil.core.cells import Cell
from counterfoil.core.datasets import Column, ColumnType, Source
from counterfoil.core.errors import ExportTooLarge
from counterfoil.core.records import address_line, plain_rows, reader, unwrapped

NEW_YORK = ZoneInfo("America/New_York")

SIGNED = Column("k", "T", ColumnType.MONEY, "A.Amount", Source.SIGNED, negative_if="B.Flag")


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"A": {"Amount": 12}, "B": {"Flag": True}}, -12),
        ({"A": {"Amount": 12}, "B": {"Flag": False}}, 12),
        ({"A": {"Amount": 12}}, 12),
        ({"A": {"Amount": 12}, "B": {"Flag": None}}, 12),
        ({"A": {"Amount": 12}, "B": {"Flag": "true"}}, -12),
        ({"A": {"Amount": 12}, "B": {"Flag": 1}}, 12),
        ({"A": {"Amount": Decimal("-0.10")}, "B": {"Flag": True}}, 0.1),
        ({"A": {"Amount": Decimal("0.00")}, "B": {"Flag": True}}, 0),
        ({"A": {"Amount": "12.50"}, "B": {"Flag": True}}, -12.5),
        ({"A": {"Amount": "12.50"}, "B": {"Flag": False}}, 12.5),
        ({"A": {"Amount": "much"}, "B": {"Flag": True}}, "much"),
        ({"A": {"Amount": True}, "B": {"Flag": True}}, "true"),
        ({"B": {"Flag": True}}, ""),
        ({"A": None, "B": True}, ""),
    ],
)
def test_a_signed_amount_is_negative_where_its_flag_is_true(
    record: dict[str, Any], expected: Cell
) -> None:
    ((found,),) = plain_rows([record], [SIGNED], NEW_YORK)
    assert repr(found) == repr(expected)


def test_a_signed_amount_keeps_every_digit() -> None:
    amount = Decimal("12345678901234567890123456789012345.67")
    record = {"A": {"Amount": amount}, "B": {"Flag": True}}
    assert str(reader(SIGNED)(record)) == f"-{amount}"


def test_an_amount_without_a_flag_is_as_it_is() -> None:
    column = Column("k", "T", ColumnType.MONEY, "A.Amount", Source.SIGNED)
    assert reader(column)({"A": {"Amount": 12}, "": True}) == 12


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"A": {"Amount": 12}}, -12),
        ({"A": {"Amount": Decimal("0.10")}}, -0.1),
        ({"A": {"Amount": "12.50"}}, -12.5),
        ({"A": {"Amount": "much"}}, "much"),
        ({}, ""),
    ],
)
def test_the_amount_of_a_credit_counts_against_the_others(
    record: dict[str, Any], expected: Cell
) -> None:
    column = Column("k", "T", ColumnType.MONEY, "A.Amount", Source.SIGNED, sign=-1)
    ((found,),) = plain_rows([record], [column], NEW_YORK)
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"Home": Decimal("9.99"), "Total": 10, "Rate": 2}, 9.99),
        ({"Total": Decimal("10.05"), "Rate": Decimal("1.0946")}, 11),
        ({"Total": Decimal("10.05"), "Rate": Decimal("0.5")}, 5.03),
        ({"Total": Decimal("-10.05"), "Rate": Decimal("0.5")}, -5.03),
        ({"Total": 10, "Rate": 1}, 10),
        # A company that knows one currency only sends no rate.
        ({"Total": 10}, ""),
        ({"Rate": 2}, ""),
        ({"Total": "10", "Rate": 2}, ""),
        ({"Total": True, "Rate": 2}, ""),
        ({"Total": 10**40, "Rate": Decimal("1.5")}, 1.5e40),
    ],
)
def test_an_amount_at_home_is_told_or_worked_out(record: dict[str, Any], expected: Cell) -> None:
    column = Column("k", "T", ColumnType.MONEY, "Home|Total|Rate", Source.HOME)
    ((found,),) = plain_rows([record], [column], NEW_YORK)
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"A": {"name": "x"}, "B": {"name": "y"}}, "x"),
        ({"B": {"name": "y"}}, "y"),
        ({"A": {"name": ""}, "B": {"name": "y"}}, ""),
        ({"A": None, "B": 1}, ""),
        ({}, ""),
    ],
)
def test_the_first_of_several_places_is_shown(record: dict[str, Any], expected: Cell) -> None:
    column = Column("k", "T", ColumnType.TEXT, "A.name|B.name", Source.FIRST)
    ((found,),) = plain_rows([record], [column], NEW_YORK)
    assert found == expected


@pytest.mark.parametrize(
    ("path", "record", "expected"),
    [
        ("A.value|GBP", {"A": {"value": "USD"}}, "USD"),
        ("A.value|GBP", {"A": {}}, "GBP"),
        ("A.value|GBP", {}, "GBP"),
        ("|Acme | Sons", {"Id": "7"}, "Acme | Sons"),
        ("|Acme", {}, "Acme"),
    ],
)
def test_a_text_stands_where_the_record_says_nothing(
    path: str, record: dict[str, Any], expected: Cell
) -> None:
    column = Column("k", "T", ColumnType.TEXT, path, Source.ELSE)
    ((found,),) = plain_rows([record], [column], NEW_YORK)
    assert found == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([{"Name": "Crew #", "StringValue": "007"}, {"Name": "Weight", "NumberValue": Decimal("1.50")}],
         "Crew #: 007; Weight: 1.50"),
        ([{"Name": "On", "BooleanValue": False}, {"Key": "1", "Value": "2"}], "On: false; 1: 2"),
        ([{"Name": "Empty"}, {"StringValue": "nameless"}], "nameless"),
        ([{"Name": "Odd", "Value": {"deep": 1}}, 3, None], ""),
        ("text", ""),
        (None, ""),
    ],
)  # fmt: skip
def test_names_with_their_values_are_one_cell(held: Any, expected: Cell) -> None:
    column = Column("k", "T", ColumnType.TEXT, "F[]", Source.PAIRS)
    ((found,),) = plain_rows([{"F": held}], [column], NEW_YORK)
    assert found == expected


def test_a_wrapped_record_knows_its_kind() -> None:
    assert unwrapped({"Invoice": {"Id": "7"}}) == {"Id": "7", "@kind": "Invoice"}
    assert unwrapped({"Id": "7"}) == {"Id": "7"}
    assert unwrapped({"Id": "7", "Invoice": {}}) == {"Id": "7", "Invoice": {}}


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (None, None),
        ({}, None),
        ("text", None),
        ({"Id": "1", "Lat": "1", "Long": "2"}, None),
        ({"Line1": " 1  Main\tSt. ", "City": ""}, "1 Main St."),
        ({"PostalCode": 1234, "CountryCode": "DE"}, "1234, DE"),
        (
            {"Line1": "a", "Line5": "e", "County": "c", "Country": "x", "CountryCode": "y"},
            "a, e, c, x",
        ),
    ],
)
def test_an_address_is_one_line(address: Any, line: str | None) -> None:
    assert address_line(address) == line


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("A", Source.VALUE, {"B": {"C": "deep"}}),
        ("A.B.C", Source.VALUE, "deep"),
        ("A.B.C.D", Source.VALUE, None),
        ("X.Y", Source.VALUE, None),
        ("X.Y.Z", Source.VALUE, None),
        ("L[].V", Source.JOINED, "1, 2, 0, false"),
        ("L[].In[].V", Source.JOINED, "x, y"),
        ("T[]", Source.JOINED, "a, b"),
        ("N[].V", Source.JOINED, None),
        ("A[].V", Source.JOINED, None),
        ("CustomField[1]", Source.CUSTOM, Decimal("1.50")),
        ("CustomField[2]", Source.CUSTOM, False),
        ("CustomField[3]", Source.CUSTOM, None),
    ],
)
def test_a_path_finds_what_is_there_and_only_that(path: str, source: Source, expected: Any) -> None:
    record = {
        "A": {"B": {"C": "deep"}},
        "L": [{"V": 1}, {"V": "2", "In": [{"V": "x"}, {"V": "y"}]}, {}, {"V": 0}, {"V": False}],
        "T": ["a", None, "b"],
        "N": None,
        "CustomField": [
            {"DefinitionId": "1", "NumberValue": Decimal("1.50")},
            {"DefinitionId": "2", "BooleanValue": False},
            {"DefinitionId": "3"},
        ],
    }
    assert reader(Column("k", "T", ColumnType.TEXT, path, source))(record) == expected


def test_a_custom_field_needs_a_number() -> None:
    with pytest.raises(ValueError, match="no custom field"):
        reader(Column("k", "T", ColumnType.TEXT, "CustomField", Source.CUSTOM))


def test_a_text_that_no_cell_can_hold_names_its_column() -> None:
    columns = catalog.chosen_columns(catalog.entity("invoices"), ["memo"])
    with pytest.raises(ExportTooLarge, match='"Memo"'):
        plain_rows([{"Id": "1", "PrivateNote": "x" * 50_001}], columns, NEW_YORK)
