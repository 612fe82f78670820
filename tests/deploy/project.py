"""A Google Cloud project that keeps what is made in it, for the scripts of the deployment."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
BUILD = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text())
GIVEN = {
    "PROJECT_ID": "a-project",
    "_REGION": "europe-west1",
    "_ADDON_CLIENT_IDS": "1.apps.googleusercontent.com,2.apps.googleusercontent.com",
    "_INTUIT_CLIENT_ID": "intuit-id",
}
STEPS = {step["id"]: step for step in BUILD["steps"]}
# Steps that need no more than python3 and gcloud.
DEPLOYING = ("settings", "project", "functions", "schedule")


class Project:
    """An empty project, and what was asked of it."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        (folder / "state").mkdir()
        (folder / "bin").mkdir()
        (folder / "bin/gcloud").symlink_to(HERE / "gcloud")

    def runs(self, script: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", script],
            cwd=ROOT,
            env=os.environ
            | {"GCLOUD_FOLDER": str(self.folder / "state")}
            | {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
            | env,
            capture_output=True,
            text=True,
            check=False,
        )

    def builds(self, step: str, **given: str) -> subprocess.CompletedProcess[str]:
        """One step of cloudbuild.yaml, with the substitutions as Cloud Build hands them over."""
        script = STEPS[step]["script"].replace("/workspace/", f"{self.folder}/")
        deployer = {"GCLOUD_AS": "counterfoil-deploy"}
        return self.runs(script, **(BUILD["substitutions"] | GIVEN | given | deployer))

    def has_secret(self) -> None:
        (self.folder / "state/kept-secrets-counterfoil-intuit-secret").touch()

    def bootstrapped(self, **given: str) -> None:
        end = self.runs("bash deploy/bootstrap.sh", PROJECT_ID="a-project", **given)
        assert (end.returncode, end.stderr) == (0, "")

    def commands(self) -> list[list[str]]:
        notes = self.folder / "state/commands"
        return [line.split("\x1f")[:-1] for line in notes.read_text().split("\n")[:-1]]

    def settings(self) -> dict[str, dict[str, str]]:
        """What each function was given, by its name."""
        files = (self.folder / "state").glob("settings-*")
        return {each.name.removeprefix("settings-"): json.loads(each.read_text()) for each in files}

    def asked(self, *words: str) -> list[list[str]]:
        return [each for each in self.commands() if each[: len(words)] == list(words)]
