from __future__ import annotations

import json
import pathlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from counterfoil import catalog
from counterfoil.adapters import typed_pages
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.datasets import (
    Bundles,
    Column,
    ColumnType,
    Entity,
    Headers,
    LineChoice,
    Source,
)
from counterfoil.core.errors import ExportTooLarge, QuickBooksBusy
from counterfoil.core.pages import Page
from tests.adapters.plain_reading import (
    INVOICES,
    NEW_YORK,
    PURCHASES,
    Json,
    encoded,
    line_columns,
    plainly,
    told,
)
from tests.samples import sample_bytes, sample_records

DATA = pathlib.Path(__file__).parents[1] / "data" / "quickbooks"


def defaults(entity: Entity) -> tuple[Column, ...]:
    return tuple(column for column in entity.columns if column.default)


@pytest.fixture
def no_plain_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The typed way must manage by itself."""

    def never(*_: object) -> Page:
        raise AssertionError("this page was read the plain way")

    monkeypatch.setattr(typed_pages, "_plain", never)


# The rows of these are of several kinds, and read plainly.
TYPED = pytest.mark.parametrize(
    "entity", [it for it in catalog.ENTITIES if not it.wrapped], ids=lambda entity: entity.key
)
LINES = [
    pytest.param(entity, LineChoice(headers, bundles), id=f"{entity.key}-{headers}-{bundles}")
    for entity in catalog.ENTITIES
    if entity.lines and not entity.wrapped
    for headers in Headers
    for bundles in Bundles
]


@TYPED
def test_real_records_are_what_intuit_documents_and_read_the_swift_way(entity: Entity) -> None:
    records = sample_records(entity.entity)
    documented, _ = typed_pages._typed(entity, entity.columns, NEW_YORK, None)
    body = encoded(records, entity.entity)
    assert told(documented(body)) == told(plainly(body, entity, entity.columns))


def test_a_page_with_one_odd_field_is_read_by_the_second_way() -> None:
    documented, expecting_nothing = typed_pages._typed(INVOICES, INVOICES.columns, NEW_YORK, None)
    body = encoded([{"Id": "1", "DocNumber": "7"}, {"Id": "2", "DocNumber": 8}])
    with pytest.raises(msgspec.ValidationError):
        documented(body)
    found = page_reader(INVOICES, INVOICES.columns, NEW_YORK)(body)
    assert told(found) == told(expecting_nothing(body))
    assert [row[1] for row in found.rows] == ["7", "8"]


@pytest.mark.usefixtures("no_plain_reading")
@TYPED
@pytest.mark.parametrize("chosen", ["default", "all"])
def test_a_real_page_gives_the_cells_of_the_plain_reader(entity: Entity, chosen: str) -> None:
    records = sample_records(entity.entity)
    body = encoded(records, entity.entity)
    columns = defaults(entity) if chosen == "default" else entity.columns
    found = page_reader(entity, columns, NEW_YORK)(body)
    assert told(found) == told(plainly(body, entity, columns))
    assert len(found.rows) == len(records)


@pytest.mark.usefixtures("no_plain_reading")
@pytest.mark.parametrize(("entity", "choice"), LINES)
@pytest.mark.parametrize("chosen", ["default", "all"])
def test_real_lines_give_the_cells_of_the_plain_reader(
    entity: Entity, choice: LineChoice, chosen: str
) -> None:
    own = json.loads((DATA / f"{entity.key}.json").read_bytes(), parse_float=Decimal)
    records = [*sample_records(entity.entity), *own["QueryResponse"][entity.entity]]
    body = encoded(records, entity.entity)
    every = line_columns(entity)
    columns = catalog.default_columns(entity, choice) if chosen == "default" else every
    found = page_reader(entity, columns, NEW_YORK, choice)(body)
    assert told(found) == told(plainly(body, entity, columns, choice))
    assert len(found.ids) == len(records)


def test_what_reads_through_the_lines_of_a_record_is_read_plainly() -> None:
    payments = catalog.entity("payments")
    columns = catalog.columns_of(payments, LineChoice())
    body = (DATA / "payments.json").read_bytes()
    found = page_reader(payments, columns, NEW_YORK, LineChoice())(body)
    assert told(found) == told(plainly(body, payments, columns, LineChoice()))
    assert len(found.rows) == 4


@pytest.mark.usefixtures("no_plain_reading")
def test_an_empty_page_is_read() -> None:
    body = sample_bytes("company-2026/Transfer_empty.json")
    found = page_reader(INVOICES, defaults(INVOICES), NEW_YORK)(body)
    assert (found.rows, found.currencies) == ((), ())
    assert found.time == json.loads(body)["time"]


@pytest.mark.usefixtures("no_plain_reading")
def test_literal_cells_come_out_of_a_page() -> None:
    columns = tuple(
        column
        for column in INVOICES.columns
        if column.key in ("id", "number", "date", "customer", "currency", "total", "created")
    )
    body = b"""{"QueryResponse": {"Invoice": [
        {"Id": "9223372036854775807", "DocNumber": "0012", "TxnDate": "2026-04-07",
         "CustomerRef": {"value": "7", "name": "=IMPORTXML(\\"x\\")"}, "TotalAmt": 362.07,
         "CurrencyRef": {"value": "EUR"}, "Line": [{"Amount": 1}, {"Amount": 2}],
         "MetaData": {"CreateTime": "2026-04-07T12:00:00-07:00"}},
        {"Id": "1", "TotalAmt": 100.00, "Unknown": {"deep": [1, {"x": null}]}}],
        "startPosition": 1, "maxResults": 2, "totalCount": 2},
        "time": "2026-05-05T05:16:21.718-07:00"}"""
    found = page_reader(INVOICES, columns, NEW_YORK)(body)
    by_key = [dict(zip([c.key for c in columns], row, strict=True)) for row in found.rows]
    assert by_key[0] == {
        "id": "9223372036854775807",
        "number": "0012",
        "date": 46119,
        "customer": '=IMPORTXML("x")',
        "currency": "EUR",
        "total": 362.07,
        "created": 46119.625,
    }
    assert by_key[1] == dict.fromkeys(by_key[0], "") | {"id": "1", "total": 100}
    assert found.currencies == ["EUR", ""]
    assert told(found) == told(plainly(body, INVOICES, columns))
    assert list(found.amounts["total"]) == [Decimal("362.07"), Decimal("100.00")]
    assert found.sums == {5: Decimal("462.07")}
    assert found.time == "2026-05-05T05:16:21.718-07:00"


@pytest.mark.usefixtures("no_plain_reading")
@TYPED
def test_our_own_pages_give_the_cells_of_the_plain_reader(entity: Entity) -> None:
    body = (DATA / f"{entity.key}.json").read_bytes()
    for columns in (defaults(entity), entity.columns):
        found = page_reader(entity, columns, NEW_YORK)(body)
        assert told(found) == told(plainly(body, entity, columns))
        assert len(found.rows) == len(json.loads(body)["QueryResponse"][entity.entity])


@pytest.mark.usefixtures("no_plain_reading")
def test_credits_count_against_the_total_of_signed_amounts() -> None:
    body = (DATA / "purchases.json").read_bytes()
    found = page_reader(PURCHASES, defaults(PURCHASES), NEW_YORK)(body)
    assert [row[8:11] for row in found.rows] == [
        (900.05, True, -900.05),
        (228.75, False, 228.75),
        (19.99, "", 19.99),
    ]
    assert found.currencies == ["USD", "EUR", ""]
    assert found.amounts == {
        "total": [Decimal("900.05"), Decimal("228.75"), Decimal("19.99")],
        "signed_total": [Decimal("-900.05"), Decimal("228.75"), Decimal("19.99")],
    }


@pytest.mark.usefixtures("no_plain_reading")
def test_a_signed_amount_is_read_wherever_its_flag_lies() -> None:
    columns = (
        Column("id", "Id", ColumnType.TEXT, "Id"),
        Column("a", "A", ColumnType.MONEY, "A.Amount", Source.SIGNED, negative_if="B.C.Flag"),
        Column("b", "B", ColumnType.MONEY, "A.Amount", Source.SIGNED, negative_if="A.Flag"),
        Column("c", "C", ColumnType.MONEY, "A.Amount", Source.SIGNED),
        Column("d", "D", ColumnType.BOOLEAN, "A.Flag"),
        # Built as a whole for the address: the flag is found in there all the same.
        Column("e", "E", ColumnType.TEXT, "E", Source.ADDRESS),
        Column("f", "F", ColumnType.MONEY, "A.Amount", Source.SIGNED, negative_if="E.Flag"),
    )
    entity = Entity("things", "Things", "Thing", columns, currency_path=None, total_keys=("a", "f"))
    records = [
        {"Id": "1", "A": {"Amount": Decimal("1.5"), "Flag": True}, "B": {"C": {"Flag": False}}},
        {
            "Id": "2",
            "A": {"Amount": Decimal("2.5")},
            "B": {"C": {"Flag": True}},
            "E": {"Flag": True},
        },
        {"Id": "3"},
    ]
    body = encoded(records, "Thing")
    found = page_reader(entity, columns, NEW_YORK)(body)
    assert [list(row) for row in found.rows] == [
        ["1", 1.5, -1.5, 1.5, True, "", 1.5],
        ["2", -2.5, 2.5, 2.5, "", "", -2.5],
        ["3", "", "", "", "", "", ""],
    ]
    assert told(found) == told(plainly(body, entity, columns))


ODD_RECORDS: dict[str, Json] = {
    "a text where a number is documented": {"TotalAmt": "12.50"},
    "a word where a number is documented": {"TotalAmt": "much"},
    "a number where a text is documented": {"DocNumber": 12.5, "Id": 7},
    "an object where a text is documented": {"DocNumber": {"a": 1.5}},
    "a text where an object is documented": {"CustomerRef": "7"},
    "a null where an object is documented": {"CustomerRef": None, "MetaData": None},
    "a list where an object is documented": {"CurrencyRef": [], "TxnTaxDetail": [1]},
    "an address that is none": {"BillAddr": "Main St", "ShipAddr": [1]},
    "custom fields that are none": {"CustomField": None},
    "custom fields that are numbers": {"CustomField": [1], "LinkedTxn": [2]},
    "linked transactions without an id": {"LinkedTxn": [{}, {"TxnType": "Payment"}]},
    "a date that is none": {"TxnDate": "2026-02-30", "DueDate": 5},
    "a flag that is a text": {"AllowIPNPayment": "true"},
    "numbers beyond every type": {"TotalAmt": 10**30, "Balance": Decimal("1E+300")},
    "halves of characters": {"DocNumber": "\ud83d"},
}


@pytest.mark.parametrize("record", ODD_RECORDS.values(), ids=ODD_RECORDS.keys())
def test_what_is_not_as_documented_is_read_like_the_plain_reader_does(record: Json) -> None:
    body = encoded([{"Id": "1"} | record, {"Id": "2", "TotalAmt": 5.25}])
    found = page_reader(INVOICES, INVOICES.columns, NEW_YORK)(body)
    assert told(found) == told(plainly(body, INVOICES, INVOICES.columns))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"QueryResponse":null}',
        b'{"QueryResponse":[]}',
        b'{"QueryResponse":{"Invoice":{}}}',
        b'{"QueryResponse":{"Invoice":[null]}}',
        b'{"QueryResponse":{"Invoice":[1]}}',
        b'{"QueryResponse":{"Invoice":[{"Id":"1"}',
        b"<html>",
        b"[" * 200_000,
    ],
)
def test_what_is_no_page_is_never_taken_for_an_empty_one(body: bytes) -> None:
    with pytest.raises(QuickBooksBusy):
        page_reader(INVOICES, INVOICES.columns, NEW_YORK)(body)


def test_a_text_that_no_cell_holds_stops_the_export_and_names_the_column() -> None:
    body = encoded([{"Id": "1", "PrivateNote": "x" * 50_001}])
    with pytest.raises(ExportTooLarge, match="Memo"):
        page_reader(INVOICES, defaults(INVOICES), NEW_YORK)(body)


def test_a_field_wanted_both_whole_and_in_part_is_read_both_ways() -> None:
    columns = (
        Column("id", "Id", ColumnType.TEXT, "Id"),
        Column("a", "A", ColumnType.TEXT, "A"),
        Column("b", "B", ColumnType.TEXT, "A.B"),
        Column("c", "C", ColumnType.TEXT, "A.B.C"),
        Column("d", "D", ColumnType.TEXT, "D.E.F"),
        Column("e", "E", ColumnType.TEXT, "D.E"),
        Column("f", "F", ColumnType.TEXT, "F", Source.ADDRESS),
        Column("g", "G", ColumnType.TEXT, "F.City"),
        Column("h", "H", ColumnType.TEXT, "class"),
        Column("i", "I", ColumnType.TEXT, "class"),
    )
    entity = Entity("things", "Things", "Thing", columns, currency_path=None)
    for record in (
        {"Id": "1", "A": {"B": {"C": "x"}}, "D": {"E": {"F": "y"}}, "F": {"City": "Zug"}},
        {"Id": "1", "A": "x", "D": {"E": "z"}, "F": None, "class": "k"},
        {"Id": "1"},
    ):
        body = encoded([record], "Thing")
        assert told(page_reader(entity, columns, NEW_YORK)(body)) == told(
            plainly(body, entity, columns)
        )


def test_moments_that_all_differ_are_read_page_after_page() -> None:
    columns = [it for it in INVOICES.columns if it.key in ("id", "date", "created", "updated")]
    begins = datetime(2026, 3, 7, 23, tzinfo=UTC)  # New York changes its clocks meanwhile
    moments = [begins + timedelta(seconds=17 * at) for at in range(10_000)]
    for page in (moments[:5000], moments[5000:], moments[:10]):
        records = [
            {
                "Id": str(at),
                "TxnDate": f"{moment:%Y-%m-%d}",
                "MetaData": {
                    "CreateTime": moment.isoformat(),
                    "LastUpdatedTime": (moment + timedelta(hours=at % 2)).isoformat(),
                },
            }
            for at, moment in enumerate(page)
        ]
        body = encoded(records)
        found = page_reader(INVOICES, columns, NEW_YORK)(body)
        assert told(found) == told(plainly(body, INVOICES, columns))


def test_the_same_choice_is_compiled_once() -> None:
    columns = defaults(INVOICES)
    assert page_reader(INVOICES, columns, NEW_YORK) is page_reader(
        INVOICES, list(columns), NEW_YORK
    )


def test_a_page_keeps_nothing_of_the_room_that_it_was_read_from() -> None:
    entity = catalog.entity("invoices")
    records = sample_records(entity.entity)
    body = encoded(records, entity.entity)
    room = bytearray(body)
    found = page_reader(entity, entity.columns, NEW_YORK)(room)
    room[:] = b"9" * len(room)  # as the next page would
    del room[len(room) // 2 :]
    expected = plainly(body, entity, entity.columns)
    assert len(expected.rows) == len(records) > 0
    assert repr([tuple(row) for row in found.rows]) == repr([tuple(it) for it in expected.rows])
    assert {key: list(each) for key, each in found.amounts.items()} == {
        key: list(each) for key, each in expected.amounts.items()
    }
    assert found.encode(found.rows) == expected.encode(expected.rows)
