"""A report in one answer, or, where QuickBooks cannot give that, by period in several."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from counterfoil.core import cash_join, line_join, report_join, report_sums, ties
from counterfoil.core.errors import QuickBooksBusy, ReportTooLarge
from counterfoil.core.journal import along
from counterfoil.core.proof import Proof, Verdict
from counterfoil.core.report_cuts import (
    MOST_PARTS,
    OF_A_PERIOD,
    SUMS,
    Range,
    aligned,
    halves,
    pieces,
)
from counterfoil.core.report_values import too_large
from counterfoil.core.reports import ReportTable
from counterfoil.core.whole_columns import with_narrowing
from counterfoil.flows.chosen import ReportChoice
from counterfoil.flows.closing import SETTLE_S
from counterfoil.flows.pace import Waiting
from counterfoil.flows.ports import Company
from counterfoil.flows.report_choices import too_large_for
from counterfoil.flows.report_quiet import LISTED, POSTING, Quiet, check_readings, quiet


class Narrower(Exception):
    """The step ends here, and the next one asks for these parts from its beginning on."""

    def __init__(self, position: Mapping[str, Any], wait_s: float) -> None:
        super().__init__("the report is asked for in smaller parts")
        self.position = dict(position)
        self.wait_s = wait_s

    @classmethod
    def of(cls, ranges: Sequence[Range], wait_s: float, readings: int) -> Narrower:
        told = [[start.isoformat(), end.isoformat()] for start, end in ranges]
        return cls({"ranges": told, "readings": readings}, wait_s)


@dataclass(frozen=True, slots=True)
class Joined:
    """The whole report, of how many answers it was joined, and whether the books rested then;
    `proofs` are those of answers that stand beside each other in it.
    """

    table: ReportTable
    parts: int = 1
    quiet: Quiet = Quiet.YES
    proofs: tuple[Proof, ...] = ()

    def proof(self) -> Proof:
        """As far as its totals go; of parts it says that they are, and no more than they prove."""
        proof = self._of_totals()
        if self.parts == 1:
            return proof
        why = f"{proof.why} QuickBooks sent it in {self.parts:,} parts, by period."
        if self.quiet is Quiet.YES or proof.verdict is Verdict.FAIL:
            return replace(proof, why=why)
        why += " Whether somebody edited meanwhile could not be asked."
        return replace(proof, verdict=Verdict.NOT_CHECKED, why=why)

    def _of_totals(self) -> Proof:
        """A comparison cannot show all that its answers say: each is held to its own totals."""
        whole = ties.proof(self.table)
        broken = [each for each in self.proofs if each.verdict is Verdict.FAIL]
        if broken:
            return broken[0]
        said = [each.verdict for each in self.proofs if each.sent]
        if whole.verdict is not Verdict.NOT_CHECKED or set(said) != {Verdict.PASS}:
            return whole
        why = "The totals of each period are the sums of their lines."
        return replace(whole, verdict=Verdict.PASS, why=why, apart="")


def calls_to_read(choice: ReportChoice) -> int:
    """How many it takes, and whether anybody edited meanwhile, unless it is too large."""
    whole = _whole(choice)
    first = pieces(whole, _columns(choice)) if whole else ()
    return len(first) + 1 if len(first) > 1 else 1


def report_table(
    company: Company,
    choice: ReportChoice,
    position: Mapping[str, Any] | None,
    *,
    in_flight: int,
    monotonic: Callable[[], float] = time.monotonic,
) -> Joined:
    """Raises Narrower when this step has no time for parts that are known to be needed, or was
    overtaken by edits, ReportTooLarge for a report that cannot be cut, with what to choose instead,
    IncompleteRead where parts do not fit together or edits do not end.
    """
    whole = _whole(choice)
    try:
        return _table(company, choice, position, whole, in_flight, monotonic)
    except ReportTooLarge as error:
        raise too_large_for(choice, cut=whole is not None) from error


def _table(
    company: Company,
    choice: ReportChoice,
    position: Mapping[str, Any] | None,
    whole: Range | None,
    in_flight: int,
    monotonic: Callable[[], float],
) -> Joined:
    if whole is None:
        return Joined(answer(company, choice))
    began, readings = monotonic(), (position or {}).get("readings", 0)
    begun = _ranges(position) or pieces(whole, _columns(choice))
    ranges = list(begun)
    tables: dict[Range, ReportTable] = {}
    errors: dict[Range, Exception] = {}
    while missing := [each for each in ranges if each not in tables]:
        refused: list[tuple[Range, Exception]] = []
        for each, got in _asked(company, choice, missing, in_flight):
            if isinstance(got, ReportTable):
                tables[each] = got
            else:
                refused.append((each, got))
        errors.update(refused)
        if refused:
            ranges = _cut(ranges, refused, choice)
        else:
            ranges = _aligned(ranges, tables, choice, errors)
        _must_end(ranges, begun, refused, readings)
    if len(ranges) == 1:
        return Joined(tables[ranges[0]])
    parts = [tables[each] for each in ranges]
    shown = LISTED if _is_list(choice) else POSTING
    rested = quiet(company, parts, monotonic() - began, shown)
    if rested is Quiet.NO:
        check_readings(readings + 1)
        raise Narrower.of(ranges, SETTLE_S, readings + 1)
    return Joined(_joined(choice, parts), len(ranges), rested)


def _cut(
    ranges: Sequence[Range], refused: Sequence[tuple[Range, Exception]], choice: ReportChoice
) -> list[Range]:
    """With those that were too much in halves. Raises what refused one that has none."""
    errors = dict(refused)
    made: list[Range] = []
    for each in ranges:
        error = errors.get(each)
        if error is None or not _is_too_much(error):
            made.append(each)
            continue
        both = halves(each, _columns_by(choice))
        if both is None:
            raise error
        made += both
    if len(made) > MOST_PARTS:
        raise next(error for error in errors.values() if _is_too_much(error))
    return made


def _aligned(
    ranges: list[Range],
    tables: Mapping[Range, ReportTable],
    choice: ReportChoice,
    errors: Mapping[Range, Exception],
) -> list[Range]:
    """Raises what refused a range that only parts of a column are smaller than, and ReportTooLarge
    where nobody knows whether a column was cut in two.
    """
    found = aligned(ranges, tables.values(), _columns_by(choice))
    if found is None:
        raise too_large()
    if again := [each for each in found if each in errors]:
        raise errors[again[0]]
    return found


def _must_end(
    ranges: list[Range],
    begun: list[Range],
    refused: Sequence[tuple[Range, Exception]],
    readings: int,
) -> None:
    """Raises when the step cannot go on: what it has learned goes into the next one."""
    for _, error in refused:
        if isinstance(error, ReportTooLarge):
            continue
        if ranges == begun:
            raise error
        wait_s = error.wait_s if isinstance(error, Waiting) else 0
        if isinstance(error, QuickBooksBusy) and not _is_too_much(error):
            wait_s = float(error.details.get("wait_s") or 0)
        raise Narrower.of(ranges, wait_s, readings)


def _is_too_much(error: Exception) -> bool:
    if isinstance(error, QuickBooksBusy):
        return bool(error.details.get("timed_out"))
    return isinstance(error, ReportTooLarge)


def _asked(
    company: Company, choice: ReportChoice, ranges: Sequence[Range], in_flight: int
) -> list[tuple[Range, ReportTable | Exception]]:
    """All at once, so that all begin within the step's time."""

    def ask(each: Range) -> ReportTable | Exception:
        days = {"start_date": each[0].isoformat(), "end_date": each[1].isoformat()}
        try:
            return answer(company, choice, days)
        except (Waiting, QuickBooksBusy, ReportTooLarge) as error:
            return error

    if len(ranges) == 1:
        return [(ranges[0], ask(ranges[0]))]
    with ThreadPoolExecutor(min(len(ranges), in_flight)) as pool:
        return list(zip(ranges, pool.map(along(ask), ranges), strict=True))


def answer(
    company: Company, choice: ReportChoice, days: Mapping[str, str] | None = None
) -> ReportTable:
    """One call's, of `days` in place of the chosen ones, with what it was narrowed to: its totals
    are held to that.
    """
    asked = {**choice.parameters, **(days or {})}
    return with_narrowing(company.report(choice.report.report, asked), asked)


def _whole(choice: ReportChoice) -> Range | None:
    """The range that can be cut, None where the report cannot be."""
    if _is_list(choice):
        if not line_join.follow_each_other(choice.parameters):
            return None
    elif choice.report.report not in OF_A_PERIOD and not _is_cash(choice):
        return None
    days = [choice.parameters.get(name) for name in ("start_date", "end_date")]
    if not all(days):
        return None
    start, end = (date.fromisoformat(str(day)) for day in days)
    return start, end


def _is_list(choice: ReportChoice) -> bool:
    return choice.report.report in line_join.LISTS


def _is_cash(choice: ReportChoice) -> bool:
    return choice.report.report == "CashFlow" and _columns(choice) == "Total"


def _columns_by(choice: ReportChoice) -> str:
    """What has no columns of periods can be cut between any two days."""
    return "Days" if _is_list(choice) or _is_sum(choice) else _columns(choice)


def _is_sum(choice: ReportChoice) -> bool:
    # Gains and losses of rates that are worked out for the last day do not add up.
    return _columns(choice) in SUMS and "adjusted_gain_loss" not in choice.parameters


def _columns(choice: ReportChoice) -> str:
    return choice.parameters.get("summarize_column_by", "Total")


def _joined(choice: ReportChoice, parts: Sequence[ReportTable]) -> ReportTable:
    if _is_list(choice):
        return line_join.joined_lines(parts)
    if _is_cash(choice):
        return cash_join.summed_cash(parts)
    return report_sums.summed(parts) if _is_sum(choice) else report_join.joined(parts)


def _ranges(position: Mapping[str, Any] | None) -> list[Range]:
    found = position["ranges"] if position else []
    return [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in found]
