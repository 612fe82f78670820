"""The check of what only Intuit can settle, against a sandbox that plays Intuit."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from counterfoil import catalog
from counterfoil.adapters.intuit_oauth import IntuitOAuth
from counterfoil.adapters.quickbooks_api import QuickBooksApi
from counterfoil.core.errors import QuickBooksBusy
from deploy.live_check import BY_ITSELF, checks, main
from deploy.live_reads import Differs, NothingToCompare, reads
from sandbox.clock import Clock
from sandbox.intuit.companies_api import ApiRequest, ApiResponse
from sandbox.intuit.server import IntuitSandbox

ROOT = pathlib.Path(__file__).resolve().parents[2]


A_DAY = datetime(2026, 6, 5, 12, tzinfo=UTC)  # in a month of the sandbox's books


@pytest.fixture(scope="module")
def intuit() -> Iterator[IntuitSandbox]:
    with IntuitSandbox(Clock(lambda: A_DAY)) as sandbox:
        yield sandbox


def keys(intuit: IntuitSandbox, folder: pathlib.Path) -> dict[str, str]:
    realm = intuit.companies()[0].realm_id
    file = folder / "token"
    file.write_text(intuit.grant(realm).refresh + "\n")
    return {
        "INTUIT_CLIENT_ID": intuit.client_id,
        "INTUIT_CLIENT_SECRET": intuit.client_secret,
        "LIVE_REALM_ID": realm,
        "LIVE_TOKEN_FILE": str(file),
        "LIVE_DISCOVERY_URL": intuit.discovery_url,
        "LIVE_API_URL": intuit.url,
    }


def wrong(said: list[str]) -> set[str]:
    lines = [line.removeprefix("FAIL ") for line in said if line.startswith("FAIL ")]
    return {line.rpartition(": ")[0].partition(": refused")[0] for line in lines}


def test_every_list_filter_and_report_is_asked_and_the_sandbox_is_as_we_take_intuit_to_be(
    intuit: IntuitSandbox, tmp_path: pathlib.Path
) -> None:
    said: list[str] = []
    env = keys(intuit, tmp_path)
    before = pathlib.Path(env["LIVE_TOKEN_FILE"]).read_text()
    intuit.clock.advance(timedelta(hours=25))  # a day later Intuit gives another refresh token
    main(env, said.append, intuit.clock)
    assert wrong(said) == set()
    asked = "\n".join(said)
    assert all(f"{each.key}: in the order of ids" in asked for each in catalog.ENTITIES)
    assert asked.count(": filter ") > 60
    # Of what its books tell of nothing is left unchecked.
    assert [line for line in said if line.startswith("none ")] == [
        "none all custom fields: not checked, the company has not: a fourth custom field on an invoice",
        "none a rate of a day: not checked, the company has not: a second currency",
    ]
    assert "ok   the refresh token of before: is refused after a rotation" in said
    # The refresh token was rotated, and the new one is where the next run looks for it.
    after = pathlib.Path(env["LIVE_TOKEN_FILE"]).read_text()
    assert after not in ("", before)
    assert main(env, said.append, intuit.clock) == bool(wrong(said))
    assert not [call for call in intuit.calls.accounting() if not call.is_read]
    assert after.strip() not in asked


# What an answer becomes where Intuit is not as we take it to be, by the row that must notice: whose
# answers, and what of them.
Change = Callable[[str], str]
REFUSED = '{"Fault": {"Error": [{"Message": "no", "code": "4000"}], "type": "ValidationFault"}}'


def _another_amount(text: str) -> str:
    """The first amount of a report is one more."""
    return re.sub(
        r'"value": ?"(\d+)\.(\d\d)"', lambda m: f'"value": "{int(m[1]) + 1}.{m[2]}"', text, count=1
    )


def _without_ids(text: str) -> str:
    return re.sub(r'"id": ?"\d+"', '"id": ""', text)


OTHERS: dict[str, tuple[str, Change]] = {
    "changes of short lists": (r"cdc .*CustomerType", lambda _: REFUSED),
    "all custom fields": (
        r"query .*enhancedAllCustomFields.* FROM Invoice",
        lambda text: text.replace('"CustomField"', '"CustomFields"'),
    ),
    "changes of credit card payments": (r"cdc .*CreditCardPayment", lambda _: REFUSED),
    "a thousand ids at once": (r"query .*'1000'\)", lambda _: REFUSED),
    "names in another case": (
        r"query .*COUNT.* FROM Class WHERE Name IN",
        lambda text: re.sub(r'"totalCount": ?\d+', '"totalCount": 0', text),
    ),
    "a backslash in a text": (
        r"query .*DisplayName LIKE '%\\\\%'",
        lambda text: json.dumps({"QueryResponse": {"Customer": [{"DisplayName": "Plain"}]}}),
    ),
    "names in references": (
        r"query .*FROM Vendor WHERE Id IN",
        lambda text: text.replace('"DisplayName": "', '"DisplayName": "Other '),
    ),
    "a balance sheet's start": (r"reports/BalanceSheet .*-01-01", _another_amount),
    "groups of cash flow": (
        "reports/CashFlow", lambda text: text.replace('"CashIncrease"', '"Increase"')
    ),
    "months of profit and loss": (r"reports/ProfitAndLoss .*Month", _another_amount),
    "a report of all dates": (r"reports/ProfitAndLoss .*1900-01-01", _another_amount),
    "a month that is not over": (
        r"reports/ProfitAndLoss .*Month",
        lambda text: re.sub(r'"ColTitle": ?"([A-Z][a-z]{2}) \d+ ?-[^"]*"', r'"ColTitle": "\1 2026"', text),
    ),
    "ledger and trial balance": ("reports/TrialBalance .*Accrual", _another_amount),
    "ids in the aging": ("reports/AgedReceivableDetail", _without_ids),
    "periods of budgets": (
        r"query .*FROM Budget ",
        lambda text: re.sub(r'"BudgetDate": ?"(\d+-\d+)-01"', r'"BudgetDate": "\1-02"', text),
    ),
}  # fmt: skip


def made_to_differ(
    intuit: IntuitSandbox, monkeypatch: pytest.MonkeyPatch, others: list[tuple[str, Change]]
) -> None:
    handle = intuit.books.handle

    def other(realm_id: str, request: ApiRequest) -> ApiResponse:
        answer = handle(realm_id, request)
        asked = (
            f"{request.path_after_realm} {json.dumps(dict(request.args))} {request.body.decode()}"
        )
        text = was = json.dumps(json.loads(answer.body))
        for pattern, change in others:
            if re.match(pattern, asked):
                text = change(text)
        status = 400 if text == REFUSED else answer.status
        return replace(answer, status=status, body=text.encode()) if text != was else answer

    monkeypatch.setattr(intuit.books, "handle", other)


def test_where_intuit_is_not_as_we_take_it_to_be_each_read_says_so(
    intuit: IntuitSandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_to_differ(intuit, monkeypatch, list(OTHERS.values()))
    said: list[str] = []
    assert main(keys(intuit, tmp_path), said.append, intuit.clock) == 1
    assert wrong(said) == set(OTHERS)


def test_an_answer_of_another_shape_is_told_as_one_and_the_rest_is_asked_all_the_same(
    intuit: IntuitSandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_to_differ(intuit, monkeypatch, [("cdc .*CreditCardPayment", lambda _: '{"time": "x"}')])
    said: list[str] = []
    assert main(keys(intuit, tmp_path), said.append, intuit.clock) == 1
    name = "changes of credit card payments"
    assert [line for line in said if line.startswith("FAIL ")] == [
        f"FAIL {name}: its answer has another shape (KeyError)"
    ]
    assert "ok   ledger and trial balance" in said
    assert said[-1] == f"1 differ from what we take to be so: {name}"


def ask_of(intuit: IntuitSandbox, name: str, row: str, now: datetime) -> Callable[[], str]:
    (realm,) = (each.realm_id for each in intuit.companies() if each.name == name)
    token = intuit.grant(realm).access
    company = QuickBooksApi(intuit.url, clock=lambda: now).company(
        realm, lambda: token, lambda refused: refused
    )
    return dict(reads(company, now))[row]


def test_custom_fields_beyond_the_third_are_told_by_their_definitions(
    intuit: IntuitSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ask_of(intuit, "Cedar Imports", "all custom fields", datetime(2026, 5, 20, tzinfo=UTC))
    usual = '{"QueryResponse": {"Invoice": [{"CustomField": [{"DefinitionId": "1"}]}]}}'
    more = usual.replace("}]}]", '}, {"DefinitionId": "1000012"}]}]')
    made_to_differ(
        intuit,
        monkeypatch,
        [
            (r"query .* FROM Invoice", lambda _: usual),
            (r"query .*enhancedAllCustomFields.* FROM Invoice", lambda _: more),
        ],
    )
    assert ask() == "DefinitionId 1000012 besides"


def test_where_no_credit_card_was_paid_the_key_of_its_changes_is_not_taken_for_settled(
    intuit: IntuitSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = "changes of credit card payments"
    ask = ask_of(intuit, "Cedar Imports", row, intuit.clock())
    nothing = '{"CDCResponse": [{"QueryResponse": [{}]}], "time": "x"}'
    made_to_differ(intuit, monkeypatch, [("cdc .*CreditCardPayment", lambda _: nothing)])
    with pytest.raises(NothingToCompare, match="a payment of a credit card in the last 27 days"):
        ask()


def test_a_rate_into_another_currency_is_noticed(
    intuit: IntuitSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ask_of(intuit, "Cedar Imports", "a rate of a day", datetime(2026, 5, 20, tzinfo=UTC))
    assert ask() == "of 2 currencies"
    others = lambda text: text.replace('"TargetCurrencyCode": "CAD"', '"TargetCurrencyCode": "GBP"')  # noqa: E731
    made_to_differ(intuit, monkeypatch, [(r"query .*FROM ExchangeRate", others)])
    with pytest.raises(Differs, match="home currency"):
        ask()


def test_the_table_says_which_rows_run_by_themselves_and_all_that_run_have_a_row() -> None:
    page = (ROOT / "docs/live-checks.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    assert rows[0] == ["assumption", "isolated in", "how to check", "`make live-check`"]
    told = {row[3] for row in rows[2:] if len(row) == 4}
    asked = {check.row for check in checks(Nobody(), datetime(2026, 6, 15, tzinfo=UTC))}  # type: ignore[arg-type]
    # Of reports no row asks whether they are there at all.
    assert asked | set(BY_ITSELF) == told | {"reports"}


class Nobody:
    """A company of which nothing is asked: only what would be is looked at."""

    def __getattr__(self, name: str) -> Any:
        return None


def test_what_differs_is_named_with_intuits_code(
    intuit: IntuitSandbox, tmp_path: pathlib.Path
) -> None:
    said: list[str] = []
    intuit.inject("5020", path="query", times=1)
    assert main(keys(intuit, tmp_path), said.append, intuit.clock) == 1
    (name,) = wrong(said)
    assert name == "invoices: in the order of ids"
    assert any(name in line and "refused with 5020, intuit_tid 1-" in line for line in said)
    assert name in said[-1]


def test_without_keys_it_says_what_to_set() -> None:
    said: list[str] = []
    assert main({}, said.append) == 2
    assert "INTUIT_CLIENT_ID, INTUIT_CLIENT_SECRET, LIVE_REALM_ID, LIVE_TOKEN_FILE" in said[0]


def test_a_token_that_is_over_is_said_and_left_alone(
    intuit: IntuitSandbox, tmp_path: pathlib.Path
) -> None:
    said: list[str] = []
    env = keys(intuit, tmp_path)
    file = pathlib.Path(env["LIVE_TOKEN_FILE"])
    file.write_text("no-token\n")
    assert main(env, said.append, intuit.clock) == 2
    assert "refused" in said[0]
    assert file.read_text() == "no-token\n"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        pytest.param(
            {"LIVE_DISCOVERY_URL": "http://127.0.0.1:9/x"}, "quickbooks_busy", id="nobody answers"
        ),
        pytest.param(
            {"INTUIT_CLIENT_SECRET": "another"}, "quickbooks_rejected", id="another app's secret"
        ),
    ],
)
def test_a_token_that_nobody_refused_is_not_said_to_be_over(
    intuit: IntuitSandbox, tmp_path: pathlib.Path, other: dict[str, str], code: str
) -> None:
    said: list[str] = []
    env = keys(intuit, tmp_path)
    before = pathlib.Path(env["LIVE_TOKEN_FILE"]).read_text()
    assert main(env | other, said.append, intuit.clock) == 2
    (line,) = said
    assert line.startswith(f"FAIL Intuit gave no token and refused none ({code}). Look at")
    assert pathlib.Path(env["LIVE_TOKEN_FILE"]).read_text() == before


@pytest.mark.parametrize("held", [None, "", " \n"])
def test_without_a_token_it_says_where_to_put_one(
    intuit: IntuitSandbox, tmp_path: pathlib.Path, held: str | None
) -> None:
    said: list[str] = []
    env = keys(intuit, tmp_path)
    file = pathlib.Path(env["LIVE_TOKEN_FILE"])
    file.unlink() if held is None else file.write_text(held)
    assert main(env, said.append, intuit.clock) == 2
    assert said == [
        "FAIL LIVE_TOKEN_FILE holds no refresh token: put one from the playground there."
    ]


def test_an_outage_behind_a_rotation_is_no_word_on_the_token_of_before(
    intuit: IntuitSandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    env = keys(intuit, tmp_path)
    intuit.clock.advance(timedelta(hours=25))
    refresh, asked = IntuitOAuth.refresh, []

    def once(oauth: IntuitOAuth, token: str) -> Any:
        asked.append(token)
        if len(asked) > 1:
            raise QuickBooksBusy("away")
        return refresh(oauth, token)

    monkeypatch.setattr(IntuitOAuth, "refresh", once)
    monkeypatch.setattr("deploy.live_check.checks", lambda *_: iter(()))
    assert main(env, said.append, intuit.clock) == 0
    assert "none the refresh token of before: not checked, Intuit gave no token" in said[0]
