"""The browser of the tests reaches this machine and nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Error, Request

from sandbox.http import Server
from tests.chromium import browser, private_window

__all__ = ["browser"]


@pytest.mark.parametrize("host", ["example.com", "93.184.215.14", "[2606:2800:21f::1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_is_not_on_this_machine_has_no_address(browser: Browser, scheme: str, host: str):
    with private_window(browser) as window:
        page = window.new_page()
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            page.goto(f"{scheme}://{host}/")


def test_a_file_from_elsewhere_is_not_loaded_into_a_page_of_ours(browser: Browser):
    def ours(environ, start):
        start("200 OK", [("Content-Type", "text/html")])
        return [b'<script src="https://example.com/x.js"></script><h1>Ours</h1>']

    with Server(ours) as server, private_window(browser) as window:
        page, failed = window.new_page(), list[Request]()
        page.on("requestfailed", lambda request: failed.append(request))
        page.goto(server.url)
        assert page.inner_text("h1") == "Ours"
    assert [(it.url, it.failure) for it in failed] == [
        ("https://example.com/x.js", "net::ERR_NAME_NOT_RESOLVED")
    ]
