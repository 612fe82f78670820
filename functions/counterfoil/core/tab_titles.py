"""Titles of tabs: what Google and Excel take. Pure."""

from __future__ import annotations

import re

# Google's limit is 100; a writer may have to add " 2" and so on.
TITLE_LIMIT = 90

_UNFIT_IN_TITLES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\[\]*?:/\\]+")


def tab_beside(title: str, what: str) -> str:
    """A tab that belongs to the table of that tab: "Invoices – replaced"."""
    end = f" – {what}"
    return f"{title[: TITLE_LIMIT - len(end)].rstrip()}{end}"


def safe_title(title: str) -> str:
    """A tab's title that Google and Excel both take; " 2" may still be added to it."""
    words = " ".join(_UNFIT_IN_TITLES.sub(" ", title).split()).strip("' ")
    if words.casefold().startswith("cf stage"):
        words = f"Export {words}"  # that name belongs to our own hidden tabs
    return words[:TITLE_LIMIT].strip("' ") or "Export"
