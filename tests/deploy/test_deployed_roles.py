"""Who may do what in a deployed project, and who is kept out."""

from __future__ import annotations

import pathlib
import re
from typing import Any

from tests.deploy.project import DEPLOYING, ROOT, Project


def test_all_but_the_token_service_are_reached_without_googles_permission(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    opened = {each[3] for each in project.commands() if "--no-invoker-iam-check" in each}
    functions = {each[2].replace("_", "-") for each in project.asked("functions", "deploy")}
    assert functions - opened == {"token-refresh"}
    assert all("--no-allow-unauthenticated" in e for e in project.asked("functions", "deploy"))
    called_by = {
        flag.removeprefix("--member=serviceAccount:").partition("@")[0]
        for each in project.asked("run", "services", "add-iam-policy-binding", "token-refresh")
        for flag in each
        if flag.startswith("--member=")
    }
    assert called_by == {
        f"counterfoil-{name}" for name in ("web", "tokens", "managed", "scheduler")
    }


def test_who_reads_no_refresh_token_has_no_role_for_their_secrets(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    granted: dict[str, set[str]] = {}
    for command in project.asked("projects", "add-iam-policy-binding"):
        member = next(f for f in command if f.startswith("--member=")).split(":")[1].split("@")[0]
        role = next(f for f in command if f.startswith("--role=")).partition("=")[2]
        granted.setdefault(member, set()).add(role.rpartition("/")[2])
    assert granted["counterfoil-web"] == {"datastore.user"}
    assert granted["counterfoil-tokens"] == {
        "datastore.user", "counterfoilSecretMaker", "counterfoilSecretKeeper",
    }  # fmt: skip
    assert granted["counterfoil-managed"] == {"datastore.user"}
    assert "counterfoil-scheduler" not in granted
    assert "counterfoil-sheets-1" not in granted, "what people share with has no role"
    assert not {"owner", "editor"} & set().union(*granted.values())
    keeper = [c for c in project.commands() if any("counterfoilSecretKeeper" in w for w in c)]
    bound = [c for c in keeper if "add-iam-policy-binding" in c]
    assert all(any("secrets/counterfoil-refresh-" in word for word in c) for c in bound)


def test_no_log_of_requests_is_kept_of_what_browsers_open(twice: tuple[Project, list[Any]]) -> None:
    """By the names of the services: behind a domain an address has lost the function's name."""
    project, _ = twice
    ((_, _, _, sink, at, *_, excluded),) = project.asked("logging", "sinks", "update")
    assert (sink, at) == ("_Default", "--project=a-project")
    assert excluded == (
        "--add-exclusion=name=counterfoil-addresses,filter="
        'logName:"run.googleapis.com%2Frequests" AND '
        'resource.labels.service_name=("oauth-start" OR "oauth-callback" OR "pages")'
    )
    deployed = {each[2].replace("_", "-") for each in project.asked("functions", "deploy")}
    assert {"oauth-start", "oauth-callback", "pages"} <= deployed


# What each call of the Secret Manager takes: "IAM permissions" of the method's page below
# https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets
PERMISSIONS = {
    "access_secret_version": "secretmanager.versions.access",
    "add_secret_version": "secretmanager.versions.add",
    "create_secret": "secretmanager.secrets.create",
    "delete_secret": "secretmanager.secrets.delete",
    "destroy_secret_version": "secretmanager.versions.destroy",
    "get_secret_version": "secretmanager.versions.get",
    "list_secret_versions": "secretmanager.versions.list",
}


def test_who_keeps_refresh_tokens_may_do_what_their_store_does_and_no_more(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    adapter = ROOT / "functions/counterfoil/adapters/secret_manager_secrets.py"
    called = set(re.findall(r"_client\(\)\.(\w+_\w+)\(", adapter.read_text()))
    given = {
        permission
        for each in project.asked("iam", "roles", "create")
        for word in each
        if word.startswith("--permissions=")
        for permission in word.removeprefix("--permissions=").split(",")
    }
    assert given == {PERMISSIONS[call] for call in called}


def test_with_envelopes_the_documents_say_that_roles_do_not_keep_tokens_apart(
    tmp_path: pathlib.Path,
) -> None:
    project = Project(tmp_path)
    project.bootstrapped(COUNTERFOIL_SECRETS="envelopes")
    project.has_secret()
    assert project.builds("project", _SECRETS="envelopes").returncode == 0
    key = project.asked("secrets", "add-iam-policy-binding", "counterfoil-key")
    readers = {each[4].split(":")[1].partition("@")[0] for each in key}
    assert readers == {"counterfoil-web", "counterfoil-tokens", "counterfoil-managed"}
    assert "counterfoilSecret" not in str(project.commands())
    assert "**Not so with `envelopes`**" in (ROOT / "SECURITY.md").read_text()
    assert "With `envelopes` that\nwall is not there" in (ROOT / "docs/deploy.md").read_text()


def test_no_secret_is_handed_over_in_the_open(twice: tuple[Project, list[Any]]) -> None:
    project, _ = twice
    file = project.folder / "settings.json"
    assert "INTUIT_CLIENT_SECRET" not in file.read_text()
    assert "INTUIT_CLIENT_SECRET" not in str(project.settings())


ASK_INTUIT_FOR_TOKENS = {"connections", "oauth_callback", "account", "token_refresh"}


def test_intuits_client_secret_is_for_those_that_ask_intuit_for_tokens_alone(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    given = "--set-secrets=INTUIT_CLIENT_SECRET=counterfoil-intuit-secret:1"
    deployed = project.asked("functions", "deploy")
    assert {each[2] for each in deployed if given in each} == ASK_INTUIT_FOR_TOKENS
    # What an earlier build gave would stay.
    cleared = {each[2] for each in deployed if "--clear-secrets" in each}
    assert cleared == {each[2] for each in deployed} - ASK_INTUIT_FOR_TOKENS
    told = {name for name, read in project.settings().items() if "COUNTERFOIL_TOKENS" in read}
    assert told == cleared
    asked = project.asked("secrets", "add-iam-policy-binding", "counterfoil-intuit-secret")
    assert {each[4].split(":")[1].partition("@")[0] for each in asked} == {"counterfoil-tokens"}


# What hands out roles, changes roles or accounts, or acts as any account of a project; and roles of
# our own, which are as mighty as somebody makes them.
MIGHTY = re.compile(r"roles/(owner|editor|iam\..*|resourcemanager\..*)|projects/.*")


def test_who_can_change_the_build_can_hand_out_no_role_and_act_as_no_other_account(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    deployer = "--member=serviceAccount:counterfoil-deploy@a-project.iam.gserviceaccount.com"
    roles = {
        word.removeprefix("--role=")
        for each in project.asked("projects", "add-iam-policy-binding")
        if deployer in each
        for word in each
        if word.startswith("--role=")
    }
    assert roles == {
        "roles/cloudbuild.builds.builder", "roles/cloudfunctions.developer",
        "roles/cloudscheduler.admin", "roles/datastore.owner", "roles/firebaserules.admin",
        "roles/run.admin", "roles/secretmanager.admin",
    }  # fmt: skip
    assert [role for role in roles if MIGHTY.fullmatch(role)] == []
    on_accounts = {
        (each[3].partition("@")[0], each[6])
        for each in project.asked("iam", "service-accounts", "add-iam-policy-binding")
        if deployer in each
    }
    acts_as = {
        (f"counterfoil-{name}", "--role=roles/iam.serviceAccountUser")
        for name in ("web", "tokens", "managed", "scheduler", "build")
    }
    # Whether it is there is all that it may know of an account that writes.
    sees = {("counterfoil-sheets-1", "--role=roles/iam.serviceAccountViewer")}
    assert on_accounts == acts_as | sees


def test_the_build_changes_no_role_no_account_and_no_policy_of_the_project(
    tmp_path: pathlib.Path,
) -> None:
    project = Project(tmp_path)
    project.bootstrapped()
    project.has_secret()
    before = len(project.commands())
    for step in DEPLOYING:
        assert project.builds(step).returncode == 0
    of_iam = {tuple(each[:3]) for each in project.commands()[before:] if each[0] == "iam"}
    assert of_iam == {("iam", "service-accounts", "describe")}
    assert not [each for each in project.commands()[before:] if each[0] == "projects"]


def test_only_managed_refresh_borrows_the_accounts_that_write(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    lent = [
        each
        for each in project.asked("iam", "service-accounts", "add-iam-policy-binding")
        if "--role=roles/iam.serviceAccountTokenCreator" in each
    ]
    assert [each[3].partition("@")[0] for each in lent] == ["counterfoil-sheets-1"] * 2
    member = "--member=serviceAccount:counterfoil-managed@a-project.iam.gserviceaccount.com"
    assert all(member in each for each in lent)
    sources = {
        each[2]: next(flag for flag in each if flag.startswith("--source="))
        for each in project.asked("functions", "deploy")
    }
    assert {name for name, source in sources.items() if source != "--source=functions"} == {
        "managed_refresh"
    }
