"""What cloudbuild.yaml says, and what its steps find."""

from __future__ import annotations

import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys

from tests.deploy.project import BUILD, DEPLOYING, ROOT, STEPS


def test_every_image_is_of_one_version() -> None:
    for step in BUILD["steps"]:
        version = r":\d+\.\d+\.\d+(-[a-z]+)*(@sha256:[0-9a-f]{64})?"  # deploy/images.py pins it
        assert re.search(version + "$", step["name"]), step
    steps = (STEPS[name]["name"] for name in ("gcloud", "firestore", *DEPLOYING[1:]))
    assert {name.split(":")[1].split("-")[0] for name in steps} == {"528.0.0"}


def test_every_step_waits_for_the_tests_and_every_script_is_there() -> None:
    order = ["test", "project", "firestore", "functions", "schedule"]
    for before, after in itertools.pairwise(order):
        assert STEPS[after]["waitFor"] == [before]
    assert STEPS["test"]["waitFor"] == ["settings", "node", "gcloud"]
    assert {name for name, step in STEPS.items() if step["waitFor"] == ["-"]} == {
        "settings",
        "node",
        "gcloud",
    }
    for step in STEPS.values():
        for name in re.findall(r"(?:bash|python3) (deploy/\S+)", step.get("script", "")):
            assert (ROOT / name).is_file()


def test_the_tools_of_the_tests_do_not_come_to_lie_in_the_source(tmp_path: pathlib.Path) -> None:
    """The test step lints whatever lies below /workspace, so a copied SDK would fail it."""
    source, tools = tmp_path / "workspace", tmp_path / "tools"
    (source / "deploy").mkdir(parents=True)
    tools.mkdir()
    for name in ("pyproject.toml", ".gitignore", "deploy/settings.py"):
        shutil.copy(ROOT / name, source / name)
    sdk = tmp_path / "sdk"
    (sdk / "bin").mkdir(parents=True)
    (sdk / "bin/gcloud").touch(mode=0o755)
    (sdk / "gcloud.py").write_text("import os,sys\nprint( 'not as we write' )\n")
    for step in (STEPS["node"], STEPS["gcloud"]):
        script = step["args"][1].replace("/workspace", str(source)).replace("/tools", str(tools))
        script = script.replace("/usr/local", str(sdk))
        path = f"{sdk / 'bin'}:{os.environ['PATH']}"
        subprocess.run(["bash", "-c", script], env=os.environ | {"PATH": path}, check=True)
    assert {each.name for each in tools.iterdir()} == {"node", "gcloud"}
    ruff = [sys.executable, "-m", "ruff"]
    for asked in (["format", "--check", "."], ["check", "."]):
        end = subprocess.run([*ruff, *asked], cwd=source, capture_output=True, text=True)
        assert end.returncode == 0, end.stdout
    (sdk / "gcloud.py").rename(source / "gcloud.py")
    assert subprocess.run([*ruff, "check", "."], cwd=source, capture_output=True).returncode == 1


def test_the_step_that_tests_sees_the_tools_where_they_were_put() -> None:
    volume = [{"name": "tools", "path": "/tools"}]
    assert [STEPS[name]["volumes"] for name in ("node", "gcloud", "test")] == [volume] * 3
    assert "$PATH:/tools/node/bin:/tools/gcloud/bin" in STEPS["test"]["script"]


def test_every_substitution_that_a_script_reads_is_declared_and_read() -> None:
    read = set(re.findall(r"\$(_[A-Z_]+)", (ROOT / "cloudbuild.yaml").read_text()))
    assert read == set(BUILD["substitutions"])


def test_the_documents_name_every_substitution() -> None:
    text = (ROOT / "docs/deploy.md").read_text()
    assert {name for name in BUILD["substitutions"] if f"`{name}`" not in text} == set()
