"""The add-on's files as Apps Script keeps a project: scripts, HTML files and the manifest."""

from __future__ import annotations

import json
import pathlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sandbox.google.cells import GridError

SCRIPT_ID = "1SandboxScriptOfCounterfoil"


@dataclass(frozen=True, slots=True)
class Project:
    """Read anew at each execution, so that an edited add-on is what runs next."""

    folder: pathlib.Path
    name: str

    def info(self) -> dict[str, Any]:
        """What an execution needs before it can load the files, in the order of their names."""
        stamps = {path: path.stat().st_mtime_ns for path in sorted(self.folder.glob("*.js"))}
        return {
            "name": self.name,
            "scriptId": SCRIPT_ID,
            "manifest": self.manifest(),
            "files": [
                f"/apps-script/files/{quote(path.name)}?{stamp}" for path, stamp in stamps.items()
            ],
        }

    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.folder / "appsscript.json").read_text("utf-8"))
        return manifest

    def script(self, name: str) -> str | None:
        path = self.folder / name
        known = path.suffix == ".js" and path.parent == self.folder and path.is_file()
        return path.read_text("utf-8") if known else None

    def html(self, name: str) -> str:
        """By its name without ".html", as `createTemplateFromFile` asks for it."""
        for path in self.folder.glob("*.html"):
            if path.stem == name or path.name == name:
                return path.read_text("utf-8")
        raise GridError(f"No HTML file named {name} was found.")
