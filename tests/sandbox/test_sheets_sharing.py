"""A service account reaches what is shared with it, by Google's own client, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from google.api_core.client_options import ClientOptions
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from sandbox.google.server import DEFAULT_SPREADSHEET, GoogleSandbox

ACCOUNT = "sheets-1@a-project.iam.gserviceaccount.com"


@pytest.fixture
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as running:
        yield running


def share(google: GoogleSandbox, role: str | None) -> int:
    body = {"spreadsheet": DEFAULT_SPREADSHEET, "account": ACCOUNT, "role": role}
    return requests.post(f"{google.url}/identity/share", json=body, timeout=5).status_code


def status(call: Any) -> int:
    try:
        call.execute()
    except HttpError as refusal:
        return int(refusal.resp.status)
    return 200


def test_reading_and_writing_need_a_share_each_as_google_has_it(google: GoogleSandbox) -> None:
    with build(
        "sheets",
        "v4",
        static_discovery=True,
        credentials=Credentials(token=f"sandbox:{ACCOUNT}"),
        client_options=ClientOptions(api_endpoint=f"{google.url}/"),
    ) as service:
        sheets = service.spreadsheets()
        read = sheets.get(spreadsheetId=DEFAULT_SPREADSHEET)
        title = {"updateSpreadsheetProperties": {"properties": {"title": "x"}, "fields": "title"}}
        write = sheets.batchUpdate(spreadsheetId=DEFAULT_SPREADSHEET, body={"requests": [title]})
        assert (status(read), status(write)) == (403, 403)
        assert share(google, "reader") == 200
        assert (status(read), status(write)) == (200, 403)
        assert share(google, "writer") == 200
        assert (status(read), status(write)) == (200, 200)
        assert share(google, None) == 200
        assert (status(read), status(write)) == (403, 403)
        assert status(sheets.get(spreadsheetId="nowhere")) == 404
    assert share(google, "owner") == 400
