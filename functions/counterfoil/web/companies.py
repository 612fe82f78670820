"""What an owner does with a company, and a member with their place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import flask

from counterfoil.core.authority import Action
from counterfoil.core.errors import NotFound
from counterfoil.core.people import Role
from counterfoil.web.account import invitation
from counterfoil.web.bodies import Body
from counterfoil.web.callers import named, user_and_body
from counterfoil.web.endpoint import Route
from counterfoil.web.services import Services

if TYPE_CHECKING:
    from counterfoil.flows.disconnect import Consequences
    from counterfoil.flows.leaving import What
    from counterfoil.flows.team import Member

Json = Mapping[str, Any]


def rename(request: flask.Request, services: Services) -> Json:
    user, body = user_and_body(request, services)
    services.team.rename(user, _connection(request), body.optional_text("name"))
    return {"ok": True}


def members(request: flask.Request, services: Services) -> Json:
    """Everybody in it; for an owner also who is invited."""
    user, _ = user_and_body(request, services)
    id = _connection(request)
    found = services.team.members(user, id)
    is_owner = any(each.is_me and each.role is Role.OWNER for each in found)
    return {
        "members": [_member(each) for each in found],
        "invitations": [invitation(each) for each in services.invitations.open(user, id)]
        if is_owner
        else [],
    }


def invite(request: flask.Request, services: Services) -> Json:
    user, body = user_and_body(request, services)
    email = body.text("email", longest=320)
    made = services.invitations.invite(user, _connection(request), email, _role(body))
    return {"invitation": invitation(made)}


def withdraw(request: flask.Request, services: Services) -> Json:
    user, body = user_and_body(request, services)
    services.invitations.withdraw(user, _connection(request), body.text("invitation"))
    return {"ok": True}


def set_role(request: flask.Request, services: Services) -> Json:
    user, body = user_and_body(request, services)
    services.team.set_role(user, _connection(request), body.text("member"), _role(body))
    return {"ok": True}


def remove(request: flask.Request, services: Services) -> Json:
    user, body = user_and_body(request, services)
    services.team.remove(user, _connection(request), body.text("member"))
    return {"ok": True}


def leave(request: flask.Request, services: Services) -> Json:
    user, _ = user_and_body(request, services)
    services.team.leave(user, _connection(request))
    return {"ok": True}


def preview(request: flask.Request, services: Services) -> Json:
    user, body = user_and_body(request, services)
    from counterfoil.flows.leaving import What

    what = What(body.one_of("what", [each.value for each in What]))
    return _consequences(services.disconnect.preview(user, _connection(request), what))


def pause(request: flask.Request, services: Services) -> Json:
    from counterfoil.flows.leaving import What

    return _disconnect(request, services, What.PAUSE)


def delete(request: flask.Request, services: Services) -> Json:
    from counterfoil.flows.leaving import What

    return _disconnect(request, services, What.DELETE)


def _disconnect(request: flask.Request, services: Services, what: What) -> Json:
    user, body = user_and_body(request, services)
    confirm = body.optional_text("confirm", longest=100)
    id = _connection(request)
    return _consequences(services.disconnect.leave(user, id, what, confirm=confirm))


def _connection(request: flask.Request) -> str:
    missing = NotFound(
        "This company is not among yours. Open the sidebar again to see those that are."
    )
    return named(request, "connection", missing)


def _role(body: Body) -> Role:
    return Role(body.one_of("role", [each.value for each in Role]))


def _member(member: Member) -> Json:
    return {
        "member": member.key,
        "email": member.email,
        "role": member.role.value,
        "since": member.since.isoformat(timespec="seconds"),
        "is_me": member.is_me,
    }


def _consequences(told: Consequences) -> Json:
    return {
        "sentences": list(told.sentences),
        "confirm": told.confirm,
        "asked": told.asked,
        "pauses": list(told.pauses),
        "exports": list(told.exports),
        "others": list(told.others),
    }


COMPANIES = (
    Route("POST", "/{connection}/rename", rename, action=Action.RENAME),
    Route("POST", "/{connection}/members", members, action=Action.SEE),
    Route("POST", "/{connection}/invite", invite, action=Action.SHARE),
    Route("POST", "/{connection}/withdraw", withdraw, action=Action.SHARE),
    Route("POST", "/{connection}/role", set_role, action=Action.SHARE),
    Route("POST", "/{connection}/remove", remove, action=Action.SHARE),
    Route("POST", "/{connection}/leave", leave, action=Action.LEAVE),
    Route("POST", "/{connection}/preview", preview, action=Action.DISCONNECT),
    Route("POST", "/{connection}/pause", pause, action=Action.DISCONNECT),
    Route("POST", "/{connection}/delete", delete, action=Action.DISCONNECT),
)
