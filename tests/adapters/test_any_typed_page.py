"""Any page that can be thought of gives the cells that the plain reader gives."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.adapters import typed_pages
from counterfoil.adapters.typed_pages import page_reader
from counterfoil.core.datasets import (
    Bundles,
    Column,
    Headers,
    LineChoice,
)
from counterfoil.core.pages import is_home
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

FIELDS = st.fixed_dictionaries(
    {"DefinitionId": st.sampled_from("12")},
    optional={
        "Name": st.just("Crew"),
        "StringValue": st.sampled_from(["a", "", None]),
        "NumberValue": st.sampled_from([1, Decimal("2.50"), None]),
    },
)


@given(
    records=st.integers(0, 3).flatmap(
        lambda many: st.lists(
            st.fixed_dictionaries({"CustomField": st.lists(FIELDS, min_size=many, max_size=many)}),
            max_size=4,
        )
    )
    | st.lists(st.fixed_dictionaries({"CustomField": st.lists(FIELDS, max_size=3)}), max_size=4)
)
def test_custom_fields_in_any_order_give_the_cells_of_the_plain_reader(records: list[Json]) -> None:
    columns = [it for it in INVOICES.columns if it.key in ("id", "custom_1", "custom_2")]
    body = encoded(records)
    documented, _ = typed_pages._typed(INVOICES, tuple(columns), NEW_YORK, None)
    assert told(documented(body)) == told(plainly(body, INVOICES, columns))


# --- any page -----------------------------------------------------------------------------------

SCALARS: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12)),
    st.text(max_size=8),
    st.sampled_from(
        ["2026-04-07", "2026-02-30", "2026-04-07T12:00:00-07:00", "1.50", "true", "", " ", "0012"]
    ),
)
FLAGS = st.sampled_from([True, False, None, "true", "false", 1, {}, []])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


def shaped(tree: dict[str, Any]) -> st.SearchStrategy[Json]:
    """Records of the documented shape, each field there or not."""
    fields = {
        name: SCALARS if below is None else below if not isinstance(below, dict) else shaped(below)
        for name, below in tree.items()
    }
    return st.fixed_dictionaries({}, optional=fields)


REFERENCE = {"value": None, "name": None}
ADDRESS = {"Line1": None, "Line2": None, "City": None, "PostalCode": None, "Country": None}
RECORDS = shaped(
    {
        "Id": None,
        "DocNumber": None,
        "TxnDate": None,
        "TotalAmt": None,
        "Balance": None,
        "CustomerRef": REFERENCE,
        "CurrencyRef": REFERENCE,
        "TxnTaxDetail": {"TotalTax": None, "TxnTaxCodeRef": REFERENCE},
        "BillAddr": ADDRESS,
        "MetaData": {"CreateTime": None, "LastUpdatedTime": None},
        "LinkedTxn": st.lists(shaped({"TxnId": None, "TxnType": None}), max_size=3),
        "CustomField": st.lists(
            shaped({"DefinitionId": st.sampled_from("123"), "StringValue": None, "Name": None}),
            max_size=3,
        ),
    }
)
ODD = st.builds(
    lambda record, odd: {**record, **odd},
    RECORDS,
    st.dictionaries(
        st.sampled_from(["CustomerRef", "BillAddr", "MetaData", "TxnTaxDetail", "DocNumber"]),
        ANYTHING,
        max_size=2,
    ),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    records=st.lists(RECORDS | ODD, max_size=4),
    columns=st.lists(st.sampled_from(INVOICES.columns), min_size=1, max_size=12, unique=True),
)
def test_any_page_gives_the_cells_of_the_plain_reader(
    records: list[Json], columns: list[Column]
) -> None:
    body = encoded(records)
    assert told(page_reader(INVOICES, columns, NEW_YORK)(body)) == told(
        plainly(body, INVOICES, columns)
    )


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    records=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                **dict.fromkeys(("TotalAmt", "HomeTotalAmt", "ExchangeRate"), SCALARS | ANYTHING),
                "CurrencyRef": st.sampled_from([{"value": "USD"}, {"value": "EUR"}, {}]) | ANYTHING,
                "Line": st.lists(
                    st.fixed_dictionaries(
                        {"DetailType": st.just("SalesItemLineDetail")}, optional={"Amount": SCALARS}
                    ),
                    max_size=2,
                ),
            },
        ),
        max_size=4,
    ),
    home=st.sampled_from(["", "USD"]),
)
def test_amounts_at_home_are_those_of_the_plain_reader(records: list[Json], home: str) -> None:
    body = encoded(records)
    every = [*INVOICES.columns, *(INVOICES.lines.columns if INVOICES.lines else ())]
    columns = [replace(it, home=home) for it in every if is_home(it)]
    assert len(columns) > 3
    of_records = [INVOICES.columns[0], *(it for it in columns if not it.of_line)]
    assert told(page_reader(INVOICES, of_records, NEW_YORK)(body)) == told(
        plainly(body, INVOICES, of_records)
    )
    lines = LineChoice()
    assert told(page_reader(INVOICES, columns, NEW_YORK, lines)(body)) == told(
        plainly(body, INVOICES, columns, lines)
    )


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    records=st.lists(
        st.fixed_dictionaries(
            {},
            optional={"Id": SCALARS, "TotalAmt": SCALARS | ANYTHING, "Credit": FLAGS | ANYTHING},
        ),
        max_size=4,
    ),
    keys=st.sets(st.sampled_from(["total", "credit", "signed_total", "id"]), min_size=1),
)
def test_any_amount_and_flag_give_the_cells_of_the_plain_reader(
    records: list[Json], keys: set[str]
) -> None:
    body = encoded(records, "Purchase")
    columns = [column for column in PURCHASES.columns if column.key in keys]
    assert told(page_reader(PURCHASES, columns, NEW_YORK)(body)) == told(
        plainly(body, PURCHASES, columns)
    )


LINE = shaped(
    {
        "Id": st.sampled_from(["1", "2", "2", "0", None, 3]),
        "LineNum": None,
        "Description": None,
        "Amount": None,
        "DetailType": st.sampled_from(
            ["SalesItemLineDetail", "DiscountLineDetail", "SubTotalLineDetail", "DescriptionOnly"]
        ),
        "SalesItemLineDetail": {"ItemRef": REFERENCE, "Qty": None, "UnitPrice": None},
        "DiscountLineDetail": {"DiscountPercent": None},
        "LinkedTxn": st.lists(shaped({"TxnId": None, "TxnType": None}), max_size=2) | ANYTHING,
    }
)
BUNDLE = st.builds(
    lambda line, parts: {
        **line,
        "DetailType": "GroupLineDetail",
        "GroupLineDetail": {"GroupItemRef": {"value": "9", "name": "Set"}, "Line": parts},
    },
    LINE,
    st.lists(LINE, max_size=3),
)
WITH_LINES = st.builds(
    lambda record, lines: {**record, "Line": lines},
    RECORDS | ODD,
    st.lists(LINE | BUNDLE | st.none(), max_size=5) | st.none(),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    records=st.lists(WITH_LINES | RECORDS, max_size=4),
    columns=st.lists(st.sampled_from(line_columns(INVOICES)), min_size=1, max_size=12, unique=True),
    headers=st.sampled_from(Headers),
    bundles=st.sampled_from(Bundles),
)
def test_any_lines_give_the_cells_of_the_plain_reader(
    records: list[Json], columns: list[Column], headers: Headers, bundles: Bundles
) -> None:
    body, choice = encoded(records), LineChoice(headers, bundles)
    assert told(page_reader(INVOICES, columns, NEW_YORK, choice)(body)) == told(
        plainly(body, INVOICES, columns, choice)
    )
