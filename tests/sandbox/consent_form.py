"""A person in front of the sandbox's consent page, played over HTTP."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

TIMEOUT_S = 10


def fetch(url: str, **how: Any) -> requests.Response:
    return requests.get(url, timeout=TIMEOUT_S, **how)


def send(url: str, **what: Any) -> requests.Response:
    return requests.post(url, timeout=TIMEOUT_S, **what)


class Page(HTMLParser):
    """The one form of a page: its hidden fields, choices and buttons."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__()
        self.url = answer.url
        self.status = answer.status_code
        self.location = answer.headers.get("Location")
        self.text = answer.text
        self.hidden: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.buttons: list[tuple[str, str]] = []
        self.action = ""
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = at["action"]
        elif tag == "button":
            self.buttons.append((at["name"], at["value"]))
        elif tag == "input" and at["type"] == "hidden":
            self.hidden[at["name"]] = at["value"]
        elif tag == "input":
            self.choices.setdefault(at["name"], []).append(at["value"])


def get(url: str) -> Page:
    return Page(fetch(url, allow_redirects=False))


def press(page: Page, name: str, value: str, **chosen: str) -> Page:
    assert (name, value) in page.buttons, page.buttons
    return Page(
        send(
            urljoin(page.url, page.action),
            data={**page.hidden, **chosen, name: value},
            allow_redirects=False,
        )
    )


def agree(url: str, realm_id: str, person: str = "dana") -> dict[str, str]:
    """Signs in, chooses the company, authorizes; what the redirect carries."""
    choosing = press(get(url), "person", person)
    return redirected(press(choosing, "decision", "authorize", realm_id=realm_id))


def redirected(page: Page) -> dict[str, str]:
    assert page.status == 302, page.text
    assert page.location is not None
    return {name: values[0] for name, values in parse_qs(urlsplit(page.location).query).items()}
