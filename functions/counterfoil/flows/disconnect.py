"""Pausing and deleting a company: who may, what it takes along in words, and that it is meant.

Tables in the sheets stay whatever happens here: the backend could not even reach them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from counterfoil.core.authority import Action
from counterfoil.core.errors import ConfirmationNeeded
from counterfoil.core.people import Connection, Role, User
from counterfoil.flows.companies import Companies, Hanging
from counterfoil.flows.connections import Connections
from counterfoil.flows.leaving import Leaving, What
from counterfoil.flows.ports import Records

_MOST_NAMED = 10  # in one sentence


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would happen, in sentences, and the word that says so was read."""

    sentences: tuple[str, ...]
    confirm: str
    asked: bool  # whether it does not happen without `confirm`
    pauses: tuple[str, ...]  # titles of the exports over several companies
    exports: tuple[str, ...] = ()  # titles of those of this company alone, in all spreadsheets
    others: tuple[str, ...] = ()  # addresses of the other members
    what: What = What.DELETE


class Disconnect:
    def __init__(self, *, records: Records, connections: Connections, leaving: Leaving) -> None:
        self._connections = connections
        self._companies = Companies(records)
        self._leaving = leaving

    def preview(self, user: User, connection_id: str, what: What) -> Consequences:
        """A pause of what is being deleted is told as the delete that it would finish.

        Raises NotFound and Forbidden.
        """
        connection = self._connections.may(user, connection_id, Action.DISCONNECT)
        begun = self._leaving.deletes(connection.id)
        meant = What.DELETE if begun else what
        hanging = self._companies.hanging(connection.id)
        return _consequences(user, connection, meant, hanging, begun=begun)

    def leave(
        self, user: User, connection_id: str, what: What, *, confirm: str | None
    ) -> Consequences:
        """Done; what it meant. A call that was cut short is finished by the same call.

        Raises NotFound and Forbidden; ConfirmationNeeded with the words when it is a delete or
        the last owner's and `confirm` is not what `preview` gave, or no longer; ConnectionBusy
        and QuickBooksBusy when it is marked but not ended: the same call again ends it.
        """
        if what is What.DELETE and self._connections.forget_stray(user, connection_id):
            return Consequences(("This company is deleted.",), "", asked=False, pauses=())
        held = self.preview(user, connection_id, what)
        if held.asked and confirm != held.confirm:
            raise ConfirmationNeeded(" ".join(held.sentences), confirm=held.confirm)
        if not self._leaving.mark(connection_id, held.what, user):
            # Somebody has begun to delete it since it was looked at.
            held = self.preview(user, connection_id, what)
            raise ConfirmationNeeded(" ".join(held.sentences), confirm=held.confirm)
        self._leaving.finish(connection_id)
        return held


def _consequences(
    user: User, connection: Connection, what: What, hanging: Hanging, *, begun: bool
) -> Consequences:
    owners = [m for m in hanging.members if m.data["role"] == Role.OWNER.value]
    last = all(m.data["user"] == user.sub for m in owners)
    words = _pausing if what is What.PAUSE else _deleting
    sentences = list(words(connection.name, hanging))
    if last:
        sentences.insert(0, f"You are the last owner of {connection.name}.")
    if begun:
        sentences.insert(0, f"Deleting {connection.name} was begun and is not finished.")
    sentences.append("The tables in your sheets stay as they are.")
    told = Consequences(
        sentences=tuple(sentences),
        confirm="",
        asked=last or what is What.DELETE,
        pauses=tuple(hanging.shared_titles),
        exports=tuple(hanging.own_titles),
        others=tuple(
            sorted(m.data["email"] for m in hanging.members if m.data["user"] != user.sub)
        ),
        what=what,
    )
    return replace(told, confirm=_confirmation(user, connection, told, hanging))


def _pausing(name: str, hanging: Hanging) -> list[str]:
    said = [
        f"Pausing {name} ends our access at QuickBooks and destroys the keys.",
        f"{_exports(len(hanging.own) + len(hanging.shared))} and "
        f"{_count(len(hanging.members), 'member')} are kept; Reconnect brings all of it back.",
    ]
    if hanging.shared:
        said.append(f"{_titles(hanging)} also read other companies and rest as well.")
    return said


def _deleting(name: str, hanging: Hanging) -> list[str]:
    said = [
        f"Deleting {name} ends our access at QuickBooks, destroys the keys, and removes "
        f"{_exports(len(hanging.own))} and "
        f"{_count(len(hanging.members), 'member')}.",
    ]
    if hanging.shared:
        said.append(
            f"{_titles(hanging)} also read other companies: they stay without {name}, paused "
            "until an editor takes them over."
        )
    return said


def _titles(hanging: Hanging) -> str:
    titles = [f"“{title}”" for title in hanging.shared_titles]
    more = len(titles) - _MOST_NAMED
    return ", ".join(titles[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _exports(number: int) -> str:
    return f"{_count(number, 'export')} with {'its schedule' if number == 1 else 'their schedules'}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _confirmation(user: User, connection: Connection, told: Consequences, hanging: Hanging) -> str:
    """Changes with what was said and with what it is about, so that nobody confirms an older
    story.
    """
    meant = [
        user.sub,
        connection.id,
        told.what.value,
        [told.sentences, told.pauses, told.exports, told.others],
        *sorted(document.id for document in (*hanging.own, *hanging.shared, *hanging.members)),
    ]
    return hashlib.sha256(json.dumps(meant).encode()).hexdigest()[:24]
