"""The two lock files agree, and every line carries hashes."""

from __future__ import annotations

import importlib.metadata
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


RUNTIME = ("requirements", "requirements-managed")


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text()))


def named(name: str) -> set[str]:
    lines = (ROOT / name).read_text().splitlines()
    return {line.strip() for line in lines if line.strip() and line[0] not in "#-"}


def test_where_they_overlap_people_and_runtime_have_the_same_versions():
    people, runtime = pins("requirements.txt"), pins("functions/requirements.txt")
    managed = pins("functions/requirements-managed.txt")
    assert runtime
    assert {name: people.get(name) for name in managed} == managed
    assert {name: managed.get(name) for name in runtime} == runtime


def test_every_pin_carries_its_hashes():
    for name in ("requirements.txt", *(f"functions/{each}.txt" for each in RUNTIME)):
        blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text())
        bare = [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block]
        assert bare == []


def test_each_dependency_is_pinned_and_has_its_line_in_the_docs():
    docs = (ROOT / "docs/dependencies.md").read_text()
    wanted = named("requirements.in") | named("functions/requirements.in")
    wanted |= named("functions/requirements-managed.in")
    assert wanted - set(pins("requirements.txt")) == set()
    assert {name for name in wanted if name not in docs} == set()


def test_what_is_installed_is_what_is_locked():
    locked = pins("requirements.txt")
    installed = {
        re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower(): found.version
        for found in importlib.metadata.distributions()
    }
    assert installed.keys() & locked.keys() >= named("functions/requirements.in")
    other = {
        name: (installed[name], version)
        for name, version in locked.items()
        if name in installed and installed[name] != version
    }
    assert other == {}
