"""What concerns the user alone: invitations to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import flask

from counterfoil.core.errors import ConfirmationNeeded, NotFound
from counterfoil.web.callers import named, user_and_body
from counterfoil.web.endpoint import Route
from counterfoil.web.services import Services

if TYPE_CHECKING:
    from counterfoil.flows.invitations import Invitation

Json = Mapping[str, Any]


def invitations(request: flask.Request, services: Services) -> Json:
    user, _ = user_and_body(request, services)
    return {"invitations": [invitation(each) for each in services.invitations.mine(user)]}


def accept(request: flask.Request, services: Services) -> Json:
    user, _ = user_and_body(request, services)
    joined = services.invitations.accept(user, _id(request))
    return {"connection_id": joined.id, "name": joined.name, "role": joined.role.value}


def decline(request: flask.Request, services: Services) -> Json:
    user, _ = user_and_body(request, services)
    services.invitations.decline(user, _id(request))
    return {"ok": True}


def erase(request: flask.Request, services: Services) -> Json:
    """Everything about the user, once they have said so: how much went, and what is left: 0."""
    user, body = user_and_body(request, services)
    if not body.flag("confirm"):
        raise ConfirmationNeeded(
            "This deletes everything that Counterfoil keeps about you. Companies of which you are "
            "the only member are deleted with their exports; in the others your consents at "
            "QuickBooks end, and the exports that you saved rest until an editor takes them over. "
            "The tables in your sheets stay as they are."
            + _ownerless(services.erasing.left_ownerless(user))
        )
    return {"removed": services.erasing.erase(user)}


def _ownerless(names: list[str]) -> str:
    if not names:
        return ""
    return (
        f" These companies would be left without an owner: {', '.join(names)}. "
        "Make somebody else an owner first if their team is to go on."
    )


def invitation(each: Invitation) -> Json:
    return {
        "id": each.id,
        "company": each.company,
        "email": each.email,
        "role": each.role.value,
        "by": each.by,
        "expires_at": each.expires_at.isoformat(timespec="seconds"),
    }


def _id(request: flask.Request) -> str:
    missing = NotFound("This invitation is not good any more. Ask an owner for another one.")
    return named(request, "invitation", missing)


ACCOUNT = (
    Route("POST", "/invitations", invitations),
    Route("POST", "/invitations/{invitation}/accept", accept),
    Route("POST", "/invitations/{invitation}/decline", decline),
    Route("POST", "/erase", erase),
)
