"""Formulas that find a value in a table, as far as ours use them."""

from __future__ import annotations

import pytest

from sandbox.google.cells import CellError, Value
from sandbox.google.formulas import evaluate

TABLE: list[list[Value]] = [
    ["Id", "Name", "From", "Amount"],
    ["22", "4000 Design Fees", 46023, 1837.5],
    ["22", "4000 Design Fees", 46054, 2695],
    ["23", "4100 Garden Work", 46054, 672],
    ["", "Total Income", "", 5204.5],
]


def look(name: str) -> list[list[Value]]:
    assert name == "CF_1"
    return TABLE


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("INDEX(CF_1,2,4)", 1837.5),
        ('INDEX(CF_1,MATCH("Total*Income",INDEX(CF_1,0,2),0),4)', 5204.5),
        ('INDEX(CF_1,MATCH("total income",INDEX(CF_1,0,2),0),4)', 5204.5),
        ('MATCH("Amount",INDEX(CF_1,1,0),0)', 4),
        ('SUMIFS(INDEX(CF_1,0,4),INDEX(CF_1,0,1),"22")', 4532.5),
        ('SUMIFS(INDEX(CF_1,0,4),INDEX(CF_1,0,1),"22",INDEX(CF_1,0,3),">="&46054)', 2695),
        ('SUMIFS(INDEX(CF_1,0,4),INDEX(CF_1,0,2),"4000 *",INDEX(CF_1,0,3),"<46054")', 1837.5),
        ('SUMIFS(INDEX(CF_1,0,4),INDEX(CF_1,0,2),"4~*")', 0),
        ('XLOOKUP("4100 Garden Work",INDEX(CF_1,0,2),INDEX(CF_1,0,4))', 672),
        ('XLOOKUP("4100*",INDEX(CF_1,0,2),INDEX(CF_1,0,4),"none")', "none"),
        ('XLOOKUP("Total Income",INDEX(CF_1,0,2),XLOOKUP("Amount",INDEX(CF_1,1,0),CF_1))', 5204.5),
        ('IFERROR(INDEX(CF_1,9,1),"")', ""),
        ('IFERROR(INDEX(CF_1,2,2),"")', "4000 Design Fees"),
        ('IFERROR(1/0,"a"&"b")', "ab"),
        ('IFERROR(SUM(1,MATCH("x",INDEX(CF_1,0,1),0)),7)+1', 8),
        ('INDEX(SORT(FILTER(CF_1,INDEX(CF_1,0,1)="22"),4,FALSE),1,4)', 2695),
        ('INDEX(SORT(FILTER(CF_1,INDEX(CF_1,0,1)<>"22"),4,TRUE),2,4)', 672),
        ('INDEX(SORT(FILTER(CF_1,INDEX(CF_1,0,1)="22"),4,TRUE),1,3)', 46023),
        ('INDEX(SORT(FILTER(CF_1,INDEX(CF_1,0,1)="22"),4,TRUE),3,3)', CellError("#REF!")),
        ('FILTER(CF_1,INDEX(CF_1,0,1)="none")', CellError("#N/A")),
        ("INDEX(CF_1,9,1)", CellError("#REF!")),
        ('MATCH("x",INDEX(CF_1,0,1),0)', CellError("#N/A")),
        ('XLOOKUP("x",INDEX(CF_1,0,1),INDEX(CF_1,0,4))', CellError("#N/A")),
        ('COUNTIFS(INDEX(CF_1,0,1),"22",INDEX(CF_1,0,3),"="&46054)', 1),
        ('COUNTIFS(INDEX(CF_1,0,1),"24")', 0),
        ('LET(head,IF(COUNTIFS(INDEX(CF_1,1,0),"Amount")>0,1,2),head+1)', 2),
        ('LET(head,1,ids,INDEX(CF_1,0,1),COUNTIFS(ids,"22")+head)', 3),
        ("LET(1,2,3)", CellError("#NAME?")),
        ("SUM(UNIQUE(FILTER(INDEX(CF_1,0,3),INDEX(CF_1,0,3)<=46054)))", 46023 + 46054),
        ('FILTER(INDEX(CF_1,0,4),INDEX(CF_1,0,3)=46054,INDEX(CF_1,0,1)="23")', 672),
        ("IF(1=1,5,NA())", 5),
        ("IF(1=2,5,NA())", CellError("#N/A")),
        ("IF(1=2,NA())", False),
        ("SUM(INDEX(CF_1,2,4):INDEX(CF_1,4,4))", 5204.5),
        ("SUM(INDEX(CF_1,4,3):INDEX(CF_1,2,4))", 46023 + 46054 * 2 + 5204.5),
        ("SUM(INDEX(CF_1,2,4):4)", CellError("#REF!")),
        ('CHOOSE(MONTH(46054),"Jan","Feb")&YEAR(46054)&"."&DAY(46054)', "Feb2026.1"),
        ('MONTH("2026-03-31")', 3),
        ("YEAR(INDEX(CF_1,5,3))", 1899),
        ('MONTH("March")', CellError("#VALUE!")),
        ('CHOOSE(3,"a","b")', CellError("#NUM!")),
    ],
)
def test_lookups(formula: str, value: Value) -> None:
    assert evaluate("=" + formula, look) == value
