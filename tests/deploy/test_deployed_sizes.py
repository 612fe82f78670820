"""What is deployed, to the number: who else than this would notice another time or bound?"""

from __future__ import annotations

from typing import Any

from tests.deploy.project import STEPS, Project

# Seconds, and instances. What waits for a refresh, or makes one, outlasts the token endpoint's 115 s
# (docs/tokens.md: The time); export is 120 s by the design; the bounds are SECURITY.md's, Denial of
# wallet.
TABLE = {
    "account": ("300s", 5),
    "catalog": ("60s", 5),
    "connections": ("300s", 10),
    "export": ("120s", 20),
    "exporters": ("60s", 10),
    "health": ("60s", 2),
    "home": ("60s", 10),
    "managed_refresh": ("600s", 10),
    "oauth_callback": ("300s", 5),
    "oauth_start": ("60s", 5),
    "pages": ("60s", 5),
    "runs": ("60s", 10),
    "token_refresh": ("300s", 10),
}
# Whose commands the steps run and whose addresses the backend calls; what makes and keeps the
# functions' images; what a function borrows accounts and writes sheets by.
APIS = {
    "artifactregistry", "cloudbuild", "cloudfunctions", "cloudresourcemanager", "cloudscheduler",
    "firebaserules", "firestore", "iam", "iamcredentials", "run", "secretmanager", "sheets",
}  # fmt: skip


def flags(command: list[str]) -> dict[str, str]:
    found = (word.partition("=") for word in command if word.startswith("--"))
    return {name: value for name, _, value in found}


def test_each_function_has_its_time_and_its_bound(twice: tuple[Project, list[Any]]) -> None:
    project, _ = twice
    deployed = [(each[2], flags(each)) for each in project.asked("functions", "deploy")]
    assert len(deployed) == 2 * len(TABLE)
    for name, given in deployed:
        assert (given["--timeout"], int(given["--max-instances"])) == TABLE[name], name
        assert (given["--min-instances"], given["--runtime"]) == ("0", "python312"), name


def test_the_scheduler_calls_at_its_times_and_waits_longer_than_the_function_may_take(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    jobs = {each[4]: flags(each) for each in project.asked("scheduler", "jobs", "update", "http")}
    told = {
        name: (given["--schedule"], given["--attempt-deadline"], given["--max-retry-attempts"])
        for name, given in jobs.items()
    }
    assert told == {
        "counterfoil-tick": ("17 * * * *", "320s", "0"),
        "counterfoil-managed": ("* * * * *", "620s", "0"),
    }
    made = {each[4]: flags(each) for each in project.asked("scheduler", "jobs", "create", "http")}
    for name, given in jobs.items():
        function = given["--oidc-token-audience"].rpartition("/")[2]
        assert int(given["--attempt-deadline"][:-1]) > int(TABLE[function][0][:-1])
        for flag in ("--schedule", "--attempt-deadline", "--uri", "--oidc-token-audience"):
            assert made[name][flag] == given[flag]


def test_every_api_that_is_called_is_enabled(twice: tuple[Project, list[Any]]) -> None:
    project, _ = twice
    words = {word for each in project.asked("services", "enable") for word in each}
    enabled = {word.partition(".")[0] for word in words if word.endswith(".googleapis.com")}
    assert enabled == APIS | {"compute"}  # the last by deploy/domain.sh


def test_the_account_that_builds_the_functions_may_log_keep_images_and_read_the_source(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    member = "--member=serviceAccount:counterfoil-build@a-project.iam.gserviceaccount.com"
    bound = project.asked("projects", "add-iam-policy-binding")
    assert {flags(each)["--role"] for each in bound if member in each} == {
        "roles/logging.logWriter", "roles/artifactregistry.writer", "roles/storage.objectAdmin",
    }  # fmt: skip


def test_the_tests_and_the_audit_end_the_build_where_they_fail() -> None:
    lines = [line.strip() for line in STEPS["test"]["script"].splitlines()]
    assert lines[-1] == "make check audit"
    for step in STEPS.values():
        if script := step.get("script"):
            assert script.splitlines()[1] == "set -euo pipefail"
            assert "||" not in script
        assert not {"allowFailure", "allowExitCodes"} & step.keys()
