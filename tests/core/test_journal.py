"""What a log line may hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core.journal import FIELDS, MAX_LENGTH, journal_line


@given(st.text(), st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text()))
def test_no_text_makes_a_second_line(event: str, fields: dict[str, str]) -> None:
    line = journal_line(event, "INFO", fields)
    assert line.isascii()
    assert not {"\n", "\r", "\x1b", "\x00"} & set(line)
    told = json.loads(line)
    assert told.keys() == {"severity", "message"} | fields.keys()
    assert all(len(value) <= MAX_LENGTH for value in told.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access_token", "a"),
        ("email", "ana@example.com"),
        ("amount", 100),
        ("severity", "INFO"),
        ("code", ["a list"]),
        ("code", {"access_token": "a"}),
    ],
)
def test_what_is_not_on_the_list_or_no_plain_value_is_dropped(name: str, value: object) -> None:
    assert json.loads(journal_line("x", "ERROR", {name: value})) == {
        "severity": "ERROR",
        "message": "x",
    }
