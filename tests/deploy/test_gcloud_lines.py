"""gcloud's own word on each line that we ask it to run, or tell people to."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest

from tests.deploy.project import ROOT, Project


def test_gcloud_knows_every_command_and_flag(
    twice: tuple[Project, list[Any]], tmp_path: pathlib.Path
) -> None:
    project, _ = twice
    other = Project(tmp_path)  # what one that chose otherwise asks besides
    other.bootstrapped(MANAGED="1")
    other.has_secret()
    for step, given in (
        ("project", {"_SMTP_PASSWORD_VERSION": "1"}),
        ("schedule", {}),
        ("schedule", {"_MANAGED": "0"}),
    ):
        assert other.builds(step, **given).returncode == 0
    commands = [*project.commands(), *other.commands()]
    assert any(each[:3] == ["scheduler", "jobs", "delete"] for each in commands)
    lines = [_as_typed(["gcloud", *command]) for command in commands]
    documents = [
        *(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "cloudbuild.yaml",
    ]  # fmt: skip
    written = [line for page in documents for line in gcloud_lines(page.read_text())]
    assert len(written) >= 14
    assert "gcloud auth print-access-token" in written
    assert wrong_in(lines + written) == {}


def test_a_command_about_a_scheduled_job_says_where_and_in_which_project() -> None:
    """It fails without, which gcloud's linter does not know."""
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    found = [line for page in pages for line in gcloud_lines(page.read_text())]
    of_jobs = [line for line in found if line.startswith("gcloud scheduler jobs ")]
    assert len(of_jobs) >= 4
    for line in of_jobs:
        assert "--location=$REGION" in line, line
        assert "--project=$PROJECT_ID" in line, line


def test_a_shell_would_read_each_written_command_as_one() -> None:
    """An unquoted semicolon, ampersand or bracket would end it in the middle."""
    for page in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "cloudbuild.yaml"):
        for line in gcloud_lines(page.read_text()):
            assert cut_in(line) == [], line
    assert cut_in("gcloud builds submit --substitutions=^;^_REGION=x;_MORE=y") == [";", ";"]


def cut_in(line: str) -> list[str]:
    words = shlex.shlex(line, posix=True, punctuation_chars=";&()")
    words.whitespace_split = True
    return [word for word in words if set(word) <= set(";&()")]


def test_a_flag_that_does_not_exist_would_be_named() -> None:
    found = wrong_in(["gcloud functions deploy home --gen2 --no-such-flag"])
    assert list(found) == ["gcloud functions deploy home --gen2 --no-such-flag"]


def gcloud_lines(text: str) -> list[str]:
    """Commands at the beginning of a line, after a `#` or a pipe, continued by a backslash; and
    those in running text or whose output is taken.
    """
    whole = text.replace("\\\n#", " ").replace("\\\n", " ")
    found = re.findall(r"^(?:#? +|    .*\| )(gcloud .+)$", whole, re.MULTILINE)
    # Without a flag it is a command's name, not a command.
    found += re.findall(r"`(gcloud\s[^`]+\s--[^`]+)`", whole)
    found += re.findall(r"\$\((gcloud [^)|]+)\)", whole)
    return [re.sub(r"\s+", " ", line) for line in found]


def wrong_in(lines: Sequence[str]) -> dict[str, str]:
    """What gcloud's linter says about each line, by line. It looks at names and choices only."""
    if not shutil.which("gcloud"):
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("gcloud is not here, so no command of the deployment was looked at")
        pytest.skip("gcloud is not here: install the Google Cloud CLI to lint the deployment")
    # Of commands that differ only in their values one is enough: values are not looked at.
    alike = {_shape(line): line for line in lines}
    commands = [{"command_string": _given(line)} for line in alike.values()]
    done = subprocess.run(
        ["gcloud", "meta", "lint-gcloud-commands", "--commands-file=/dev/stdin"],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout)
    assert len(told) == len(commands)
    return {each["command_string"]: each["error_message"] for each in told if not each["success"]}


def _given(line: str) -> str:
    """Variables of a shell filled in, so that what must be an address is one."""
    line = line.replace("$TOKEN_SERVICE_URL", "https://example.com/token_refresh")
    line = line.replace("$PROJECT_ID", "my-project")
    return re.sub(r'"?\$\{?[A-Za-z_]+\}?"?', "given", line)


def _shape(line: str) -> tuple[str, ...]:
    words = shlex.split(line)
    return (*words[:4], *(word.partition("=")[0] for word in words if word.startswith("-")))


def _as_typed(words: Sequence[str]) -> str:
    return " ".join(
        word if re.fullmatch(r"[\w./:=@,-]+", word) else _quoted(word) for word in words
    )


def _quoted(word: str) -> str:
    name, equals, value = word.partition("=")
    return f"{name}{equals}{json.dumps(value)}" if equals else json.dumps(word)
