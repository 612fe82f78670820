from __future__ import annotations

from datetime import date

import pytest

from counterfoil.core.compared_days import Against, Comparison, Span, by_month, spans

PREVIOUS, LAST_YEAR = Against.PREVIOUS_PERIOD, Against.LAST_YEAR


def span(text: str) -> Span:
    start, _, end = text.partition("..")
    return Span(date.fromisoformat(start) if end else None, date.fromisoformat(end or start))


def shown(found: list[Span]) -> list[str]:
    return [f"{each.start}..{each.end}" if each.start else str(each.end) for each in found]


@pytest.mark.parametrize(
    ("now", "against", "periods", "before"),
    [
        ("2026-03-01..2026-03-31", PREVIOUS, 2, ["2026-02-01..2026-02-28", "2026-01-01..2026-01-31"]),
        ("2026-01-01..2026-03-31", PREVIOUS, 1, ["2025-10-01..2025-12-31"]),
        ("2026-01-01..2026-12-31", PREVIOUS, 1, ["2025-01-01..2025-12-31"]),
        ("2026-11-01..2026-11-22", PREVIOUS, 1, ["2026-10-01..2026-10-22"]),
        ("2026-03-01..2026-03-30", PREVIOUS, 1, ["2026-02-01..2026-02-28"]),
        ("2026-01-05..2026-01-11", PREVIOUS, 1, ["2025-12-29..2026-01-04"]),
        ("2026-01-01..2026-02-10", PREVIOUS, 1, ["2025-11-21..2025-12-31"]),
        ("2026-01-01..2026-02-10", LAST_YEAR, 1, ["2025-01-01..2025-02-10"]),
        ("2024-02-01..2024-02-29", LAST_YEAR, 2, ["2023-02-01..2023-02-28", "2022-02-01..2022-02-28"]),
        ("2025-02-01..2025-02-28", LAST_YEAR, 1, ["2024-02-01..2024-02-29"]),
        ("2026-03-31", PREVIOUS, 2, ["2026-02-28", "2026-01-31"]),
        ("2026-03-30", PREVIOUS, 1, ["2026-02-28"]),
        ("2026-03-15", LAST_YEAR, 1, ["2025-03-15"]),
    ],
)  # fmt: skip
def test_what_comes_before(now: str, against: Against, periods: int, before: list[str]) -> None:
    assert shown(spans(span(now), Comparison(against, periods))) == [now, *before]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2026-03-01..2026-03-31", "Mar 2026"),
        ("2026-03-01..2026-03-30", "2026-03-01 to 2026-03-30"),
        ("2026-01-01..2026-03-31", "2026-01-01 to 2026-03-31"),
        ("2026-01-01..2026-12-31", "2026"),
        ("2025-04-01..2026-03-31", "2025-04-01 to 2026-03-31"),
        ("2026-03-31", "2026-03-31"),
    ],
)
def test_a_period_has_a_title(text: str, title: str) -> None:
    assert span(text).title == title


@pytest.mark.parametrize(
    ("texts", "months"),
    [
        (["2026-03-01..2026-03-31", "2025-03-01..2025-03-31"], "2025-03-01..2026-03-31"),
        (["2026-03-31", "2026-02-28"], "2026-02-01..2026-03-31"),
        (["2026-03-01..2026-03-30", "2026-02-01..2026-02-28"], None),
        (["2026-03-30", "2026-02-28"], None),
        (["2026-03-31", "2021-03-31"], None),
    ],
)
def test_one_report_by_month_holds_whole_months_only(texts: list[str], months: str | None) -> None:
    found = by_month([span(text) for text in texts])
    assert (found and f"{found[0]}..{found[1]}") == months
