"""`make audit` asks about everything that is locked, and fails when either database has something."""

from __future__ import annotations

import json
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
STAND_IN = """#!/bin/sh
echo "$(basename "$0") $*" >>{told}
exit {status}
"""


def audited(folder: pathlib.Path, **statuses: int) -> tuple[int, list[str]]:
    """The target's status and what it ran, with stand-ins for what asks the network."""
    tools = folder / "bin"
    tools.mkdir()
    told = folder / "told"
    for name in ("python", "uv", "npm"):
        tool = tools / name
        tool.write_text(STAND_IN.format(told=told, status=statuses.get(name, 0)))
        tool.chmod(0o700)
    done = subprocess.run(
        ["make", "-s", "audit", f"BIN={tools}", "READY=", "NODE_READY="],
        cwd=ROOT, env={"PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, told.read_text().splitlines()


def test_both_locks_are_asked_about_by_their_hashes(tmp_path: pathlib.Path) -> None:
    status, ran = audited(tmp_path)
    assert status == 0
    (python,) = [line for line in ran if line.startswith("uv ")]
    assert python.endswith("--strict --require-hashes --disable-pip -r requirements.txt")
    assert "pip-audit==" in python
    assert [line for line in ran if "pip install" in line and "uv==" not in line] == []
    assert ran[-1] == "npm audit"


@pytest.mark.parametrize("found_by", ["uv", "npm"])
def test_a_known_weakness_in_either_fails_the_build(tmp_path: pathlib.Path, found_by: str) -> None:
    status, ran = audited(tmp_path, **{found_by: 1})
    assert status != 0
    assert ran[-1].startswith(found_by)


def test_the_build_audits_after_its_tests() -> None:
    build = (ROOT / "cloudbuild.yaml").read_text().splitlines()
    assert [line.strip() for line in build if "make check" in line] == ["make check audit"]


def test_what_npm_installs_is_locked_by_its_hash() -> None:
    lock = json.loads((ROOT / "tests/addon/package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert {name for name, each in packages.items() if "integrity" not in each} == set()
    named = json.loads((ROOT / "tests/addon/package.json").read_text())["devDependencies"]
    for name, version in named.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
