"""How a report is laid out, as a person chose it, checked against what the report has."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from counterfoil.core.datasets import Report
from counterfoil.core.errors import BadRequest
from counterfoil.core.report_rows import AccountNumbers, ReportLayout, Totals

REPORT_OPTIONS = ("layout", "account_numbers", "totals")
_Choice = TypeVar("_Choice", bound=enum.StrEnum)


@dataclass(frozen=True, slots=True)
class Shape:
    """What becomes of a report once it is read."""

    layout: ReportLayout = ReportLayout.PRINTED
    numbers: AccountNumbers = AccountNumbers.AS_SENT
    totals: Totals = Totals.VALUES

    @property
    def kept(self) -> dict[str, Any]:
        """As it stands among the options of an exporter: only what is not the default."""
        plain = Shape()
        chosen = {
            "layout": (self.layout, plain.layout),
            "account_numbers": (self.numbers, plain.numbers),
            "totals": (self.totals, plain.totals),
        }
        return {name: own.value for name, (own, default) in chosen.items() if own is not default}


def shape_of(report: Report, options: Mapping[str, Any]) -> Shape:
    """Raises BadRequest that names what is wrong."""
    shape = Shape(
        layout=_one_of(options, "layout", ReportLayout.PRINTED),
        numbers=_one_of(options, "account_numbers", AccountNumbers.AS_SENT),
        totals=_one_of(options, "totals", Totals.VALUES),
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


def _one_of(options: Mapping[str, Any], name: str, default: _Choice) -> _Choice:
    value, kinds = options.get(name), type(default)
    if value is None:
        return default
    for kind in kinds:
        if value == kind.value:
            return kind
    shown = " or ".join(f'"{each.value}"' for each in kinds)
    raise BadRequest(f'"{name}" of a report is {shown}.', option=name)
