"""A report held against others of the same company that tell of the same: docs/reports.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from counterfoil.catalog.parameters import sent_parameters
from counterfoil.catalog.ties import (
    NEUTRAL,
    AnyTie,
    Basis,
    OpenDocuments,
    Span,
    Tie,
    ties_of,
)
from counterfoil.core.datasets import Report
from counterfoil.core.dates import parsed
from counterfoil.core.errors import (
    BudgetSpent,
    ConnectionBusy,
    IncompleteRead,
    QuickBooksBusy,
    QuickBooksRejected,
    ReportTooLarge,
)
from counterfoil.core.journal import along
from counterfoil.core.periods import Today, fiscal_year_start
from counterfoil.core.reports import ReportTable
from counterfoil.core.tie_figures import figure, wanted_columns
from counterfoil.core.tie_out import NotApplicable, TieOut, compared, not_applicable
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.open_documents import against_documents, columns_of_detail
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Company

_ACCRUAL = "Accrual"
# No company of QuickBooks Online has anything in stock from before; QuickBooks wants a first day.
_EVER = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Question:
    """What another report is asked, so that it tells of the same."""

    tie: Tie
    report: Report
    parameters: Mapping[str, str]


def asked_ties(choice: ReportChoice) -> tuple[AnyTie, ...]:
    """Those that a person wants to see: each costs calls of QuickBooks."""
    asked, ties = choice.shape.tie_out, ties_of(choice.report)
    return ties if asked is True else tuple(tie for tie in ties if asked and tie.key in asked)


def tied(
    company: Company, choice: ReportChoice, table: ReportTable, *, today: Today, in_flight: int
) -> tuple[TieOut, ...]:
    """What came of each tie asked for, in the catalog's order. That another report cannot be read
    is told and ends nothing: the one in hand is complete.
    """
    ties = asked_ties(choice)
    if not ties:
        return ()

    def one(tie: AnyTie) -> TieOut:
        try:
            if isinstance(tie, OpenDocuments):
                return _with_documents(company, tie, choice, table, today.day)
            asked = question(tie, choice, table, today.fiscal_month)
            return _compared(company, asked, choice, table)
        except NotApplicable as why:
            return not_applicable(tie.key, tie.title, str(why))

    with ThreadPoolExecutor(min(len(ties), in_flight)) as pool:
        return tuple(pool.map(along(one), ties))


def question(tie: Tie, choice: ReportChoice, table: ReportTable, fiscal_month: int) -> Question:
    """Raises NotApplicable where the report, as it was asked for, is not the other's equal."""
    _check_whole(tie, choice)
    side = tie.other(choice.report)
    takes = {parameter.key: parameter for parameter in side.report.parameters}
    asked = {
        **_days(tie, choice, side.report, fiscal_month),
        **{key: choice.parameters[key] for key in tie.shared if key in choice.parameters},
    }
    basis = _basis(tie, choice, table)
    if basis and "accounting_method" in takes:
        asked["accounting_method"] = basis
    if "columns" in takes and (columns := wanted_columns(side.measure, takes["columns"].choices)):
        asked["columns"] = ",".join(columns)
    return Question(tie, side.report, sent_parameters(side.report, asked))


def _compared(
    company: Company, asked: Question, choice: ReportChoice, table: ReportTable
) -> TieOut:
    tie, other = asked.tie, _read(company, asked)
    _check_basis(asked, other)
    return compared(
        tie.key,
        tie.title,
        (choice.report.title, asked.report.title),
        (
            figure(table, tie.own(choice.report).measure),
            figure(other, tie.other(choice.report).measure),
        ),
        table.currency,
    )


def _with_documents(
    company: Company, tie: OpenDocuments, choice: ReportChoice, table: ReportTable, today: date
) -> TieOut:
    _check_whole(tie, choice)
    day = parsed(choice.parameters["report_date"])
    if day != today:
        raise NotApplicable(
            f"What was left of a document on {day} QuickBooks does not tell, only what is left "
            f"today, {today}."
        )
    offered = next(each.choices for each in tie.detail.parameters if each.key == "columns")
    asked = {"report_date": day.isoformat(), "columns": columns_of_detail(offered)}
    if _takes_basis(tie.detail):
        asked["accounting_method"] = _ACCRUAL
    with _refusals(f"{tie.detail.title} with its documents"):
        detail = company.report(tie.detail.report, asked)
        return against_documents(tie, company, table, detail, day)


def _read(company: Company, asked: Question) -> ReportTable:
    with _refusals(asked.report.title):
        return company.report(asked.report.report, asked.parameters)


@contextmanager
def _refusals(title: str) -> Iterator[None]:
    """Raises NotApplicable in place of what a call raises that ends no run."""
    try:
        yield
    except (Waiting, QuickBooksBusy, ConnectionBusy):
        raise NotApplicable(
            f"QuickBooks had no time for the {title} just now. Run it again later."
        ) from None
    except BudgetSpent:
        raise NotApplicable(
            f"This month's calls of QuickBooks are used up: the {title} was not asked for."
        ) from None
    except ReportTooLarge:
        raise NotApplicable(f"QuickBooks cannot show the {title} in one piece.") from None
    except IncompleteRead:
        raise NotApplicable(f"QuickBooks sent no {title} that we can read.") from None
    except QuickBooksRejected as error:
        raise NotApplicable(f"The {title} could not be read: {error.message}") from None


def _check_whole(tie: AnyTie, choice: ReportChoice) -> None:
    """Raises NotApplicable where the report shows a part of what it could."""
    shared = tie.shared if isinstance(tie, Tie) else ()
    for parameter in choice.report.parameters:
        narrows = parameter.key not in NEUTRAL and parameter.key not in shared
        if narrows and choice.parameters.get(parameter.key):
            raise NotApplicable(
                f'The {choice.report.title} is narrowed by "{parameter.title}": no other report '
                "would come to the same."
            )


def _days(tie: Tie, choice: ReportChoice, other: Report, fiscal_month: int) -> Mapping[str, str]:
    own, given = choice.report, choice.parameters
    end = given[own.as_of or "end_date"]
    if other.as_of:
        if tie.span is Span.YEAR_TO_DATE:
            _check_year(own, parsed(given["start_date"]), parsed(end), fiscal_month)
        if tie.span is Span.EVER and parsed(given["start_date"]) > _EVER:
            raise NotApplicable(
                f"The {own.title} shows only what moved since {given['start_date']}; the "
                f"{other.title} is held against all moves up to its day."
            )
        return {other.as_of: end}
    if tie.span is Span.EVER:
        return {"start_date": _EVER.isoformat(), "end_date": end}
    if tie.span is Span.YEAR_TO_DATE:
        return {
            "start_date": fiscal_year_start(parsed(end), fiscal_month).isoformat(),
            "end_date": end,
        }
    return {"start_date": given["start_date"], "end_date": end}


def _check_year(own: Report, start: date, end: date, fiscal_month: int) -> None:
    first = fiscal_year_start(end, fiscal_month)
    if start != first:
        raise NotApplicable(
            f"The {own.title} begins on {start}; it is compared where it begins with the fiscal "
            f"year, on {first}."
        )


def _basis(tie: Tie, choice: ReportChoice, table: ReportTable) -> str:
    """Raises NotApplicable where the report is on one that the other is not."""
    own = table.basis or choice.parameters.get("accounting_method", "")
    title, other = choice.report.title, tie.other(choice.report).report
    takes = _takes_basis(choice.report)
    if tie.basis is Basis.SAME and takes and _takes_basis(other):
        return own
    if takes and own != _ACCRUAL:
        if not own:
            why = f"QuickBooks does not say on which basis the {title} is. Choose accrual."
        elif tie.basis is Basis.ACCRUAL:
            why = f"The {title} is on cash basis, on which nothing is owed."
        else:
            why = f"The {title} is on cash basis, and the {other.title} cannot be asked for on it."
        raise NotApplicable(why)
    return _ACCRUAL


def _takes_basis(report: Report) -> bool:
    return any(parameter.key == "accounting_method" for parameter in report.parameters)


def _check_basis(asked: Question, other: ReportTable) -> None:
    wanted = asked.parameters.get("accounting_method")
    if wanted and other.basis and other.basis != wanted:
        raise NotApplicable(
            f"QuickBooks sent the {asked.report.title} on another basis than it was asked for."
        )


def calls_to_tie(choice: ReportChoice) -> int:
    """How many answers more it takes, at the most."""
    return sum(tie.calls for tie in asked_ties(choice))
