"""What was chosen for one table of several companies, checked before anything else happens."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterfoil.core.consolidation import Match
from counterfoil.core.consolidation_tabs import ELIMINATIONS, MAPPING, RATES, Tabs
from counterfoil.core.datasets import ParameterType, Report
from counterfoil.core.errors import BadRequest, TabsNeeded
from counterfoil.core.readings import tell

OPTION = "consolidate"
# So that companies that report differently stand side by side.
BASIS = "Accrual"
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_WHOLE = ("", "Total")


class RateSource(enum.StrEnum):
    TAB = "tab"
    QUICKBOOKS = (
        "quickbooks"  # its ExchangeRate; equity at historical rates of the tab all the same
    )


@dataclass(frozen=True, slots=True)
class Consolidation:
    """`currency` is that of the table."""

    currency: str
    match: Match = Match.NAME
    rates: RateSource = RateSource.TAB

    @property
    def kept(self) -> dict[str, str]:
        return {
            "currency": self.currency,
            "match": self.match.value,
            "rates": self.rates.value,
        }

    def tabs(self, currencies: Sequence[str]) -> tuple[str, ...]:
        """Those that a run must know, of companies of these currencies."""
        found = [ELIMINATIONS]
        if self.match is Match.MAPPING:
            found.append(MAPPING)
        if any(each != self.currency for each in currencies):
            found.append(RATES)
        return tuple(found)


def consolidation(
    report: Report, options: Mapping[str, Any], parameters: Mapping[str, str]
) -> Consolidation | None:
    """None where nobody asks for it. Raises BadRequest that names what is wrong."""
    tell(OPTION, _SCHEMA if report.consolidates else {"type": "null"})
    asked = options.get(OPTION)
    if asked is None:
        return None
    if not report.consolidates:
        raise BadRequest(f"{report.title} cannot be consolidated. Choose one company.", **_ABOUT)
    if not isinstance(asked, Mapping) or not asked.keys() <= {"currency", "match", "rates"}:
        raise BadRequest(
            "How to consolidate is not understood. Please reload the sidebar.", **_ABOUT
        )
    for name in ("compare", "tie_out", "account_numbers"):
        if options.get(name) not in (None, False, "as_sent"):
            raise BadRequest(
                f'A consolidated table has no "{name}" to choose. Leave it out.', option=name
            )
    ids = {each.key for each in report.parameters if each.type is ParameterType.IDS}
    for key, value in parameters.items():
        if key in ids or (key == "summarize_column_by" and value not in _WHOLE):
            raise BadRequest(
                "A consolidated table has one column a company, of all that is in its books. Leave "
                "other columns, and filters, out.",
                option=key,
            )
    currency = asked.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise BadRequest("Choose the currency of the table by its code, such as USD.", **_ABOUT)
    return Consolidation(
        currency,
        Match(_one_of(asked, "match", [each.value for each in Match])),
        RateSource(_one_of(asked, "rates", [each.value for each in RateSource])),
    )


def given_tabs(chosen: Consolidation | None, currencies: Sequence[str], tabs: Tabs | None) -> Tabs:
    """Those that the run reads. Raises TabsNeeded when they were not sent along."""
    if chosen is None:
        return {}
    needed = chosen.tabs(currencies)
    if tabs is None or any(title not in tabs for title in needed):
        raise TabsNeeded(
            "This table reads tabs of the spreadsheet. Please reload the sidebar, and run it "
            "again.",
            tabs="\n".join(needed),
        )
    return {title: tabs[title] for title in needed}


def _one_of(asked: Mapping[str, Any], name: str, values: list[str]) -> str:
    value = asked.get(name, values[0])
    if value not in values:
        raise BadRequest(f'"{name}" of a consolidated table is {" or ".join(values)}.', **_ABOUT)
    return str(value)


_ABOUT = {"option": OPTION}
_SCHEMA: Mapping[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        "currency": {"type": "string", "pattern": f"^{_CURRENCY.pattern}$"},
        "match": {"enum": [*Match]},
        "rates": {"enum": [*RateSource]},
    },
    "required": ["currency"],
    "additionalProperties": False,
}
