"""The page's own files, the add-on's scripts, and the HTML that the add-on shows."""

from __future__ import annotations

import json
import pathlib
import re
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.google.script_project import Project

PAGE = pathlib.Path(__file__).resolve().parents[1] / "page"
# Joined in this order into one function: what a file needs while it loads comes before it.
RUNTIME = (
    "bridge",
    "checks",
    "permissions",
    "range",
    "sheet",
    "charts",
    "spreadsheet",
    "html",
    "ui",
    "stores",
    "utilities",
    "fetch",
    "triggers",
    "script",
    "worker",
)
MOST_SHOWN = 50
NEVER = "no-store"
# An address with a version in it, as `Project.info` gives it, is that of one text.
FOR_EVER = "max-age=86400, immutable"

PAGE_RULES = [
    Rule("/", endpoint="files.index", methods=["GET"]),
    Rule("/page/runtime.js", endpoint="files.runtime", methods=["GET"]),
    Rule("/page/<name>", endpoint="files.page", methods=["GET"]),
    Rule("/apps-script/files/<name>", endpoint="files.script", methods=["GET"]),
    Rule("/apps-script/html", endpoint="files.show", methods=["POST"]),
    Rule("/apps-script/html/<id>", endpoint="files.shown", methods=["GET"]),
]

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_BEFORE_SHIM = re.compile(r"\A\s*(?:<!doctype[^>]*>)?\s*(?:<html[^>]*>)?\s*(?:<head[^>]*>)?", re.I)


class PageFiles:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._shown: OrderedDict[str, str] = OrderedDict()

    def respond(self, endpoint: str, request: Request, parts: Mapping[str, Any]) -> Response:
        match endpoint:
            case "files.index":
                return self._file("index.html")
            case "files.runtime":
                return _text(runtime(), "text/javascript")
            case "files.page":
                return self._file(parts["name"])
            case "files.script":
                source = self._project.script(parts["name"])
                if source is None:
                    raise NotFound()
                kept = FOR_EVER if request.query_string else NEVER
                return _text(source, "text/javascript", kept)
            case "files.show":
                return _text(json.dumps({"path": self._show(request.get_json())}), _JSON)
            case _:
                return self._html(parts["id"])

    def _file(self, name: str) -> Response:
        path = PAGE / name
        if path.parent != PAGE or path.suffix not in _TYPES or not path.is_file():
            raise NotFound()
        return _text(path.read_text("utf-8"), _TYPES[path.suffix])

    def _show(self, asked: Mapping[str, Any]) -> str:
        """Keeps the HTML for the frame that is about to ask for it; returns its path."""
        shim = (PAGE / "shim.js").read_text("utf-8")
        # "<" cannot end the script element early.
        names = json.dumps(asked["functions"]).replace("<", "\\u003c")
        script = f"<script>{shim.replace('FUNCTION_NAMES', names)}</script>"
        start = _BEFORE_SHIM.match(asked["html"])
        at = start.end() if start else 0
        id = uuid.uuid4().hex
        self._shown[id] = asked["html"][:at] + script + asked["html"][at:]
        while len(self._shown) > MOST_SHOWN:
            self._shown.popitem(last=False)
        return f"/apps-script/html/{id}"

    def _html(self, id: str) -> Response:
        html = self._shown.get(id)
        if html is None:
            raise NotFound()
        return _text(html, "text/html")


def runtime() -> str:
    """The runtime's files as one script for a web worker; nothing of them becomes global."""
    files = [(PAGE / "runtime" / f"{name}.js").read_text("utf-8") for name in RUNTIME]
    return '(() => {\n"use strict";\n' + "\n".join(files) + "\n})();\n"


_JSON = "application/json"


def _text(text: str, mimetype: str, kept: str = NEVER) -> Response:
    return Response(text, mimetype=mimetype, headers={"Cache-Control": kept})
