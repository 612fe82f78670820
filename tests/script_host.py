"""Executions of the add-on without a browser: the sandbox's own runtime in Node, over a pipe.

A browser takes 10 ms for each call of a service, a pipe a fifth of one: so every story can be told,
and killed at each of its calls. That a browser's worker runs the same is in tests/browser.
"""

from __future__ import annotations

import io
import json
import pathlib
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = pathlib.Path(__file__).parent / "addon" / "script_host.js"
CALL = "/apps-script/call"

Json = dict[str, Any]
Lives = Callable[[Json], bool]
"""Told of each call of a service; once it says False, nothing of that execution happens any more."""


class ScriptHost:
    """`script` is sandbox.google.apps_script.AppsScript, or something around it."""

    def __init__(self, script: WSGIApplication) -> None:
        self._script = script
        self._node = subprocess.Popen(
            ["node", str(HOST)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._answer(self._heard())  # the runtime

    def close(self) -> None:
        for pipe in (self._node.stdin, self._node.stdout):
            if pipe is not None:
                pipe.close()
        self._node.wait()

    def run(
        self,
        spreadsheet: str,
        user: str,
        function: str,
        *args: Any,
        lives: Lives = lambda _: True,
        now: datetime | None = None,
        trigger: str | None = None,
    ) -> Any:
        """What the function returned; None where it did not live to return something. `now` is what
        its clock says, `trigger` the id of the one that calls it.

        Raises RuntimeError with what it threw.
        """
        id, alive = uuid.uuid4().hex, True
        at = None if now is None else now.timestamp() * 1000
        fired = {"id": trigger, "at": at} if trigger else None
        here = {"sheet": 0, "row": 0, "column": 0, "rows": 1, "columns": 1}
        execution = {"id": id, "spreadsheet": spreadsheet, "user": user, "active": here}
        self._say(
            {
                "now": at,
                "execution": execution | {"authMode": "FULL", "trigger": fired},
                "functionName": function,
                "args": json.dumps(args),
                "event": False,
            }
        )
        value, error = None, None
        for said in iter(self._heard, {"ended": True}):
            if "method" in said:
                if alive and said["path"] == CALL:
                    alive = lives(json.loads(said["body"]))
                self._answer(said, alive)
            value, error = said.get("value", value), said.get("error", error)
        if error is not None and alive:
            raise RuntimeError(error)
        return json.loads(value) if value is not None and alive else None

    def _answer(self, asked: Json, alive: bool = True) -> None:
        if not alive:
            self._say({"status": 503, "text": ""})
            return
        url, body = urlsplit(asked["path"]), asked["body"].encode()
        told: list[str] = []
        parts = self._script(
            {
                "REQUEST_METHOD": asked["method"],
                "PATH_INFO": url.path,
                "QUERY_STRING": url.query,
                "SCRIPT_NAME": "",
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(body),
            },
            lambda status, *_: told.append(status),  # type: ignore[arg-type, return-value]
        )
        text = b"".join(parts).decode()
        self._say({"status": int(told[0][:3]), "text": text})

    def _say(self, what: Json) -> None:
        assert self._node.stdin is not None
        self._node.stdin.write(json.dumps(what).encode() + b"\n")
        self._node.stdin.flush()

    def _heard(self) -> Json:
        assert self._node.stdout is not None
        line = self._node.stdout.readline()
        if not line:
            raise RuntimeError("Node ended.")
        said: Json = json.loads(line)
        return said


@contextmanager
def hosted(script: WSGIApplication) -> Iterator[ScriptHost]:
    host = ScriptHost(script)
    try:
        yield host
    finally:
        host.close()
