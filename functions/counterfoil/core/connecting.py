"""How connecting a company can end, and what to say then. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class AttemptState(enum.StrEnum):
    WAITING = "waiting"
    CONNECTED = "connected"
    REFUSED = "refused"  # a person said no
    FAILED = "failed"


class Outcome(enum.StrEnum):
    """How an attempt ended; also the name of the page that the browser is sent to."""

    CONNECTED = "connected"
    REFUSED = "refused"  # "Cancel" on QuickBooks' page
    NOT_ME = "not_me"  # "This is not me" on ours
    NOT_ADMIN = "not_admin"
    EXPIRED = "expired"  # ticket or state too old, unknown, or used before
    OTHER_BROWSER = "other_browser"  # came back without the cookie of the browser that left
    OTHER_COMPANY = "other_company"  # reconnecting, but another company was chosen
    COMPANY_GONE = "company_gone"  # reconnecting, but it was deleted meanwhile
    UNCONFIRMED = "unconfirmed"  # the company in the address is not the one that was shared
    BUSY = "busy"
    FAILED = "failed"


_STATES = {
    Outcome.CONNECTED: AttemptState.CONNECTED,
    Outcome.REFUSED: AttemptState.REFUSED,
    Outcome.NOT_ME: AttemptState.REFUSED,
}


def state_of(outcome: Outcome) -> AttemptState:
    return _STATES.get(outcome, AttemptState.FAILED)


_SENTENCES = {
    Outcome.REFUSED: (
        "Nothing was connected: QuickBooks was told not to share. Only an admin of the company "
        "can allow it. Press Connect to try again."
    ),
    Outcome.NOT_ME: (
        "Nothing was connected: whoever opened the link said that it was not for them. Press "
        "Connect and open the link yourself."
    ),
    Outcome.NOT_ADMIN: (
        "Only an admin of the QuickBooks company can connect it. Ask one to press Connect in "
        "this spreadsheet, or sign in to QuickBooks as an admin and try again."
    ),
    Outcome.EXPIRED: (
        "The connect link is no longer good: it works once and for ten minutes. Press Connect "
        "again."
    ),
    Outcome.OTHER_BROWSER: (
        "QuickBooks' answer came back in another browser than the one that asked, so nothing was "
        "connected. Press Connect again and stay in one browser."
    ),
    Outcome.COMPANY_GONE: (
        "The company was deleted here while you were at QuickBooks, with its exports, so there is "
        "nothing to reconnect and nothing was connected. Press Connect to connect it anew."
    ),
    Outcome.UNCONFIRMED: (
        "QuickBooks did not confirm that this company was shared with Counterfoil, so nothing "
        "was connected. Press Connect again and choose the company once more."
    ),
    Outcome.BUSY: (
        "QuickBooks did not answer in time, so nothing was connected. Wait a minute, then press "
        "Connect again."
    ),
    Outcome.FAILED: (
        "Something did not add up between QuickBooks and Counterfoil, so nothing was connected. "
        "Press Connect again."
    ),
}


def sentence(outcome: Outcome, *, company: str = "", picked: str = "") -> str:
    """What happened and what to do. `company` is the one meant, `picked` the one chosen instead."""
    if outcome is Outcome.CONNECTED:
        return f"{company} is connected." if company else "The company is connected."
    if outcome is Outcome.OTHER_COMPANY:
        return (
            f"You chose {picked or 'another company'}, but this reconnects "
            f"{company or 'a different one'}. Nothing was changed. Press Reconnect and choose "
            f"{company or 'the same company as before'}."
        )
    return _SENTENCES[outcome]


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """The little that is kept about a company."""

    name: str
    country: str
    currency: str
    fiscal_month: int


LONGEST_NAME = 200
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_CURRENCY = re.compile(r"[A-Z]{3}")
_REALM = re.compile(r"[0-9]{1,25}", re.ASCII)


def is_realm(text: str) -> bool:
    """A company's id as Intuit writes it: digits, kept as text."""
    return bool(_REALM.fullmatch(text))


def company_facts(info: Mapping[str, Any], preferences: Mapping[str, Any]) -> CompanyFacts:
    """From CompanyInfo and Preferences; what is missing or strange becomes the plainest value.

    https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/companyinfo
    """
    currencies = _part(preferences, "CurrencyPrefs")
    currency = _text(_part(currencies, "HomeCurrency").get("value"))
    month = _text(info.get("FiscalYearStartMonth"))
    return CompanyFacts(
        name=_text(info.get("CompanyName")) or _text(info.get("LegalName")) or "Unnamed company",
        country=_text(info.get("Country")),
        currency=currency if _CURRENCY.fullmatch(currency) else "",
        fiscal_month=_MONTHS.index(month) + 1 if month in _MONTHS else 1,
    )


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    """One line: a name is shown in sentences and logs nowhere."""
    if not isinstance(value, str):
        return ""
    # Half characters cannot be stored, and what turns the writing direction can fake a sentence.
    line = " ".join(value.split())
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST_NAME]
