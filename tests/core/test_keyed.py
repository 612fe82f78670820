from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.blocks import Layout
from counterfoil.core.keyed import (
    MOST_COLUMNS,
    MOST_LINES,
    Places,
    Standing,
    Weaving,
    labels_mark,
    lines_of,
    woven,
)
from counterfoil.core.marks import cut, key_marks
from counterfoil.core.operations import EncodedRows, RowLook, SheetColumn
from counterfoil.core.report_rows import ReportRows
from counterfoil.core.reports import LineKind

KEY = "0f" * 32
TEXT, AMOUNT = SheetColumn("text", "@"), SheetColumn("number", "0.00")


def shown(lines: str, columns: str = "a") -> ReportRows:
    """A report with lines of one letter each, and columns of amounts of one letter each."""
    keys = ("account", *columns)
    header = [["", *columns]]
    return ReportRows(
        header_rows=header,
        rows=[[line, *[1] * len(columns)] for line in lines],
        layout=Layout(
            keys=keys,
            columns=(TEXT, *[AMOUNT] * len(columns)),
            header=EncodedRows.of(header),
            widths=(280, *[110] * len(columns)),
            sums=tuple((at, 2) for at in range(1, len(keys))),
            row_looks=tuple(RowLook(1 + at) for at in range(len(lines))),
        ),
        line_keys=tuple(lines),
        line_kinds=(LineKind.DATA,) * len(lines),
    )


def standing(report: ReportRows) -> Standing:
    lines = lines_of(KEY, report)
    assert lines is not None
    return Standing(
        rows=1 + len(lines),
        lines=lines,
        labels=tuple(row[0] for row in report.rows),
        keys=tuple(cut(key_marks(KEY, report.layout.keys), 6)),
        titles=tuple(report.header_rows[-1]),
    )


def wove(before: str, now: str, *, tidy_up: bool = False) -> Weaving:
    found = woven(shown(now), KEY, standing(shown(before)), tidy_up=tidy_up)
    assert found is not None
    return found


def labels(weaving: Weaving) -> str:
    return "".join(str(row[0]) for row in weaving.shown.rows)


def test_a_line_comes_in_behind_the_one_that_it_follows() -> None:
    found = wove("abd", "abcde")
    assert labels(found) == "abcde"
    assert found.rows == Places((), ((3, 1), (4, 1)), 4, 6)


def test_lines_that_come_first_come_in_below_the_titles() -> None:
    found = wove("c", "abc")
    assert labels(found) == "abc"
    assert found.rows == Places((), ((1, 2),), 2, 4)


def test_a_line_that_is_gone_stays_at_nought_and_new_ones_come_behind_it() -> None:
    found = wove("abc", "axc")
    assert labels(found) == "abxc"
    assert found.shown.rows[1] == ["b", 0]
    assert found.rows == Places((), ((3, 1),), 4, 5)


def test_tidied_up_what_goes_goes_first_and_what_comes_comes_then() -> None:
    found = wove("abcd", "axd", tidy_up=True)
    assert labels(found) == "axd"
    assert found.rows == Places(((2, 2),), ((2, 1),), 3, 4)


def test_a_month_comes_in_between_and_one_that_is_gone_stays_at_nought() -> None:
    found = woven(shown("ab", "135"), KEY, standing(shown("ab", "123")))
    assert found is not None
    assert found.shown.header_rows == [["", "1", "2", "3", "5"]]
    assert found.shown.rows == [["a", 1, 0, 1, 1], ["b", 1, 0, 1, 1]]
    assert found.columns == Places((), ((4, 1),), 4, 5)
    layout = found.shown.layout
    assert layout.sums == ((1, 2), (2, 2), (3, 2), (4, 2))
    assert layout.widths == (280, 110, 110, 110, 110)
    assert layout.key_marks == key_marks(KEY, ["account", "1", "2", "3", "5"])


def test_what_cannot_be_told_apart_is_not_woven() -> None:
    assert lines_of(KEY, shown("aa")) is None
    assert lines_of(KEY, shown("a" + "".join(map(chr, range(200, 200 + MOST_LINES))))) is None
    headed = standing(shown("ab"))
    assert woven(shown("ab"), KEY, Standing(9, headed.lines, ("a", "b"), ("x",), ("y",))) is None


def test_what_is_gone_goes_by_itself_where_it_leaves_no_room_to_keep_places() -> None:
    many = "".join(map(chr, range(200, 200 + MOST_LINES)))
    found = wove("xy" + many[:-2], many)
    assert labels(found) == many
    assert found.rows == Places(((1, 2),), ((999, 2),), 999, 1_001)
    assert found.told == (
        "Gone, and taken out, as no more than 1,000 lines and 200 columns keep their places: "
        "2 lines."
    )


def test_a_line_with_something_of_a_persons_beside_it_stays_and_the_others_go() -> None:
    many = "".join(map(chr, range(200, 200 + MOST_LINES)))
    before = replace(standing(shown("xyz" + many[:-3])), beside=frozenset({1, 5}))
    found = woven(shown(many[:-1]), KEY, before)
    assert found is not None
    assert labels(found) == "y" + many[:-1]
    assert found.rows.gone == ((1, 1), (3, 1))
    assert found.told == (
        "Gone, and at 0 until somebody tidies up: 1 line. Gone, and taken out, as no more than "
        "1,000 lines and 200 columns keep their places: 2 lines."
    )


def test_where_too_many_have_something_beside_them_the_writer_is_to_name_the_cell() -> None:
    many = "".join(map(chr, range(200, 200 + MOST_LINES)))
    before = replace(standing(shown("xy" + many[:-2])), beside=frozenset({1}))
    found = woven(shown(many), KEY, before)
    assert found is not None
    assert found.rows.gone == ((1, 2),)


def test_columns_that_are_gone_go_by_themselves_and_lines_that_have_room_stay() -> None:
    wide = "".join(map(chr, range(200, 200 + MOST_COLUMNS - 1)))
    found = woven(shown("a", wide), KEY, standing(shown("ab", "1" + wide[:-1])))
    assert found is not None
    assert labels(found) == "ab"
    assert found.shown.header_rows == [["", *wide]]
    assert found.columns == Places(((1, 1),), ((199, 1),), 199, 200)
    assert found.told == (
        "Gone, and at 0 until somebody tidies up: 1 line. Gone, and taken out, as no more than "
        "1,000 lines and 200 columns keep their places: 1 column."
    )


def test_what_somebody_tidies_up_is_not_told_as_gone_for_want_of_room() -> None:
    many = "".join(map(chr, range(200, 200 + MOST_LINES)))
    assert wove("z", many, tidy_up=True).told == ""


def test_a_report_of_names_runs_for_years_though_others_sell_each_month() -> None:
    names = "".join(map(chr, range(200, 1_700)))
    sheet = standing(shown(names[:500]))
    for month in range(1, 37):
        now = (names[month * 7 % 1_500 :] + names)[month * 131 % 400 :][:500]
        found = woven(shown("".join(sorted(now))), KEY, sheet)
        assert found is not None
        assert len(found.lines) <= MOST_LINES
        assert set(now) <= set(labels(found))
        sheet = replace(
            sheet,
            rows=found.rows.after,
            lines=found.lines,
            labels=tuple(row[0] for row in found.shown.rows),
        )


def test_the_mark_of_labels_tells_their_order() -> None:
    assert labels_mark(KEY, ["a", "b"]) != labels_mark(KEY, ["b", "a"])


LETTERS = st.lists(st.sampled_from("abcdefgh"), unique=True).map("".join)


@given(LETTERS, st.lists(st.tuples(LETTERS, st.booleans()), max_size=5))
def test_rows_taken_out_and_put_in_give_the_woven_report_and_nothing_moves(
    first: str, later: list[tuple[str, bool]]
) -> None:
    sheet = standing(shown(first))
    for now, tidy_up in later:
        found = woven(shown(now), KEY, sheet, tidy_up=tidy_up)
        assert found is not None
        old = ["header", *sheet.labels]
        for at, count in reversed(found.rows.gone):
            del old[at : at + count]
        assert len(old) == found.rows.between
        for at, count in reversed(found.rows.fresh):
            old[at:at] = [None] * count
        assert len(old) == found.rows.after
        rows = ["header", *(row[0] for row in found.shown.rows)]
        assert all(was in (None, is_) for was, is_ in zip(old, rows, strict=True))
        assert set(now) <= set(labels(found))
        assert {row[0] for row in found.shown.rows if row[1] == 0} == set(labels(found)) - set(now)
        sheet = Standing(
            found.rows.after,
            found.lines,
            tuple(row[0] for row in found.shown.rows),
            sheet.keys,
            sheet.titles,
        )
