"""One consent: (realm, Intuit user) with what the store keeps of its tokens. Pure."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from counterfoil.core.tokens import PREVIOUS_KEPT, TokenAnswer, given_up, with_refusal


class GrantState(enum.Enum):
    GOOD = "good"
    SUSPECT = "suspect"  # refused lately
    REFUSED = "refused"  # refused often enough; only a new consent replaces it


@dataclass(frozen=True, slots=True)
class Grant:
    """What the record holds. Token values are elsewhere (secret versions) or sealed (`access`).

    `generation` rises with every pair that is stored; whoever stores a pair must find the
    generation that they asked with.
    """

    connection_id: str
    realm_id: str
    sub: str  # Intuit's name for the person who consented
    user: str  # our user (Google's sub) who brought the consent
    email: str  # and their verified address, shown as "connected by"
    generation: int
    access: str = field(repr=False)
    access_expires: datetime
    refresh_version: str
    previous_version: str | None
    previous_until: datetime | None
    refresh_expires: datetime | None  # rolling, about 100 days
    hard_expires: datetime | None  # 5 years from the consent, never moved by a refresh
    state: GrantState
    refusals: tuple[datetime, ...]
    refreshed_at: datetime
    refresh_started: datetime | None  # set while Intuit is asked; left set = ended in doubt
    superseded: tuple[str, ...] = ()  # versions that nobody needs and that may still be there
    denials: tuple[datetime, ...] = ()  # QuickBooks said lately that the person lost their rights

    @property
    def id(self) -> str:
        return grant_id(self.connection_id, self.sub)

    @property
    def secret(self) -> str:
        return secret_name(self.connection_id, self.sub)

    @property
    def expires(self) -> datetime | None:
        """The earlier of both expiries."""
        known = [at for at in (self.refresh_expires, self.hard_expires) if at is not None]
        return min(known, default=None)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Grant:
        """Raises KeyError, TypeError or ValueError for what is no grant's record."""
        for name, kind in _NEEDED.items():
            if not isinstance(data[name], kind):
                raise TypeError(f"a grant's {name} is something else")
        values: dict[str, Any] = {name: data.get(name) for name in _KEPT}
        values["state"] = GrantState(data["state"])
        values["refusals"] = tuple(data["refusals"])
        values["denials"] = tuple(data.get("denials") or ())
        values["superseded"] = tuple(data.get("superseded") or ())
        return cls(**values)

    def as_record(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in _KEPT}
        lists = {name: list(values[name]) for name in ("refusals", "denials", "superseded")}
        return values | {"state": self.state.value, **lists}


_KEPT = tuple(each.name for each in fields(Grant))
_TEXTS = ("connection_id", "realm_id", "sub", "user", "email", "access", "refresh_version")
_NEEDED: Mapping[str, type] = {
    **dict.fromkeys(_TEXTS, str),
    "generation": int,
    "access_expires": datetime,
    "refreshed_at": datetime,
}


def grant_id(connection_id: str, sub: str) -> str:
    return f"{connection_id}:{sub}"


def secret_name(connection_id: str, sub: str) -> str:
    """One secret per grant. A secret's name takes letters, digits, - and _; `sub` might not."""
    return f"refresh-{connection_id}-{hashlib.sha256(sub.encode()).hexdigest()[:32]}"


def refresh_lease(id: str) -> str:
    """The lease of whoever may change the grant of that id. Its record may outlive the grant, when
    somebody still waits for it: it must not hold Intuit's name for a person.
    """
    return f"refresh:{hashlib.sha256(id.encode()).hexdigest()[:32]}"


def binding(connection_id: str, realm_id: str, generation: int) -> str:
    """What a sealed access token is bound to: moved to another record it does not open."""
    return f"{connection_id}|{realm_id}|{generation}"


def started(grant: Grant, now: datetime) -> Grant:
    return replace(grant, refresh_started=now)


def pointed_at(grant: Grant, version: str, now: datetime) -> Grant:
    """The grant with another refresh token; the one before it is kept a while."""
    if version == grant.refresh_version:
        return grant
    return replace(
        grant,
        refresh_version=version,
        previous_version=grant.refresh_version,
        previous_until=now + PREVIOUS_KEPT,
    )


def with_pair(
    grant: Grant, answer: TokenAnswer, *, sealed_access: str, version: str, now: datetime
) -> Grant:
    """The next generation: a good pair wipes out every refusal and doubt."""
    after = pointed_at(without_stale_previous(grant, now), version, now)
    return replace(
        after,
        superseded=(*grant.superseded, *superseded_by(grant, after))[-MOST_SUPERSEDED:],
        generation=grant.generation + 1,
        access=sealed_access,
        access_expires=answer.access_expires,
        refresh_expires=answer.refresh_expires or grant.refresh_expires,
        hard_expires=answer.hard_expires or grant.hard_expires,
        state=GrantState.GOOD,
        refusals=(),
        refreshed_at=now,
        refresh_started=None,
    )


def refused(grant: Grant, now: datetime, in_doubt: datetime | None) -> Grant:
    """The grant after one more invalid_grant: suspect, and given up after spaced ones.

    An earlier answer that may have been lost (`in_doubt`) stays in doubt: the value that Intuit
    honours may still be another of those we keep.
    """
    refusals = with_refusal(grant.refusals, now)
    return replace(
        grant,
        refusals=refusals,
        state=GrantState.REFUSED if given_up(refusals) else GrantState.SUSPECT,
        refresh_started=in_doubt,
    )


# A company that is read once a week reaches the third denial; one that lost its rights for a day
# a year ago does not carry that along.
DENIALS_COUNT_FOR = timedelta(days=21)


def denied(grant: Grant, now: datetime) -> Grant:
    """The grant after QuickBooks' fault 120: whoever consented may not read the company now.

    Its tokens stay good, so nothing but a new consent, a read that works, or three weeks takes that
    back.
    """
    recent = tuple(at for at in grant.denials if now - at < DENIALS_COUNT_FOR)
    return replace(grant, denials=with_refusal(recent, now))


def denied_lately(grant: Grant, now: datetime) -> bool:
    return any(now - at < DENIALS_COUNT_FOR for at in grant.denials)


def may_read(grant: Grant) -> bool:
    """Whether the grant is worth trying: neither refused for good nor short of rights."""
    return grant.state is not GrantState.REFUSED and not grant.denials


def without_stale_previous(grant: Grant, now: datetime) -> Grant:
    """The grant without the version before, once its time is over."""
    if grant.previous_until is not None and now < grant.previous_until:
        return grant
    return replace(grant, previous_version=None, previous_until=None)


# A handful between two ticks; a bound for a store that stays away for weeks.
MOST_SUPERSEDED = 100


def superseded_by(before: Grant, after: Grant) -> list[str]:
    """What the record pointed at before, and what lies between then and now.

    Whoever stored a version in between died or was overtaken before pointing at it.
    """
    kept = {after.refresh_version, after.previous_version}
    between = versions_between(before.refresh_version, after.refresh_version)
    return [each for each in (before.previous_version, *between) if each and each not in kept]


# A pair as old as that: whoever was storing another one at the same moment has ended.
SETTLED = timedelta(hours=1)


def outlived(grant: Grant, now: datetime) -> list[str]:
    """Versions to destroy now, also where nothing will ever be refreshed again."""
    if now - grant.refreshed_at < SETTLED:
        return []
    kept = {grant.refresh_version, without_stale_previous(grant, now).previous_version}
    found = dict.fromkeys((*grant.superseded, grant.previous_version))
    return [each for each in found if each and each not in kept]


def without_outlived(grant: Grant, now: datetime) -> Grant:
    """The grant once those are destroyed."""
    return replace(without_stale_previous(grant, now), superseded=())


def newer_versions(version: str, most: int) -> list[str]:
    """The numbers of the versions that would come after `version`, newest first.

    A secret's versions count up by one, so a value that was stored by somebody who died before
    pointing at it can be found by its number; asking for `latest` would only be eventually right
    (https://cloud.google.com/secret-manager/docs/overview#consistency).
    """
    return [str(int(version) + step) for step in range(most, 0, -1)]


def versions_between(first: str, last: str) -> list[str]:
    """The numbers from `first` up to, not including, `last`."""
    return [str(number) for number in range(int(first), int(last))]
