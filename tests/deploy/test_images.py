"""Images are pinned by what their registries give, computed here, or not at all."""

from __future__ import annotations

import hashlib
import pathlib
import subprocess
from collections.abc import Mapping

import pytest
import yaml

from deploy import images
from deploy.images import KINDS, Answer, Unpinned, main, pinned, wrong

ROOT = pathlib.Path(__file__).resolve().parents[2]
HUB = "https://registry-1.docker.io/v2/library/python/manifests/3.12.11-bookworm"
GCR = "https://gcr.io/v2/google.com/cloudsdktool/google-cloud-cli/manifests/528.0.0-slim"
FILE = """steps:
  - id: test
    name: python:3.12.11-bookworm
  # name: what a comment says
  - id: project
    name: gcr.io/google.com/cloudsdktool/google-cloud-cli:528.0.0-slim
  - id: schedule
    name: gcr.io/google.com/cloudsdktool/google-cloud-cli:528.0.0-slim
"""
PYTHON, CLI = b'{"manifests": "python"}', b'{"manifests": "cli"}'


def sha(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


class Registries:
    """Docker's, which wants the token that it gives to anybody, and Google's, which wants none."""

    def __init__(self) -> None:
        self.held = {HUB: PYTHON, GCR: CLI}
        self.asked: list[str] = []
        self.says: str | None = None  # the digest in the answer's header, when it is another

    def __call__(self, url: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append(url)
        if url.startswith("https://auth.docker.io/token?"):
            assert "scope=repository%3Alibrary%2Fpython%3Apull" in url
            return Answer(200, {}, b'{"token": "anybodys"}')
        assert headers["Accept"] == KINDS
        if url == HUB and headers.get("Authorization") != "Bearer anybodys":
            challenge = (
                'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",'
                'scope="repository:library/python:pull"'
            )
            return Answer(401, {"www-authenticate": challenge})
        body = self.held.get(url)
        if body is None:
            return Answer(404)
        return Answer(200, {"docker-content-digest": self.says or sha(body)}, body)


def test_each_tag_gets_the_digest_of_its_manifest_and_is_asked_for_once() -> None:
    registries = Registries()
    text = pinned(FILE, registries)
    assert text == FILE.replace(
        "python:3.12.11-bookworm", f"python:3.12.11-bookworm@{sha(PYTHON)}"
    ).replace(":528.0.0-slim", f":528.0.0-slim@{sha(CLI)}")
    assert registries.asked.count(GCR) == 1
    assert wrong(text, registries) == []


def test_what_is_pinned_stays_and_a_tag_that_moved_is_told() -> None:
    registries = Registries()
    text = pinned(FILE, registries)
    registries.held[GCR] = b"another image"
    assert pinned(text, registries) == text
    assert wrong(text, registries) == [
        "gcr.io/google.com/cloudsdktool/google-cloud-cli:528.0.0-slim is "
        f"{sha(b'another image')} today, not {sha(CLI)}"
    ]


def test_what_is_not_pinned_is_told() -> None:
    assert [each.rpartition(", ")[2] for each in wrong(FILE, Registries())] == ["not pinned"] * 2


@pytest.mark.parametrize("how", ["gone", "another digest", "no token", "away"])
def test_a_registry_that_does_not_say_leaves_the_file_as_it_was(
    how: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registries = Registries()
    if how == "gone":
        del registries.held[GCR]
    elif how == "another digest":
        registries.says = sha(b"something else")

    def ask(url: str, headers: Mapping[str, str]) -> Answer:
        if how == "away":
            raise Unpinned("gcr.io cannot be reached (timeout)")
        if how == "no token" and "token" in url:
            return Answer(429)
        return registries(url, headers)

    file = tmp_path / "cloudbuild.yaml"
    file.write_text(FILE)
    assert main([], file, ask) == 1
    assert file.read_text() == FILE
    assert "Nothing was changed." in capsys.readouterr().err


def test_the_check_fails_until_all_are_pinned(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "cloudbuild.yaml"
    file.write_text(FILE)
    registries = Registries()
    assert main(["--check"], file, registries) == 1
    assert main([], file, registries) == 0
    assert main(["--check"], file, registries) == 0


def test_every_image_of_the_build_is_one_that_can_be_pinned() -> None:
    text = (ROOT / "cloudbuild.yaml").read_text()
    named = {step["name"] for step in yaml.safe_load(text)["steps"]}
    found = {match[0].split("name:")[1].strip() for match in images._IMAGE.finditer(text)}
    assert found == named
    assert {
        step["name"] for step in yaml.safe_load(pinned(text, lambda *_: Answer(200)))["steps"]
    } == {f"{name.partition('@')[0]}@{name.partition('@')[2] or sha(b'')}" for name in named}


def test_a_build_stops_at_an_image_that_nobody_pinned(tmp_path: pathlib.Path) -> None:
    """Before its tests, and without asking anybody."""
    tagged = "steps:\n  - id: test\n    name: python:3.12.11-bookworm\n"
    exact = tagged.rstrip() + "@sha256:" + "0" * 64 + "\n"
    ends = []
    for text in (tagged, exact, tagged + exact):
        file = tmp_path / "cloudbuild.yaml"
        file.write_text(text)
        asked = ["make", "-s", "pinned", f"BUILD_FILE={file}"]
        end = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        ends.append((end.returncode == 0, "run make pin" in end.stderr))
    assert ends == [(False, True), (True, False), (False, True)]
    script = (ROOT / "cloudbuild.yaml").read_text()
    assert script.index("make pinned") < script.index("make check audit")
