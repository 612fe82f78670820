"""Talks JSON to the Sheets API stand-in, without a network."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.test import Client

from sandbox.google.grid import Workbook
from sandbox.google.sheets_api import SheetsApi

Json = dict[str, Any]


class Api:
    """One spreadsheet, "book", and its API."""

    def __init__(self) -> None:
        self.workbook = Workbook("book")
        self.app = SheetsApi({"book": self.workbook})
        self._client = Client(self.app)
        self.headers = {"Authorization": "Bearer sandbox"}

    def call(self, method: str, path: str, body: Json | None = None, **query: Any) -> Json:
        status, answer = self.answer(method, path, body, **query)
        assert status == 200, answer
        return answer

    def refused(self, method: str, path: str, body: Json | None = None, **query: Any) -> Json:
        """The error; its HTTP status is the one it names."""
        status, answer = self.answer(method, path, body, **query)
        assert status == answer["error"]["code"] >= 400
        error: Json = answer["error"]
        return error

    def answer(
        self, method: str, path: str, body: Json | None = None, **query: Any
    ) -> tuple[int, Json]:
        response = self._client.open(
            "/v4/spreadsheets" + path,
            method=method,
            json=body,
            query_string=query,
            headers=self.headers,
        )
        return response.status_code, json.loads(response.get_data())

    def batch(self, *requests: Json) -> list[Json]:
        replies: list[Json] = self.call("POST", "/book:batchUpdate", {"requests": list(requests)})[
            "replies"
        ]
        return replies

    def batch_refused(self, *requests: Json) -> str:
        message: str = self.refused("POST", "/book:batchUpdate", {"requests": list(requests)})[
            "message"
        ]
        return message

    def update(self, where: str, rows: list[list[Any]], option: str = "RAW", **more: Any) -> Json:
        return self.call(
            "PUT", f"/book/values/{where}", {"values": rows}, valueInputOption=option, **more
        )

    def values(self, where: str, **query: Any) -> Any:
        return self.call("GET", f"/book/values/{where}", **query).get("values")
