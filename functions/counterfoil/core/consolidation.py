"""One table of several companies: lines matched, amounts translated, dealings eliminated. Pure.

Every total of the table is made of its lines, and every line of amounts that a company's own report
shows, so what is not matched is not lost. What translation leaves open has a line of its own.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from counterfoil.core import looks
from counterfoil.core.consolidation_books import (
    BALANCE_SHEET,
    BEGINNING,
    CASH_FLOW,
    ENDING,
    EQUITY,
    INCREASE,
    NET_INCOME,
    PROFIT_AND_LOSS,
    RATE_EFFECT,
    TRIAL_BALANCE,
    Account,
    Books,
    Entry,
    Place,
    is_credit,
    signed,
)
from counterfoil.core.consolidation_lines import (
    DIFFERENCE,
    ELIMINATED,
    TRANSLATION,
    UNLISTED,
    Line,
    Member,
    Merged,
)
from counterfoil.core.consolidation_rates import Kind, Need, Rates, need_of
from counterfoil.core.consolidation_tabs import Pair, Side
from counterfoil.core.errors import BadRequest


class Match(enum.StrEnum):
    """By what accounts of several companies are one line."""

    NAME = "name"
    NUMBER = "number"
    MAPPING = "mapping"  # the tab's group lines


_NOWHERE: Mapping[str, Place] = {
    PROFIT_AND_LOSS: ("OtherIncome",),
    BALANCE_SHEET: ("TotalLiabilitiesAndEquity", EQUITY),
    CASH_FLOW: ("OperatingActivities",),
}


def merged(
    report: str,
    members: Sequence[Member],
    *,
    currency: str,
    rates: Rates,
    match: Match,
    mapping: Mapping[tuple[str, str], str],
    pairs: Sequence[Pair],
) -> Merged:
    """Raises BadRequest for eliminations that do not name one account, or one twice."""
    made = Merged(report, currency, members)
    places = looks.decimals(currency)
    found: dict[tuple[str, int], tuple[Line, Decimal]] = {}
    for member in members:
        books = member.books
        for place, words in books.words.items():
            made.words.setdefault(place, words)
        lines: list[Line | None] = []
        for at, entry in enumerate(books.entries):
            line = _line_of(made, books, entry, lines, match, mapping)
            lines.append(line)
            amount = _translated(report, member, entry, currency, rates, places)
            if line is not None:
                line.add(books.id, amount)
                found[books.id, at] = (line, amount or Decimal(0))
    for pair in pairs:
        _eliminate(made, pair, found)
    _close(made, rates, places)
    for place, those in made.lines.items():
        those.sort(key=lambda line: _rank(line, place, match))
    return made


def _rank(line: Line, place: Place, match: Match) -> tuple[int, str]:
    """Accounts as they came, or by number; what is no account behind them, ours last."""
    if line.key == NET_INCOME:
        return (2 if EQUITY in place else -1), ""
    if line.key.startswith("!"):
        return 3, line.key
    by_number = match is Match.NUMBER and line.key.startswith("#")
    return int(line.key.startswith("?")), line.key if by_number else ""


def _line_of(
    made: Merged,
    books: Books,
    entry: Entry,
    lines: Sequence[Line | None],
    match: Match,
    mapping: Mapping[tuple[str, str], str],
) -> Line | None:
    """Where its amount goes; None where it is only a head over what has lines of its own."""
    if match is Match.MAPPING and _is_bare(entry):
        return None
    key, label = _key_and_label(made, books, entry, match, mapping)
    above = lines[entry.parent] if entry.parent is not None else None
    siblings = made.lines.setdefault(entry.place, [])
    line = next((each for each in _all(siblings) if each.key == key), None)
    if line is None:
        line = Line(key, label)
        (siblings if above is None or match is Match.MAPPING else above.inside).append(line)
    line.total = line.total or _total_words(entry, line.label)
    return line


def _is_bare(entry: Entry) -> bool:
    """A head over accounts, without postings of its own."""
    return entry.amount is None and bool(entry.total)


def _total_words(entry: Entry, label: str) -> str:
    """ "Total Rent", in whatever language: its name ends with that of the account."""
    if not entry.label or not entry.total.endswith(entry.label):
        return ""
    return f"{entry.total[: len(entry.total) - len(entry.label)]}{label}"


def _key_and_label(
    made: Merged,
    books: Books,
    entry: Entry,
    match: Match,
    mapping: Mapping[tuple[str, str], str],
) -> tuple[str, str]:
    account = entry.account
    if account is None:
        return entry.group or f".{entry.label.strip().casefold()}", entry.label
    # These print full names, and no sections of accounts.
    flat = made.report in (CASH_FLOW, TRIAL_BALANCE)
    name = account.name if flat else account.leaf
    kind = _kind(made, account)
    if match is Match.NAME:
        return f"~{account.name.casefold()}{kind}", name
    if match is Match.NUMBER and account.number:
        return f"#{account.number}{kind}", f"{account.number} {name}"
    if match is Match.MAPPING and (line := mapping.get((books.name.casefold(), account.id))):
        return f"={line.casefold()}{kind}", line
    made.unmapped.append((books.name, account))
    why = "No number" if match is Match.NUMBER else "Not mapped"
    return f"?{books.id}/{account.id}", f"{why}: {account.name} ({books.name})"


def _kind(made: Merged, account: Account) -> str:
    """In a trial balance, which has no groups: one company's asset is not another's liability."""
    if made.report != TRIAL_BALANCE or not account.classification:
        return ""
    return f"/{account.classification.casefold()}"


def _translated(
    report: str, member: Member, entry: Entry, currency: str, rates: Rates, places: int
) -> Decimal | None:
    books = member.books
    if entry.amount is None or books.currency == currency:
        return entry.amount
    if not entry.amount:
        return Decimal(0)
    return rounded(entry.amount * rates[need_of(report, books, entry, member.span)], places)


def rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _eliminate(
    made: Merged, pair: Pair, found: dict[tuple[str, int], tuple[Line, Decimal]]
) -> None:
    """Both sides go; by what they differ, an account of ours shows."""
    members = [_company(made, side) for side in pair.sides]
    if not all(members):
        made.apart.append(pair.row)
        return
    difference, named = Decimal(0), 0
    for side, member in zip(pair.sides, members, strict=True):
        assert member is not None  # noqa: S101 - as just asked
        places = _named(member.books, side, pair.row)
        named += bool(places)
        for at in places:
            if _is_bare(member.books.entries[at]):
                continue
            if (member.books.id, at) not in found:
                raise BadRequest(
                    f"Row {pair.row} of the eliminations names “{side.account}” of "
                    f"{side.company}, which an earlier row eliminates already.",
                    field="tabs",
                )
            line, amount = found.pop((member.books.id, at))
            line.add(ELIMINATED, -amount)
            difference += signed(made.report, member.books.entries[at].place, amount)
    if named < len(pair.sides):
        (made.lone if named else made.idle).append(pair.row)
    if difference:
        place = _NOWHERE.get(made.report, ())
        first, second = pair.sides
        words = f"{first.company} / {second.company}"
        line = made.line(place, f"{DIFFERENCE}/{pair.row}", f"Intercompany difference: {words}")
        line.add(ELIMINATED, -difference if is_credit(made.report, place) else difference)


def _company(made: Merged, side: Side) -> Member | None:
    wanted = side.company.casefold()
    return next((it for it in made.members if it.books.name.casefold() == wanted), None)


def _named(books: Books, side: Side, row: int) -> list[int]:
    """The places of that account's entries; none where this report does not show it."""
    wanted = side.account.casefold()

    def those(names: Mapping[int, tuple[str, ...]]) -> list[int]:
        return [at for at, its in names.items() if wanted in its]

    accounts = {at: it.account for at, it in enumerate(books.entries) if it.account}
    exact = {
        at: (it.id.casefold(), it.number.casefold(), it.name.casefold(), _numbered(it))
        for at, it in accounts.items()
    }
    loose = {at: (it.leaf.casefold(),) for at, it in accounts.items()}
    found = those(exact) or those(loose)
    if len({accounts[at].id for at in found}) > 1:
        raise BadRequest(
            f"Row {row} of the eliminations names “{side.account}”, which more than one account "
            f"of {side.company} is called. Write its full name.",
            field="tabs",
        )
    return found


def _numbered(account: Account) -> str:
    return f"{account.number} {account.name}".casefold()


def _close(made: Merged, rates: Rates, places: int) -> None:
    """What translation leaves open, on its own line; of same currencies that is nothing."""
    abroad = [it for it in made.members if it.books.currency != made.currency]
    if made.report == CASH_FLOW:
        _close_cash(made, rates, places)
    elif made.report != PROFIT_AND_LOSS and abroad:
        place = _NOWHERE.get(made.report, ())
        open_ = {it.books.id: _balance(made, it.books.id) for it in abroad}
        line = made.line(place, TRANSLATION, "Translation difference")
        for id, balance in open_.items():
            # What debits are too many by is a credit.
            line.add(id, balance if is_credit(made.report, place) else -balance)


def _balance(made: Merged, whose: str) -> Decimal:
    """All that a company shows, debits less credits."""
    return sum(
        (
            signed(made.report, place, line.own.get(whose, Decimal(0)))
            for place, lines in made.lines.items()
            for line in _all(lines)
        ),
        Decimal(0),
    )


def _close_cash(made: Merged, rates: Rates, places: int) -> None:
    for name in (INCREASE, RATE_EFFECT, BEGINNING, ENDING):
        made.sums[name] = {}
    for member in made.members:
        books, span = member.books, member.span
        whose = books.id
        own = sum((entry.amount or Decimal(0) for entry in books.entries), Decimal(0))
        said = books.sums.get(INCREASE, own)
        begins = books.sums.get(BEGINNING)
        ends = books.sums.get(ENDING, (begins or Decimal(0)) + said)
        begins = ends - said if begins is None else begins
        home = {"unlisted": said - own, BEGINNING: begins, ENDING: ends}
        if books.currency != made.currency:
            kinds = {
                "unlisted": Need(books.currency, Kind.AVERAGE, span.start, span.end),
                BEGINNING: Need(books.currency, Kind.CLOSING, None, span.before),
                ENDING: Need(books.currency, Kind.CLOSING, None, span.end),
            }
            home = {
                name: rounded(amount * rates[kinds[name]], places) if amount else amount
                for name, amount in home.items()
            }
        if home["unlisted"]:
            line = made.line(("OperatingActivities",), UNLISTED, "Not listed by QuickBooks")
            line.add(whose, home["unlisted"])
        increase = _balance(made, whose)
        made.sums[INCREASE][whose] = increase
        made.sums[BEGINNING][whose] = home[BEGINNING]
        made.sums[ENDING][whose] = home[ENDING]
        made.sums[RATE_EFFECT][whose] = home[ENDING] - home[BEGINNING] - increase
    made.sums[INCREASE][ELIMINATED] = _balance(made, ELIMINATED)
    made.sums[ENDING][ELIMINATED] = made.sums[INCREASE][ELIMINATED]


def _all(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        yield line
        yield from _all(line.inside)
