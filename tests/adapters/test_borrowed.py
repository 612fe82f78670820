"""Each time a service account's access is borrowed there is a line, also when it is refused."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials

from counterfoil.adapters.borrowed import Borrowed
from counterfoil.adapters.sheets_client import SCOPE

ACCOUNT = "counterfoil-sheets-1@a-project.iam.gserviceaccount.com"


def borrowed(status: int, body: dict[str, Any]) -> tuple[Borrowed, Any]:
    answer = SimpleNamespace(status=status, data=json.dumps(body).encode(), headers={})
    source = Credentials(token="ours")
    made = Borrowed(source_credentials=source, target_principal=ACCOUNT, target_scopes=[SCOPE])
    return made, lambda *_, **__: answer


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    found = [each for each in caplog.records if each.msg == "account borrowed"]
    return [{**each.fields, "duration_ms": 0} for each in found]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="counterfoil")


def test_a_borrowing_leaves_a_line_without_the_token(caplog: pytest.LogCaptureFixture) -> None:
    made, request = borrowed(200, {"accessToken": "ya29.x", "expireTime": "2099-01-01T00:00:00Z"})
    made.refresh(request)
    assert made.token == "ya29.x"
    assert lines(caplog) == [{"outcome": "taken", "duration_ms": 0}]


def test_a_missing_role_leaves_one_too(caplog: pytest.LogCaptureFixture) -> None:
    made, request = borrowed(403, {"error": {"message": "no getAccessToken for ya29.x"}})
    with pytest.raises(RefreshError):
        made.refresh(request)
    assert lines(caplog) == [{"outcome": "refused", "duration_ms": 0, "error": "RefreshError"}]
