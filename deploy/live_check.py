"""What the keys of an Intuit sandbox company can settle by themselves: `make live-check`.

Asks Intuit's real sandbox, through our own adapters, what docs/live-checks.md cannot know from
here: every list, filter and report of the catalog, once, and what deploy/live_reads.py compares.
Only reads; says codes and names of fields, never data.

    INTUIT_CLIENT_ID, INTUIT_CLIENT_SECRET   the development keys of your app
    LIVE_REALM_ID                            the sandbox company's number
    LIVE_TOKEN_FILE                          a file with its refresh token, from Intuit's OAuth 2.0
                                             playground; replaced by the new one with each run
"""

from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from counterfoil import catalog
from counterfoil.adapters.intuit_oauth import IntuitOAuth
from counterfoil.adapters.quickbooks_api import Company, QuickBooksApi
from counterfoil.core import query
from counterfoil.core.datasets import Entity, ParameterType, Report
from counterfoil.core.errors import AppError
from counterfoil.core.filters import Filter, Kind
from counterfoil.core.query import Condition, Op
from counterfoil.core.tokens import GrantRefused, NotATokenAnswer, token_answer
from counterfoil.settings import INTUIT
from deploy.live_reads import Differs, NothingToCompare, reads

NEEDED = ("INTUIT_CLIENT_ID", "INTUIT_CLIENT_SECRET", "LIVE_REALM_ID", "LIVE_TOKEN_FILE")
# As docs/live-checks.md calls what they settle.
TAX, GRACE = "changes of tax codes", "the refresh token of before"
BY_ITSELF = (GRACE,)  # settled before anything else is asked
MEND = (
    "Look at INTUIT_CLIENT_ID, INTUIT_CLIENT_SECRET and the network and run it again: "
    "the refresh token in LIVE_TOKEN_FILE is as it was, and may well be good."
)
# What a value that nobody has looks like; the answer is empty, and the question is understood.
VALUES: Mapping[Kind, tuple[Op, Any]] = {
    Kind.TEXT: (Op.LIKE, "%1%"),
    Kind.AMOUNT: (Op.GE, 0),
    Kind.DAYS: (Op.GE, date(2020, 1, 1)),
    Kind.MOMENTS: (Op.GE, datetime(2020, 1, 1, tzinfo=UTC)),
    Kind.NAMES: (Op.IN, ("1",)),
}


@dataclass(frozen=True)
class Check:
    """`row` is what docs/live-checks.md calls it in the table's last column."""

    name: str
    ask: Callable[[], object]
    row: str
    refused_is_right: bool = False  # what we want to know is how it is refused


def main(
    env: Mapping[str, str] = os.environ,
    tell: Callable[[str], Any] = print,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """0: all as we take it to be; 1: something is not, and is named; 2: nothing could be asked."""
    missing = [name for name in NEEDED if not env.get(name)]
    if missing:
        tell(f"Set {', '.join(missing)} (docs/live-checks.md), then make live-check.")
        return 2
    discovery, api = INTUIT["development"]
    oauth = IntuitOAuth(
        discovery_url=env.get("LIVE_DISCOVERY_URL") or discovery,
        client_id=env["INTUIT_CLIENT_ID"],
        client_secret=env["INTUIT_CLIENT_SECRET"],
        redirect_uri="https://localhost/oauth_callback",
        now=now,
    )
    token = _refreshed(oauth, pathlib.Path(env["LIVE_TOKEN_FILE"]), tell)
    if token is None:
        return 2
    tell("ok   discovery, refresh")
    company = QuickBooksApi(env.get("LIVE_API_URL") or api, clock=now).company(
        env["LIVE_REALM_ID"], lambda: token, lambda refused: refused
    )
    wrong = [each.name for each in checks(company, now()) if not _settled(each, tell)]
    tell(f"{len(wrong)} differ from what we take to be so: {', '.join(wrong) or 'none'}")
    return 1 if wrong else 0


def checks(company: Company, now: datetime) -> Iterator[Check]:
    yield Check("company info", company.company_info, "lists")
    yield Check("preferences", company.preferences, "lists")
    for entity in catalog.ENTITIES:
        yield Check(f"{entity.key}: in the order of ids", _page(company, entity), "lists")
        if entity.has_active:
            everything = Condition("Active", Op.IN, (True, False))
            counted = _counted(company, entity, everything)
            yield Check(f"{entity.key}: inactive too", counted, "lists")
        for found, condition in _asked(entity):
            name = f"{entity.key}: filter {found}"
            yield Check(name, _counted(company, entity, condition), "filters")
    since = now - timedelta(days=1)
    yield Check("changes of invoices", lambda: company.cdc(["Invoice"], since), "lists")
    yield Check(TAX, lambda: company.cdc(["TaxCode"], since), TAX, refused_is_right=True)
    for name, ask in reads(company, now):
        yield Check(name, ask, name)
    for report in catalog.REPORTS:
        if report.offered_in("US") and not report.computed:
            yield Check(f"report {report.key}", _report(company, report, now.date()), "reports")


def _asked(entity: Entity) -> Iterator[tuple[str, Condition]]:
    for each in catalog.filters_of(entity):
        yield from ((each.key, condition) for condition in _conditions(each))


def _conditions(each: Filter) -> Iterator[Condition]:
    """Everything by which QuickBooks itself is to filter."""
    if each.asked:
        op, value = VALUES[each.kind]
        yield from (Condition(path, op, value) for path in each.paths)
    for state in each.states:
        for test in state.tests:
            condition = test.on(date(2026, 1, 1)).condition
            if condition is not None:
                yield condition


def _page(company: Company, entity: Entity) -> Callable[[], object]:
    return lambda: company.query(query.select(entity.query_name, order_by=entity.order_by, size=1))


def _counted(company: Company, entity: Entity, condition: Condition) -> Callable[[], object]:
    return lambda: company.query(query.count(entity.query_name, (condition,)))


def _report(company: Company, report: Report, today: date) -> Callable[[], object]:
    """Of this year, by whatever it calls its days."""
    days = {
        each.key: (today.replace(month=1, day=1) if each.key.startswith("start") else today)
        for each in report.parameters
        if each.type is ParameterType.DATE
    }
    return lambda: company.report(report.report, {k: day.isoformat() for k, day in days.items()})


def _settled(check: Check, tell: Callable[[str], Any]) -> bool:
    try:
        told = check.ask()
    except NothingToCompare as error:
        tell(f"none {check.name}: not checked, the company has not: {error}")
        return True
    except Differs as error:
        tell(f"FAIL {check.name}: {error}")
        return False
    except AppError as error:
        code = error.details.get("intuit_code", error.code)
        tid = error.details.get("intuit_tid", "")
        good = check.refused_is_right and error.status == 502
        tell(f"{'ok  ' if good else 'FAIL'} {check.name}: refused with {code}, intuit_tid {tid}")
        return good
    except Exception as error:
        # Read as what it is taken to be. The class alone: a message may quote what was answered.
        tell(f"FAIL {check.name}: its answer has another shape ({type(error).__name__})")
        return False
    good = not check.refused_is_right
    more = (f": {told}" if isinstance(told, str) and told else "") if good else ": was not refused"
    tell(f"{'ok  ' if good else 'FAIL'} {check.name}{more}")
    return good


def _refreshed(oauth: IntuitOAuth, file: pathlib.Path, tell: Callable[[str], Any]) -> str | None:
    """The access token; the new refresh token is in the file before it is used. None: told why.

    Where it is another one, the one before is tried once more: whether it still is good is told.
    """
    held = file.read_text().strip() if file.is_file() else ""
    if not held:
        tell("FAIL LIVE_TOKEN_FILE holds no refresh token: put one from the playground there.")
        return None
    try:
        access, refresh = _asked_anew(oauth, held, file)
    except GrantRefused:
        tell("FAIL the refresh token was refused: get a new one from the playground.")
        return None
    except (AppError, NotATokenAnswer) as error:
        tell(f"FAIL Intuit gave no token and refused none ({_code(error)}). {MEND}")
        return None
    return access if refresh in (None, held) else _tried_again(oauth, held, file, tell) or access


def _tried_again(
    oauth: IntuitOAuth, before: str, file: pathlib.Path, tell: Callable[[str], Any]
) -> str | None:
    try:
        access, _ = _asked_anew(oauth, before, file)
    except GrantRefused:
        tell(f"ok   {GRACE}: is refused after a rotation")
        return None
    except (AppError, NotATokenAnswer) as error:
        tell(f"none {GRACE}: not checked, Intuit gave no token ({_code(error)})")
        return None
    tell(f"ok   {GRACE}: is still good after a rotation")
    return access


def _code(error: Exception) -> str:
    return error.code if isinstance(error, AppError) else type(error).__name__


def _asked_anew(oauth: IntuitOAuth, refresh: str, file: pathlib.Path) -> tuple[str, str | None]:
    """The access token and the refresh token that came with it.

    Raises GrantRefused, AppError (nobody knows), NotATokenAnswer.
    """
    answer = token_answer(oauth.refresh(refresh), datetime.now(UTC))
    if answer.refresh:
        # A file beside it, put in its place: an old token and half of a new one open nothing.
        beside = file.with_suffix(".new")
        beside.touch(mode=0o600)
        beside.write_text(answer.refresh + "\n")
        beside.replace(file)
    return answer.access, answer.refresh


if __name__ == "__main__":
    sys.exit(main())
