"""What clasp would push: only the add-on, whole, and able to reach one backend."""

from __future__ import annotations

import json
import pathlib
import shutil
from collections.abc import Callable

import pytest

from tests.addon_push import ADDON, main, pushed, troubles


def test_scripts_pages_and_the_manifest_are_pushed_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {path.name for path in pushed(ADDON)}
    assert {"Code.js", "Sidebar.html", "appsscript.json"} <= names
    assert not {"README.md", ".clasp.json.example", ".claspignore"} & names
    assert main([]) == 0
    assert set(capsys.readouterr().out.split()) == names


def _rewritten(name: str, change: Callable[[str], str]) -> Callable[[pathlib.Path], object]:
    def broken(addon: pathlib.Path) -> None:
        file = addon / name
        file.write_text(change(file.read_text("utf-8")), "utf-8")

    return broken


def _manifest(**changes: object) -> Callable[[pathlib.Path], object]:
    return _rewritten("appsscript.json", lambda text: json.dumps({**json.loads(text), **changes}))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda addon: (addon / "Room.html").write_text(""), "Room is there twice"),
        (lambda addon: (addon / "SidebarScriptNew.html").write_text(""), "does not take it in"),
        (lambda addon: (addon / "SidebarStyle.html").unlink(), "SidebarStyle, which is not pushed"),
        (lambda addon: shutil.copytree(addon, addon / "copy", ignore=lambda *_: ["copy"]), "in a folder"),
        (lambda addon: (addon / "Big.js").write_text(" " * 200_001), "200,001 bytes"),
        (_manifest(exceptionLogging="STACKDRIVER"), "NONE for exceptionLogging"),
        (_manifest(urlFetchWhitelist=["https://a.example/", "https://b.example/"]), "one https prefix"),
        (_manifest(urlFetchWhitelist=["https://*.example.com"]), "one https prefix"),
        (_manifest(urlFetchWhitelist=["https://other.example/"]), "not https://mine.example/"),
    ],
)  # fmt: skip
def test_what_would_not_work_is_said(
    tmp_path: pathlib.Path, broken: Callable[[pathlib.Path], object], words: str
) -> None:
    addon = tmp_path / "addon"
    shutil.copytree(ADDON, addon)
    broken(addon)
    assert any(words in each for each in troubles(addon, host="https://mine.example/"))
