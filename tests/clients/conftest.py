"""A Sheets API stand-in, and the real clients that are pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gspread
import pytest
import requests
from google.api_core.client_options import ClientOptions
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from requests.adapters import HTTPAdapter

from sandbox.google.grid import Workbook
from sandbox.google.server import GoogleSandbox

GOOGLE = "https://sheets.googleapis.com"


class Detour(HTTPAdapter):
    """Sends what is meant for Google to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        request.url = str(request.url).replace(GOOGLE, self._url, 1)
        return super().send(request, *args, **more)


@pytest.fixture(scope="module")
def google() -> Iterator[GoogleSandbox]:
    with GoogleSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def workbook(google: GoogleSandbox) -> Workbook:
    made = Workbook("client-book")
    google.workbooks[made.id] = made
    return made


@pytest.fixture
def spreadsheets(google: GoogleSandbox) -> Iterator[Any]:
    """google-api-python-client, by its documented `api_endpoint`."""
    service = build(
        "sheets",
        "v4",
        static_discovery=True,
        credentials=Credentials(token="sandbox"),
        client_options=ClientOptions(api_endpoint=f"{google.url}/"),
    )
    with service:
        yield service.spreadsheets()


@pytest.fixture
def book(google: GoogleSandbox, workbook: Workbook) -> Iterator[gspread.Spreadsheet]:
    """gspread, by its documented `session`: it has no setting for where Google is."""
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer sandbox"
        session.mount(GOOGLE, Detour(google.url))
        yield gspread.Client(auth=None, session=session).open_by_key(workbook.id)
