"""How a report is laid out, as a person chose it, checked against what the report has."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from counterfoil.catalog.ties import ties_of
from counterfoil.core import readings
from counterfoil.core.compared_days import MOST_PERIODS, Against, Comparison, Span, spans
from counterfoil.core.datasets import Report
from counterfoil.core.dates import parsed
from counterfoil.core.errors import BadRequest
from counterfoil.core.readings import tell
from counterfoil.core.report_rows import AccountNumbers, Keeping, ReportLayout, Totals
from counterfoil.flows.consolidating import OPTION, Consolidation, consolidation
from counterfoil.flows.option_values import flag

REPORT_OPTIONS = (
    *("layout", "account_numbers", "line_ids", "totals", "compare", "periods", "tie_out"),
    OPTION,
)
_BY = "summarize_column_by"
_Choice = TypeVar("_Choice", bound=enum.StrEnum)


@dataclass(frozen=True, slots=True)
class Shape:
    """What becomes of a report once it is read."""

    layout: ReportLayout = ReportLayout.PRINTED
    numbers: AccountNumbers = AccountNumbers.AS_SENT
    totals: Totals = Totals.VALUES
    compare: Comparison | None = None
    keeping: Keeping = Keeping.REPLACE
    # Other reports that it is checked against, by the keys of ties; True: by all there are.
    tie_out: bool | tuple[str, ...] = False
    group: Consolidation | None = None  # of several companies in one table
    line_ids: bool = False  # the accounts' ids in a last column, where the report is printed
    titled: bool = False  # a row above the column titles, which says when the table is late

    @property
    def kept(self) -> dict[str, Any]:
        """As it stands among the options of an exporter: only what is not the default."""
        plain = Shape()
        chosen = {
            "layout": (self.layout, plain.layout),
            "account_numbers": (self.numbers, plain.numbers),
            "totals": (self.totals, plain.totals),
            "mode": (self.keeping, plain.keeping),
        }
        kept: dict[str, Any] = {
            name: own.value for name, (own, default) in chosen.items() if own is not default
        }
        if self.compare is not None:
            kept |= {"compare": self.compare.against.value, "periods": self.compare.periods}
        if self.tie_out:
            kept["tie_out"] = list(self.tie_out) if isinstance(self.tie_out, tuple) else True
        if self.group is not None:
            kept[OPTION] = self.group.kept
        if self.line_ids:
            kept["line_ids"] = True
        if self.titled:
            kept["title_row"] = True
        return kept

    def asks_numbers(self, report: Report) -> bool:
        """Whether its accounts' numbers are read: to be shown or hidden, or for a column of the
        tidy layout.
        """
        is_column = self.layout is ReportLayout.TIDY and report.accounts
        return is_column or self.numbers is not AccountNumbers.AS_SENT


def shape_of(report: Report, options: Mapping[str, Any], parameters: Mapping[str, str]) -> Shape:
    """Raises BadRequest that names what is wrong."""
    shape = Shape(
        layout=_one_of(options, "layout", ReportLayout.PRINTED),
        numbers=_one_of(options, "account_numbers", AccountNumbers.AS_SENT),
        totals=_one_of(options, "totals", Totals.VALUES),
        compare=_comparison(report, options, parameters),
        keeping=_one_of(options, "mode", Keeping.REPLACE),
        tie_out=_tie_out(report, options.get("tie_out")),
        group=consolidation(report, options, parameters),
        line_ids=flag(options, "line_ids"),
        titled=flag(options, "title_row"),
    )
    has_ids = report.accounts and not report.is_detail and shape.layout is ReportLayout.PRINTED
    if shape.line_ids and (not has_ids or shape.group is not None):
        raise BadRequest(
            "Ids of accounts have a column of their own in the printed report of one company, with "
            "a line for each account. Leave them out.",
            option="line_ids",
        )
    if shape.titled and shape.layout is ReportLayout.PRINTED:
        raise BadRequest(
            "A printed report has title rows of its own. Leave the row above the column titles "
            "out.",
            option="title_row",
        )
    if shape.numbers is not AccountNumbers.AS_SENT and not report.accounts:
        raise BadRequest(
            f"The lines of {report.title} are no accounts. Leave account numbers out.",
            option="account_numbers",
        )
    if shape.totals is Totals.FORMULAS and (report.is_detail or shape.layout is ReportLayout.TIDY):
        raise BadRequest(
            "Live totals are for printed reports of accounts, not for lists of transactions and "
            "not for tidy tables. Choose totals as values.",
            option="totals",
        )
    return shape


def refuse(options: Mapping[str, Any], title: str) -> None:
    """Raises BadRequest where a list is asked for what only reports have."""
    if options.get("layout"):
        raise BadRequest(f"{title} have one layout only. Leave it out.", option="layout")
    for name in REPORT_OPTIONS:
        if options.get(name):
            raise BadRequest(f'{title} have no "{name}" to choose. Leave it out.', option=name)


def _comparison(
    report: Report, options: Mapping[str, Any], parameters: Mapping[str, str]
) -> Comparison | None:
    tell("compare", readings.one_of(*(Against if report.comparable else ())))
    tell("periods", {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_PERIODS})
    against, periods = options.get("compare"), options.get("periods")
    if against is None:
        if periods is not None:
            raise BadRequest('"periods" is for a comparison: choose one.', option="periods")
        return None
    known = [each for each in Against if each.value == against]
    if not known:
        shown = " or ".join(f'"{each.value}"' for each in Against)
        raise BadRequest(f'"compare" of a report is {shown}.', option="compare")
    if not report.comparable or parameters.get(_BY, "Total") != "Total":
        raise BadRequest(
            f"{report.title} cannot be compared with other periods: {_why_alone(report)}.",
            option="compare",
        )
    count = 1 if periods is None else periods
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_PERIODS:
        raise BadRequest(f"A comparison is with 1 to {MOST_PERIODS} periods.", option="periods")
    compared = Comparison(known[0], count)
    try:
        spans(span_of(report, parameters), compared)
    except (ValueError, OverflowError):
        raise BadRequest("There are no such periods to compare with.", option="compare") from None
    return compared


def _why_alone(report: Report) -> str:
    if report.comparable:
        return "it has columns by something else. Choose columns of the total"
    if report.is_detail:
        return "its lines are transactions or records, which are not there in another period"
    if report.computed:
        return "it is made of several reports. Make it for each of the periods"
    return "it is a form of an authority, of which each period has its own"


def _tie_out(report: Report, asked: object) -> bool | tuple[str, ...]:
    known = [tie.key for tie in ties_of(report)]
    some = {"type": ["array", "boolean", "null"], "items": {"enum": known}}
    tell("tie_out", some if known else {"type": ["boolean", "null"]})
    if asked is None or asked is False:
        return False
    if not known:
        raise BadRequest(
            f"There is no other report to check {report.title} against.", option="tie_out"
        )
    if asked is True:
        return True
    if not isinstance(asked, list) or not all(key in known for key in asked):
        shown = ", ".join(f'"{key}"' for key in known)
        raise BadRequest(
            f'"tie_out" of {report.title} is true, or a list of these: {shown}.', option="tie_out"
        )
    return tuple(key for key in known if key in asked)


def span_of(report: Report, parameters: Mapping[str, str]) -> Span:
    """The period asked for; of a report as of a day, that day."""
    end = parsed(parameters[report.as_of or "end_date"])
    return Span(None if report.as_of else parsed(parameters["start_date"]), end)


def _one_of(options: Mapping[str, Any], name: str, default: _Choice) -> _Choice:
    value, kinds = options.get(name), type(default)
    tell(name, readings.one_of(*kinds))
    if value is None:
        return default
    for kind in kinds:
        if value == kind.value:
            return kind
    shown = " or ".join(f'"{each.value}"' for each in kinds)
    raise BadRequest(f'"{name}" of a report is {shown}.', option=name)
