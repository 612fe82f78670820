"""Who is calling, with what, and from which spreadsheet."""

from __future__ import annotations

import hashlib
import re

import flask

from counterfoil.core.errors import NotFound
from counterfoil.core.people import Sheet, User
from counterfoil.web.bodies import Body, sheet_key, time_zone
from counterfoil.web.bounds import MAX_BODY
from counterfoil.web.services import Services

# What stands in an address is an id of ours, or a dataset's key.
SEGMENT = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)


def user_and_body(
    request: flask.Request, services: Services, *, most: int = MAX_BODY
) -> tuple[User, Body]:
    """For what has to do with no spreadsheet. Raises Unauthorized before the body is read."""
    user = services.identity.user(request.headers.get("Authorization"))
    return user, Body.of(request, most=most)


def caller(
    request: flask.Request, services: Services, *, most: int = MAX_BODY
) -> tuple[User, Sheet, Body]:
    """`most` is how many bytes the body may have."""
    user, body = user_and_body(request, services, most=most)
    spreadsheet = body.part("spreadsheet")
    sheet = Sheet(
        id=spreadsheet.text("id"),
        digest=hashlib.sha256(sheet_key(spreadsheet).encode()).hexdigest(),
        zone=time_zone(spreadsheet),
        locale=spreadsheet.optional_text("locale", longest=20) or "",
    )
    return user, sheet, body


def named(request: flask.Request, name: str, missing: NotFound) -> str:
    """What stands in the address for `{name}`. Raises `missing` for what is no id of ours."""
    value = (request.view_args or {}).get(name, "")
    if not SEGMENT.fullmatch(value):
        raise missing
    return str(value)
