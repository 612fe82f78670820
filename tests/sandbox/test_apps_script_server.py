"""The server side of the runtime where no browser is needed: allowed addresses, locks, files."""

from __future__ import annotations

import os
import pathlib

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from sandbox.google.cells import GridError
from sandbox.google.grid import Workbook
from sandbox.google.page_files import PageFiles
from sandbox.google.script_execution import Executions, Locks
from sandbox.google.script_fetch import allowed
from sandbox.google.script_project import Project
from tests.sandbox.scripted_page import ADDON


@pytest.mark.parametrize(
    ("url", "prefix", "fits"),
    [
        ("https://a.example/v1/x", "https://a.example/v1/", True),
        ("https://a.example/v2", "https://a.example/v1/", False),
        ("https://a.example/V1/", "https://a.example/v1/", False),
        ("http://a.example/v1/", "https://a.example/v1/", False),
        ("https://a.example", "https://a.example/", True),
        ("https://a.example/", "https://a.example", False),  # a prefix needs a path
        ("https://b.a.example/", "https://*.a.example/", True),
        ("https://ba.example/", "https://*.a.example/", False),
        ("https://a.example.evil/", "https://a.example/", False),
        ("https://a.example@evil/", "https://a.example/", False),
        ("http://127.0.0.1:80/home", "https://a.example/", True),  # the sandbox's own backend
        ("http://127.0.0.1:801/home", "https://a.example/", False),
    ],
)
def test_an_address_is_allowed_by_a_prefix_of_the_manifest(url, prefix, fits):
    assert allowed(url, [prefix], "http://127.0.0.1:80") is fits


def test_without_a_list_every_address_is_allowed_as_in_a_test_deployment():
    assert allowed("https://anywhere.example/", None, "")


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_lock_outlives_neither_its_execution_nor_a_page_that_fell_silent():
    seconds, workbook = Seconds(), Workbook()
    executions = Executions(seconds)
    locks = Locks(executions)
    ana, ben = (executions.of(name, f"{name}@example.com", workbook) for name in ("ana", "ben"))
    assert locks.take("document", ana, 0)
    assert locks.take("document", ana, 0)  # again, by who has it
    assert not locks.take("document", ben, 0)
    locks.release("document", ben)  # not his: nothing happens
    assert locks.holds("document", ana)
    executions.end("ana")
    assert locks.take("document", ben, 0)

    caro = executions.of("caro", "caro@example.com", workbook)
    seconds.now = 80
    executions.seen(["caro", "ben"])
    seconds.now = 160
    executions.seen(["caro"])
    assert not locks.take("document", caro, 0)
    seconds.now = 171
    assert locks.take("document", caro, 0)


def test_who_ended_takes_no_lock():
    executions = Executions()
    locks = Locks(executions)
    gone = executions.of("gone", "ana@example.com", Workbook())
    assert executions.running() == 1
    executions.end("gone")
    assert executions.running() == 0
    assert not locks.take("document", gone, 60)


@pytest.mark.parametrize("name", ["../conftest.py", "appsscript.json", "Nope.js", "Panel.html"])
def test_only_scripts_of_the_add_on_are_served_as_scripts(name):
    assert Project(ADDON, "x").script(name) is None


def test_a_script_is_asked_for_once_for_each_version_of_it(tmp_path: pathlib.Path) -> None:
    """An execution loads all of them: a browser need not ask again for what has not changed."""
    files, script = PageFiles(Project(tmp_path, "x")), tmp_path / "Code.js"

    def kept(path: str) -> str | None:
        request = Request(EnvironBuilder(path).get_environ())
        return files.respond("files.script", request, {"name": "Code.js"}).headers["Cache-Control"]

    (tmp_path / "appsscript.json").write_text("{}")
    script.write_text("let n = 1;")
    (named,) = Project(tmp_path, "x").info()["files"]
    os.utime(script, ns=(1, 1))
    (edited,) = Project(tmp_path, "x").info()["files"]
    assert kept(named) == "max-age=86400, immutable"
    assert named != edited
    assert kept("/apps-script/files/Code.js") == "no-store"


def test_html_files_are_found_by_name_only():
    project = Project(pathlib.Path(ADDON), "x")
    assert "<h1" in project.html("Panel")
    with pytest.raises(GridError, match="No HTML file named appsscript was found"):
        project.html("appsscript")
