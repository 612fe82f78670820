"""Reading what a page of ours sends: a few short fields, and nothing that costs to look at."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping

import flask

from counterfoil.core.errors import BadRequest
from counterfoil.web.bounds import too_large

MAX_FORM = 20_000  # bytes: three fields of 2,000 characters, each byte written as three
MAX_FIELDS = 10
FORM = "application/x-www-form-urlencoded"


def form(request: flask.Request) -> Mapping[str, str]:
    """The fields by name, of one that comes twice the first.

    Raises RequestTooLarge before more than MAX_FORM bytes are read, BadRequest for what is no form.
    """
    # Not flask's own reader: it takes whatever length and kind of body comes, and crashes on some.
    if request.mimetype != FORM:
        raise BadRequest("This address takes the form of our own page. Please open the link again.")
    text = request.stream.read(MAX_FORM + 1)
    if len(text) > MAX_FORM:
        raise too_large()
    try:
        pairs = urllib.parse.parse_qsl(
            text.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise BadRequest("The form is not one of ours. Please open the link again.") from None
    return dict(reversed(pairs))
