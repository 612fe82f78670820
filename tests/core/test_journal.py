"""What a log line may hold."""

from __future__ import annotations

import contextvars
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.core import journal
from counterfoil.core.journal import FIELDS, MAX_LENGTH, journal_line


def outside(*given: Any, **more: Any) -> dict[str, object]:
    """The line as it is told where no request ever began, whatever other tests began in this thread."""
    found: dict[str, object] = json.loads(contextvars.Context().run(journal_line, *given, **more))
    return found


@given(st.text(), st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text()))
def test_no_text_makes_a_second_line(event: str, fields: dict[str, str]) -> None:
    line = contextvars.Context().run(journal_line, event, "INFO", fields)
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
    assert outside("x", "ERROR", {name: value}) == {"severity": "ERROR", "message": "x"}


def told(trace: str | None = None, parent: str | None = None, **line: object) -> dict[str, object]:
    def within() -> str:
        journal.begin(trace, parent)
        return journal_line("x", "INFO", {}, project="a-project", **line)  # type: ignore[arg-type]

    found: dict[str, object] = json.loads(contextvars.copy_context().run(within))
    return found


TRACE = "105445aa7843bc8bf206b12000100000"


@pytest.mark.parametrize(
    ("trace", "parent", "span"),
    [
        (f"{TRACE}/1;o=1", None, "0000000000000001"),
        (f"{TRACE}/18446744073709551615;o=0", None, "ffffffffffffffff"),
        (None, f"00-{TRACE}-00f067aa0ba902b7-01", "00f067aa0ba902b7"),
    ],
)
def test_a_line_belongs_to_its_requests_trace(
    trace: str | None, parent: str | None, span: str
) -> None:
    line = told(trace, parent)
    assert line["logging.googleapis.com/trace"] == f"projects/a-project/traces/{TRACE}"
    assert line["logging.googleapis.com/spanId"] == span


@pytest.mark.parametrize("trace", [None, "", "x", "../x", TRACE.upper(), f"{TRACE}\n", "0" * 9000])
def test_a_header_that_is_no_trace_is_none(trace: str | None) -> None:
    assert told(trace, trace) == {"severity": "INFO", "message": "x"}


def test_costs_and_run_are_the_requests_in_whatever_thread() -> None:
    def request(run: str) -> tuple[dict[str, int], str]:
        occasion = journal.begin(None, None)
        journal.about(run)
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(journal.along(journal.spend), "calls") for _ in range(50)]:
                done.result()
            line = pool.submit(journal.along(journal_line), "x", "INFO", {}).result()
        journal.spend("reads")
        return occasion.counts(), json.loads(line)["run"]

    with ThreadPoolExecutor(4) as requests:
        runs = [f"run_{number}" for number in range(8)]
        found = list(requests.map(request, runs))
    assert found == [({"calls": 50, "reads": 1}, run) for run in runs]


def test_a_part_of_a_request_is_about_its_own_run_and_costs_both() -> None:
    def request() -> tuple[list[str | None], list[dict[str, int]]]:
        occasion = journal.begin(None, None)
        journal.spend("calls")
        with journal.part() as part:
            journal.about("run_1")
            journal.spend("sheets")
            inside = journal_line("e", "INFO", {})
        with journal.part():
            journal.spend("sheets")
        runs = [json.loads(line).get("run") for line in (inside, journal_line("e", "INFO", {}))]
        return runs, [part.counts(), occasion.counts()]

    assert contextvars.copy_context().run(request) == (
        ["run_1", None],
        [{"sheets": 1}, {"calls": 1, "sheets": 2}],
    )


def test_what_the_stores_took_is_told_together_in_whole_milliseconds() -> None:
    def request() -> dict[str, int]:
        occasion = journal.begin(None, None)
        journal.spend("reads")
        journal.stored(1.4)
        journal.stored(2.4)
        return occasion.counts()

    assert contextvars.copy_context().run(request) == {"reads": 1, "store_ms": 4}


def test_outside_of_a_request_nothing_is_counted() -> None:
    def counted() -> str:
        journal.spend("reads")
        journal.stored(1)
        journal.about("run_1")
        return journal_line("x", "INFO", {}, project="a-project")

    assert json.loads(contextvars.Context().run(counted)) == {"severity": "INFO", "message": "x"}


def test_an_error_is_one_for_error_reporting_grouped_by_its_place() -> None:
    line = outside(
        "unhandled", "ERROR", {"error": "KeyError"}, service="export",
        place=("web/handlers.py", 12, "home"),
    )  # fmt: skip
    assert line == {
        "severity": "ERROR",
        "message": "unhandled",
        "error": "KeyError",
        "@type": "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent",
        "serviceContext": {"service": "export"},
        "context": {
            "reportLocation": {
                "filePath": "web/handlers.py", "lineNumber": 12, "functionName": "home",
            }
        },
    }  # fmt: skip


def test_what_is_no_error_is_not_reported_as_one() -> None:
    line = outside("refused", "WARNING", {}, place=("x.py", 1, "y"))
    assert line == {"severity": "WARNING", "message": "refused"}
