"""Apps Script's services and the page that stands in for Google Sheets, as one WSGI application.

The add-on's files run in a web worker of the page (`sandbox/page/runtime`); what its services do
happens here, one HTTP request per service call, over the grid that the Sheets API stand-in and
the page see as well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import pathlib
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from sandbox.google import page_grid, script_fetch, script_sheets
from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.page_files import PAGE_RULES, PageFiles
from sandbox.google.script_execution import Execution, Executions, Locks
from sandbox.google.script_project import Project
from sandbox.google.script_stores import Properties
from sandbox.google.script_triggers import Trigger, Triggers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Json = dict[str, Any]

_ALGORITHMS = {
    "MD5": "md5",
    "SHA_1": "sha1",
    "SHA_256": "sha256",
    "SHA_384": "sha384",
    "SHA_512": "sha512",
}
# What a browser may not hold a connection for.
_SLOW = ("fetch", "utilities.sleep", "lock.take", "ui.answer")


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """What add-on code said: `where` is "server" (Apps Script) or "sidebar" (its HTML)."""

    where: str
    level: str
    text: str
    user: str


class AppsScript:
    """Answers /apps-script/..., /page/... and /; give it to `GoogleSandbox.mount` for "/".

    `mint` gives an ID token of this script for an e-mail address. `backend_url` is what the script
    property BACKEND_URL says and what UrlFetchApp may call beside the manifest's prefixes. `sleep`
    is what Utilities.sleep does, for so many seconds: a clock handed in can be moved instead.
    """

    def __init__(
        self,
        workbooks: Mapping[str, Workbook],
        *,
        addon: pathlib.Path,
        mint: Callable[[str], str],
        users: Sequence[str],
        backend_url: str = "",
        name: str = "Counterfoil",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[Execution, float], None] = Execution.sleep,
    ) -> None:
        self.workbooks = workbooks
        self.project = Project(addon, name)
        self.users = tuple(users)
        self.console: list[ConsoleLine] = []
        self.properties = Properties()
        self.executions = Executions()
        self.locks = Locks(self.executions)
        self.triggers = Triggers(clock)
        # Spreadsheets in which somebody has used the add-on: https://developers.google.com/
        # workspace/add-ons/concepts/editor-auth-lifecycle#installed_versus_enabled
        self.enabled: set[str] = set()
        self._mint = mint
        self._sleep = sleep
        self._backend_url = ""
        self._files = PageFiles(self.project)
        self._questions: dict[str, threading.Event] = {}
        self._answers: dict[str, str] = {}
        self._question_ids = itertools.count(1)
        self.use_backend(backend_url)

    def use_backend(self, url: str) -> None:
        """Sets the script property BACKEND_URL, as who installs the add-on does."""
        self._backend_url = url
        self.properties.change("script", {"BACKEND_URL": url or None})

    def close(self) -> None:
        self.executions.close()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            endpoint, parts = _RULES.bind_to_environ(environ).match()
            response = self._respond(endpoint, request, parts)
        except HTTPException as wrong:
            return wrong.get_response(environ)(environ, start)
        # A list: the server can say how long the answer is.
        return list(response(environ, start))

    def _respond(self, endpoint: str, request: Request, parts: Mapping[str, Any]) -> Response:
        if endpoint.startswith("files."):
            return self._files.respond(endpoint, request, parts)
        if endpoint.startswith("grid."):
            return page_grid.respond(endpoint, request, self._workbook(_spreadsheet(request)))
        answer = {
            "call": self._call,
            "boot": self._boot,
            "alive": self._alive,
            "closed": self._closed,
            "answer": self._answered,
            "console": self._sidebar_said,
            "due": self._due,
            "fire": self._fire,
        }[endpoint](request)
        return Response(json.dumps(answer), mimetype="application/json")

    def _workbook(self, id: str) -> Workbook:
        workbook = self.workbooks.get(id) if id else next(iter(self.workbooks.values()), None)
        if workbook is None:
            raise NotFound()
        return workbook

    # What the page asks

    def _boot(self, request: Request) -> Json:
        """Who can look at which spreadsheet, and whether the add-on was used in it before."""
        workbook = self._workbook(_spreadsheet(request))
        return {
            "spreadsheet": workbook.id,
            "users": self.users,
            "addon": self.project.name,
            "authMode": "LIMITED" if workbook.id in self.enabled else "NONE",
        }

    def _alive(self, request: Request) -> Json:
        self.executions.seen(request.get_json()["executions"])
        return {}

    def _closed(self, request: Request) -> Json:
        # navigator.sendBeacon sends no JSON content type without a preflight.
        for id in json.loads(request.get_data())["executions"]:
            self.executions.end(id)
        return {}

    def _due(self, request: Request) -> Json:
        """Time triggers that fire now; the page that asks runs each as its creator."""
        return {
            "triggers": [
                {**_told(each), "at": at.timestamp() * 1000, "blind": self.triggers.blind}
                for each, at in self.triggers.due()
                if each.spreadsheet in self.workbooks
            ]
        }

    def _fire(self, request: Request) -> Json:
        """A test's way to let time triggers fire: those due by the clock that it hands in."""
        return {"fired": self.triggers.fire(datetime.fromisoformat(request.get_json()["now"]))}

    def _answered(self, request: Request) -> Json:
        asked = request.get_json()
        question = self._questions.get(asked["question"])
        if question is None:
            raise NotFound()
        self._answers[asked["question"]] = asked["button"]
        question.set()
        return {}

    def _sidebar_said(self, request: Request) -> Json:
        said = request.get_json()
        self.console.append(ConsoleLine("sidebar", said["level"], said["text"], said["user"]))
        return {}

    # What add-on code asks

    def _call(self, request: Request) -> Json:
        asked = request.get_json()
        try:
            if "pending" in asked:
                return self.executions.more(asked["execution"], asked["pending"])
            return self._service(asked)
        except GridError as refused:
            return {"error": str(refused)}
        except KeyError as missing:
            return {"error": f"Unexpected error: {missing} is unknown."}

    def _service(self, asked: Json) -> Json:
        workbook = self._workbook(asked["spreadsheet"])
        execution = self.executions.of(asked["execution"], asked["user"], workbook)
        method, params = asked["method"], asked["params"]
        if method in script_sheets.METHODS:
            return {"value": script_sheets.METHODS[method](workbook, params)}
        work = getattr(self, "_do_" + method.replace(".", "_"))
        if method in _SLOW:
            return self.executions.slowly(execution, lambda: work(execution, params))
        return {"value": work(execution, params)}

    def _do_project_info(self, execution: Execution, params: Json) -> Json:
        if params["authMode"] == "FULL":
            self.enabled.add(execution.workbook.id)
        return self.project.info()

    def _do_project_html(self, execution: Execution, params: Json) -> str:
        return self.project.html(params["name"])

    def _do_execution_end(self, execution: Execution, params: Json) -> None:
        self.executions.end(execution.id)

    def _do_console(self, execution: Execution, params: Json) -> None:
        line = ConsoleLine("server", params["level"], params["text"], execution.user)
        self.console.append(line)

    def _do_script_identityToken(self, execution: Execution, params: Json) -> str:
        return self._mint(execution.user)

    def _do_trigger_create(self, execution: Execution, params: Json) -> Json:
        made = self.triggers.create(
            execution.user,
            execution.workbook.id,
            params["handler"],
            after=timedelta(seconds=params["after_s"]),
            repeats=params["repeats"],
        )
        return _told(made)

    def _do_trigger_list(self, execution: Execution, params: Json) -> list[Json]:
        here = execution.workbook.id if params["here"] else None
        return [_told(each) for each in self.triggers.of(execution.user, here)]

    def _do_trigger_delete(self, execution: Execution, params: Json) -> None:
        self.triggers.delete(params["id"], execution.user)

    def _do_properties_read(self, execution: Execution, params: Json) -> dict[str, str]:
        return self.properties.read(_key(execution, params["of"]))

    def _do_properties_change(self, execution: Execution, params: Json) -> None:
        key = _key(execution, params["of"])
        self.properties.change(key, params["changes"], alone=params["alone"])

    def _do_lock_take(self, execution: Execution, params: Json) -> bool:
        return self.locks.take(_key(execution, params["of"]), execution, params["wait_ms"] / 1000)

    def _do_lock_held(self, execution: Execution, params: Json) -> bool:
        return self.locks.holds(_key(execution, params["of"]), execution)

    def _do_lock_release(self, execution: Execution, params: Json) -> None:
        self.locks.release(_key(execution, params["of"]), execution)

    def _do_fetch(self, execution: Execution, params: Json) -> list[Json]:
        return script_fetch.fetch(params["requests"], self.project.manifest(), self._backend_url)

    def _do_utilities_uuid(self, execution: Execution, params: Json) -> str:
        return str(uuid.uuid4())

    def _do_utilities_sleep(self, execution: Execution, params: Json) -> None:
        self._sleep(execution, params["ms"] / 1000)

    def _do_utilities_digest(self, execution: Execution, params: Json) -> str:
        name = _ALGORITHMS.get(params["algorithm"])
        if name is None:
            raise GridError(f"This sandbox does not compute {params['algorithm']}.")
        return _base64(hashlib.new(name, base64.b64decode(params["value"])).digest())

    def _do_utilities_hmac(self, execution: Execution, params: Json) -> str:
        key, value = base64.b64decode(params["key"]), base64.b64decode(params["value"])
        if not key:
            raise GridError("Invalid argument: key")
        return _base64(hmac.new(key, value, hashlib.sha256).digest())

    def _do_ui_ask(self, execution: Execution, params: Json) -> str:
        question = f"q{next(self._question_ids)}"
        self._questions[question] = threading.Event()
        return question

    def _do_ui_answer(self, execution: Execution, params: Json) -> str:
        question = params["question"]
        while not self._questions[question].wait(0.1):
            if execution.over.is_set():
                return "CLOSE"
        self._questions.pop(question)
        return self._answers.pop(question)


def _spreadsheet(request: Request) -> str:
    return request.args.get("spreadsheet", "")


def _key(execution: Execution, of: str) -> str:
    """Whose properties or whose lock: document properties know no person and the reverse."""
    if of == "document":
        return f"document {execution.workbook.id}"
    return f"user {execution.user}" if of == "user" else "script"


def _told(trigger: Trigger) -> Json:
    return {
        "id": trigger.id,
        "handler": trigger.handler,
        "user": trigger.user,
        "spreadsheet": trigger.spreadsheet,
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


_RULES = Map(
    [
        *PAGE_RULES,
        *page_grid.GRID_RULES,
        Rule("/apps-script/boot", endpoint="boot", methods=["GET"]),
        Rule("/apps-script/call", endpoint="call", methods=["POST"]),
        Rule("/apps-script/alive", endpoint="alive", methods=["POST"]),
        Rule("/apps-script/closed", endpoint="closed", methods=["POST"]),
        Rule("/apps-script/answer", endpoint="answer", methods=["POST"]),
        Rule("/apps-script/console", endpoint="console", methods=["POST"]),
        Rule("/apps-script/triggers/due", endpoint="due", methods=["POST"]),
        Rule("/apps-script/triggers/fire", endpoint="fire", methods=["POST"]),
    ]
)
