"""Names that filters compare, as the ids of those who have them: what QuickBooks filters by.

They are looked up in their lists once a run. A name that nobody has stops it: a table that goes
blank by a typing mistake would look like one of which nothing matches.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from counterfoil.catalog.shown_names import lists_at, lists_named
from counterfoil.core import faults, query
from counterfoil.core.canonical import canonical
from counterfoil.core.changes import Change, Changes
from counterfoil.core.errors import BadRequest, PlanLacks
from counterfoil.core.filters import Test
from counterfoil.core.look_ups import (
    WHOLE_NAME,
    asks_names,
    has_inactive,
    name_at,
    short_name_field,
    unlisted,
)
from counterfoil.core.occasions import bad_cell
from counterfoil.core.query import Condition, Op
from counterfoil.flows.chosen import EntityChoice
from counterfoil.flows.exporter_records import Exporter
from counterfoil.flows.ports import Company
from counterfoil.flows.several import Part, named

# Of each named test of a company, the ids that its names have there.
Ids = tuple[tuple[str, ...], ...]

MOVED = "Names that the filters compare are other records' now."
_GONE = " (deleted)"  # what QuickBooks puts behind the name of an inactive one
_NOBODY = ("0",)  # no record has this id
_MOST_TOLD = 3
# What QuickBooks says of a list that is not in the plan, or not for who connected the company.
_NOT_INCLUDED = ("5020", "5030")


@dataclass(frozen=True, slots=True)
class _Named:
    id: str
    short: str
    full: str  # with the names of all that is above


def looked_up(company: Company, tests: Iterable[Test]) -> list[Mapping[str, str]]:
    """Of each test of names the ids of those that were found. One call for each list.

    Raises BadRequest for a name that several have, PlanLacks that names the filter where there is
    no such list, and what a call raises.
    """
    tests = tuple(tests)
    wanted: dict[str, dict[str, None]] = {}
    for test in tests:
        for of in lists_at(test.paths):
            wanted.setdefault(of, {}).update(dict.fromkeys(map(_short, names_of(test))))
    held = {}
    for of, shorts in wanted.items():
        try:
            held[of] = list(_in_list(company, of, tuple(shorts)))
        except PlanLacks as error:
            test = next(test for test in tests if of in lists_at(test.paths))
            raise _lacking(test, error) from error
    return [_found(test, held) for test in tests]


def _lacking(test: Test, error: PlanLacks) -> PlanLacks:
    """That the company has no such list, said of the filter."""
    if error.details.get("intuit_code") not in _NOT_INCLUDED:
        return error
    cell = f" (cell {test.cell})" if test.cell else ""
    return PlanLacks(
        f"The filter “{test.title}”{cell} cannot be used in this company: its QuickBooks plan, or "
        "the role of the person who connected it, does not include what it compares. Take the "
        "filter away.",
        **error.details,
    )


def calls_to_look_up(choice: EntityChoice) -> int:
    return len({of for test in choice.named for of in lists_at(test.paths)})


def ids_of(parts: Sequence[Part], found: Sequence[Sequence[Mapping[str, str]]]) -> list[Ids]:
    """Of each company. Raises BadRequest that names what none of them has, and its cell."""
    tests = parts[0].entity.named
    for at, test in enumerate(tests):
        for name in names_of(test):
            if not any(name in each[at] for each in found):
                whose = named([part.connection for part in parts])
                raise nobody(test, name, whose)
    return [
        tuple(
            tuple(each[at][name] for name in names_of(test) if name in each[at]) or _NOBODY
            for at, test in enumerate(tests)
        )
        for each in found
    ]


def nobody(test: Test, name: str, whose: str) -> BadRequest:
    return _refused(
        test,
        f"“{name}”, and nothing in {whose} is called so. Write it as QuickBooks shows it, with "
        "all that it belongs to (“Parent:Child”) or without.",
    )


def with_ids(parts: Sequence[Part], ids: Sequence[Sequence[Sequence[str]]]) -> tuple[Part, ...]:
    return tuple(
        replace(part, choice=replace(part.entity, ids=tuple(map(tuple, mine))))
        for part, mine in zip(parts, ids, strict=True)
    )


def moved(company: Company, choice: EntityChoice, listed: Mapping[str, Changes]) -> str:
    """Why the ids may not be those of the names any more, "" where they are: asked only where a
    change is of such a name, and not of a balance. Raises what a call raises.
    """
    for test, ids in zip(choice.named, choice.ids or (), strict=False):
        names = {name.casefold() for name in names_of(test)}
        changes = [
            (of, change)
            for of in lists_named(test.paths)
            if of in listed
            for change in listed[of].of
        ]
        if not any(_matters(of, change, names, ids) for of, change in changes):
            continue
        (now,) = looked_up(company, [test])
        if set(now.values() or _NOBODY) != set(ids):
            return MOVED
    return ""


def kept(exporter: Exporter, choice: EntityChoice) -> Mapping[str, list[str]]:
    """The ids for the next update; of the names only marks."""
    ids = zip(choice.named, choice.ids or (), strict=False)
    return {_mark(exporter, test): list(each) for test, each in ids}


def known(
    exporter: Exporter, choice: EntityChoice, held: Mapping[str, Sequence[str]]
) -> Ids | None:
    """Those of an earlier run; None where it did not know all of them."""
    found = [held.get(_mark(exporter, test)) for test in choice.named]
    ids = tuple(tuple(each) for each in found if each is not None)
    return ids if len(ids) == len(found) else None


def names_of(test: Test) -> tuple[str, ...]:
    return tuple(map(str, test.value)) if isinstance(test.value, tuple) else ()


def _mark(exporter: Exporter, test: Test) -> str:
    text = canonical([[*test.paths, *names_of(test)]]).encode()
    return hmac.digest(bytes.fromhex(exporter.digest_key), text, hashlib.sha256).hex()[:32]


def _short(name: str) -> str:
    """ "Costs:Fuel" is called "Fuel": no name has a colon in it."""
    return name.rpartition(":")[2].strip()


def _in_list(company: Company, of: str, shorts: Sequence[str]) -> Iterator[_Named]:
    field = short_name_field(of)
    where: list[Condition] = []
    if has_inactive(of):
        both = tuple(dict.fromkeys([*shorts, *(f"{short}{_GONE}" for short in shorts)]))
        where = [Condition(field, Op.IN, both), Condition("Active", Op.IN, (True, False))]
    elif asks_names(of):
        where = [Condition(field, Op.IN, tuple(shorts))]
    body = company.query(query.select(of, where))
    try:
        for record in json.loads(body)["QueryResponse"].get(of, []):
            short = name_at(record, field)
            yield _Named(record["Id"], short, name_at(record, WHOLE_NAME) or short)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise faults.unreadable(200) from error


def _found(test: Test, held: Mapping[str, Sequence[_Named]]) -> Mapping[str, str]:
    lists = lists_at(test.paths)
    every = [each for of in lists for each in held[of]]
    unlisted_ones = [_Named(id, name, name) for of in lists for id, name in unlisted(of).items()]
    found: dict[str, str] = {}
    for name in names_of(test):
        those = (
            _called(every, name) or _called(every, f"{name}{_GONE}") or _called(unlisted_ones, name)
        )
        if len({each.id for each in those}) > 1:
            full = ", ".join(f"“{each.full}”" for each in those[:_MOST_TOLD])
            raise _refused(
                test, f"“{name}”, and several are called so. Say which one in full: {full}."
            )
        if those:
            found[name] = those[0].id
    return found


def _called(every: Sequence[_Named], name: str) -> list[_Named]:
    """By the whole name, else by its last part."""
    wanted = name.casefold()
    whole = [each for each in every if each.full.casefold() == wanted]
    return whole or [each for each in every if each.short.casefold() == wanted]


def _matters(of: str, change: Change, names: set[str], ids: Sequence[str]) -> bool:
    """A whole name changes with those above it, whose own changes do not tell."""
    if any(":" in name for name in names):
        return True
    record = change.record
    shown = {name_at(record, short_name_field(of)), name_at(record, WHOLE_NAME)}
    is_wanted = any(name.removesuffix(_GONE).casefold() in names for name in shown)
    return change.deleted or is_wanted is not (change.id in ids)


def _refused(test: Test, why: str) -> BadRequest:
    if test.cell:
        return bad_cell(test.cell, f"holds {why}")
    return BadRequest(f"The filter “{test.title}” says {why}", filter=test.title)
