"""The deployment, played against a gcloud that keeps what is made."""

from __future__ import annotations

import ast
import json
import pathlib
from typing import Any

from counterfoil.core.mail_server import MailServer
from counterfoil.settings import CloudStores, ManagedSettings, Settings
from deploy.settings import settings
from tests.deploy.project import ROOT, Project


def test_a_second_build_makes_nothing_twice_and_fails_nowhere(
    twice: tuple[Project, list[Any]],
) -> None:
    _, ends = twice
    assert [(end.returncode, end.stderr) for end in ends] == [(0, "")] * 12


def test_every_function_of_main_is_deployed_by_name_and_no_other(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    tree = ast.parse((ROOT / "functions/main.py").read_text())
    functions = [each.name for each in tree.body if isinstance(each, ast.FunctionDef)]
    deployed = [each[2] for each in project.asked("functions", "deploy")]
    assert sorted(deployed) == sorted(functions * 2)
    for command in project.asked("functions", "deploy"):
        assert f"--entry-point={command[2]}" in command


def test_what_was_built_last_serves_though_somebody_had_gone_back_to_a_revision(
    twice: tuple[Project, list[Any]],
) -> None:
    """A service that was told which revision serves goes on with it until it is told otherwise."""
    project, _ = twice
    deployed = project.asked("functions", "deploy")
    assert all("--serve-all-traffic-latest-revision" in each for each in deployed)
    runbook = (ROOT / "docs/runbook.md").read_text()
    assert "--to-revisions=export-00041-abc=100" in runbook
    assert "update-traffic export --to-latest" in runbook


def test_the_token_service_keeps_its_processor_and_has_300_seconds(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    kept = {each[3] for each in project.commands() if "--no-cpu-throttling" in each}
    assert kept == {"token-refresh"}
    (deployed, _) = [e for e in project.asked("functions", "deploy") if e[2] == "token_refresh"]
    assert "--timeout=300s" in deployed
    assert "--cpu=1" in deployed


def test_each_function_has_the_size_of_the_table_and_serves_as_many_at_once_as_it_is_sent(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    lines = (ROOT / "deploy/functions.tsv").read_text().splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    sizes = [
        [name, "--cpu=1", f"--memory={memory}", f"--concurrency={at_once}"]
        for name, _, _, memory, at_once, _, _ in table
    ]
    told = ("--cpu=", "--memory=", "--concurrency=")
    given = [
        [each[2], *(word for word in each if word.startswith(told))]
        for each in project.asked("functions", "deploy")
    ]
    assert sorted(given) == sorted(sizes * 2)
    threads = {name: read["THREADS"] for name, read in project.settings().items()}
    assert threads == {name: at_once for name, _, _, _, at_once, _, _ in table}


def test_only_the_token_service_knows_the_mail_server(tmp_path: pathlib.Path) -> None:
    project = Project(tmp_path)
    project.bootstrapped()
    project.has_secret()
    mail = {
        "_SMTP_HOST": "smtp.example.com",
        "_SMTP_USER": "mailer",
        "_SMTP_FROM": "c@example.com",
        "_SMTP_PASSWORD_VERSION": "2",
    }
    for step in ("settings", "project", "functions"):
        end = project.builds(step, **mail)
        assert (end.returncode, end.stderr) == (0, "")
    password = "SMTP_PASSWORD=counterfoil-smtp-password:2"
    told = {each[2] for each in project.commands() if any(password in word for word in each)}
    assert told == {"token_refresh"}
    ((*_, member, role, _),) = [
        each
        for each in project.asked("secrets", "add-iam-policy-binding")
        if each[2] == "counterfoil-smtp-password"
    ]
    assert member == "--member=serviceAccount:counterfoil-tokens@a-project.iam.gserviceaccount.com"
    assert role == "--role=roles/secretmanager.secretAccessor"
    settings = project.settings()
    assert {name for name in settings if "SMTP_HOST" in settings[name]} == {"token_refresh"}
    read = Settings.from_env(
        settings["token_refresh"] | {"INTUIT_CLIENT_SECRET": "s", "SMTP_PASSWORD": "p"}
    )
    assert read.mail == MailServer(
        "smtp.example.com", 587, "starttls", "c@example.com", "mailer", "p"
    )
    home = Settings.from_env(settings["home"])
    assert (home.mail, home.intuit_client_secret) == (None, "")


def test_without_intuits_secret_it_stops_and_says_where_to_put_it(tmp_path: pathlib.Path) -> None:
    project = Project(tmp_path)
    project.bootstrapped()
    end = project.builds("project")
    assert end.returncode == 1
    assert "counterfoil-intuit-secret is missing" in end.stderr


def test_without_an_account_it_stops_and_says_what_an_owner_has_to_run(
    tmp_path: pathlib.Path,
) -> None:
    project = Project(tmp_path)
    project.has_secret()
    project.bootstrapped(MANAGED="1")
    end = project.builds("project", _MANAGED="2")
    assert end.returncode == 1
    assert "counterfoil-sheets-2 is missing: run deploy/bootstrap.sh" in end.stderr
    assert "MANAGED=2 COUNTERFOIL_SECRETS=secret-manager" in end.stderr
    project.bootstrapped(MANAGED="2")
    assert project.builds("project", _MANAGED="2").returncode == 0


def test_an_account_that_was_just_made_gets_its_roles_once_google_knows_it(
    tmp_path: pathlib.Path,
) -> None:
    project = Project(tmp_path)
    script = "bash deploy/bootstrap.sh"
    end = project.runs(script, PROJECT_ID="a-project", GCLOUD_SLOW="1", IAM_PAUSES="0 0")
    assert end.returncode == 0
    assert "which may be too new: again in 0 s" in end.stderr
    end = project.runs(script, PROJECT_ID="a-project", GCLOUD_SLOW="9", IAM_PAUSES="0 0")
    assert (end.returncode, end.stderr.splitlines()[-1]) == (1, "Service account does not exist.")


def test_what_is_deployed_is_a_deployment_that_starts() -> None:
    read = Settings.from_env(_settings() | {"INTUIT_CLIENT_SECRET": "s", "K_SERVICE": "home"})
    assert read.backend_url == "https://europe-west1-a-project.cloudfunctions.net"
    assert read.token_service_url == f"{read.backend_url}/token_refresh"
    assert read.token_refresh_audience == read.token_service_url
    assert isinstance(read.stores, CloudStores)
    assert not read.stores.envelopes
    assert [each.partition("@")[0] for each in read.service_accounts] == [
        "counterfoil-web",
        "counterfoil-tokens",
        "counterfoil-managed",
        "counterfoil-scheduler",
    ]
    assert read.managed is None


def test_managed_refresh_has_as_many_writers_as_are_asked_for_and_one_caller() -> None:
    read = Settings.from_env(_settings(MANAGED="2") | {"INTUIT_CLIENT_SECRET": "s"})
    assert read.managed == ManagedSettings(
        accounts=(
            "counterfoil-sheets-1@a-project.iam.gserviceaccount.com",
            "counterfoil-sheets-2@a-project.iam.gserviceaccount.com",
        ),
        scheduler="counterfoil-scheduler@a-project.iam.gserviceaccount.com",
        url="https://europe-west1-a-project.cloudfunctions.net/managed_refresh",
        sheets_url="",
        max_cells=4_000_000,
    )


def test_accounts_that_are_named_write_instead_of_those_that_are_counted(
    tmp_path: pathlib.Path,
) -> None:
    project = Project(tmp_path)
    project.bootstrapped()
    project.has_secret()
    named = (
        "sheets@another-project.iam.gserviceaccount.com,second@a-project.iam.gserviceaccount.com"
    )
    for step in ("settings", "project"):
        end = project.builds(step, _MANAGED="7", _MANAGED_ACCOUNTS=named)
        assert (end.returncode, end.stderr) == (0, "")
    made = json.loads((tmp_path / "settings.json").read_text())
    assert made["MANAGED_ACCOUNTS"] == named


def test_the_scheduler_calls_managed_refresh_each_minute_while_there_is_any(
    tmp_path: pathlib.Path,
) -> None:
    project = Project(tmp_path)
    project.bootstrapped()
    for _ in range(2):
        assert project.builds("schedule").returncode == 0
    url = "https://europe-west1-a-project.cloudfunctions.net/managed_refresh"
    made = [each for each in project.asked("scheduler") if "counterfoil-managed" in each]
    first = next(each for each in made if "create" in each)
    assert {"--schedule=* * * * *", f"--uri={url}/tick", f"--oidc-token-audience={url}"} <= {*first}
    end = project.builds("schedule", _MANAGED="0")
    assert (end.returncode, end.stderr) == (0, "")
    assert any("delete" in each for each in project.commands() if "counterfoil-managed" in each)


def test_a_domain_leads_to_cloud_run_services_as_functions_of_the_second_generation_are(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    made = project.asked("compute", "network-endpoint-groups", "create")
    led = {each[3]: next(f for f in each if f.startswith("--cloud-")) for each in made}
    assert led["counterfoil-oauth-callback"] == "--cloud-run-service=oauth-callback"
    assert all(flag.startswith("--cloud-run-service=") for flag in led.values())
    deployed = {each[2].replace("_", "-") for each in project.asked("functions", "deploy")}
    assert {flag.partition("=")[2] for flag in led.values()} == deployed - {"token-refresh"}


def test_a_domain_whose_making_ended_half_way_is_made_to_the_end(tmp_path: pathlib.Path) -> None:
    project = Project(tmp_path)
    for kind in ("network-endpoint-groups", "backend-services"):
        (tmp_path / f"state/kept-compute-{kind}-counterfoil-home").touch()
    domain = {"REGION": "europe-west1", "DOMAIN": "counterfoil.example.com"}
    for _ in range(2):
        end = project.runs("bash deploy/domain.sh", PROJECT_ID="a-project", **domain)
        assert (end.returncode, end.stderr) == (0, "")
    added = [each[3] for each in project.asked("compute", "backend-services", "add-backend")]
    assert added.count("counterfoil-home") == 1
    assert len(added) == len(set(added)) == 12


def test_with_a_domain_the_token_service_keeps_its_own_address() -> None:
    read = Settings.from_env(
        _settings(BACKEND_URL="https://counterfoil.example.com") | {"INTUIT_CLIENT_SECRET": "s"}
    )
    assert read.redirect_uri == "https://counterfoil.example.com/oauth_callback"
    assert read.token_refresh_audience.startswith("https://europe-west1-a-project.")


def _settings(**other: str) -> dict[str, str]:
    return settings(
        {
            "PROJECT_ID": "a-project",
            "REGION": "europe-west1",
            "ADDON_CLIENT_IDS": "1.apps.googleusercontent.com",
            "INTUIT_CLIENT_ID": "intuit-id",
            "INTUIT_KEYS": "production",
            "COUNTERFOIL_KEY_VERSIONS": "1",
            "COUNTERFOIL_SECRETS": "secret-manager",
            **other,
        }
    )
