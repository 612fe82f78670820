"""The deployment, played against a gcloud that keeps what is made; each line then linted."""

from __future__ import annotations

import ast
import itertools
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest
import yaml

from counterfoil.core.mail_server import MailServer
from counterfoil.settings import CloudStores, ManagedSettings, Settings
from deploy.settings import settings

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
BUILD = yaml.safe_load((ROOT / "cloudbuild.yaml").read_text())
GIVEN = {
    "PROJECT_ID": "a-project",
    "_REGION": "europe-west1",
    "_ADDON_CLIENT_IDS": "1.apps.googleusercontent.com,2.apps.googleusercontent.com",
    "_INTUIT_CLIENT_ID": "intuit-id",
}
DEPLOYING = ("project", "functions", "schedule")  # steps that are gcloud commands


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
        text = next(each for each in BUILD["steps"] if each["id"] == step)["script"]
        script = text.replace("/workspace/", f"{self.folder}/")
        return self.runs(script, **(BUILD["substitutions"] | GIVEN | given))

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


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[Any]]:
    """Everything by the book, two times over."""
    project = Project(tmp_path_factory.mktemp("project"))
    project.has_secret()
    ends = []
    domain = {"REGION": "europe-west1", "DOMAIN": "counterfoil.example.com"}
    for _ in range(2):
        ends.append(project.runs("bash deploy/bootstrap.sh", PROJECT_ID="a-project"))
        ends += [project.builds(step) for step in DEPLOYING]
        ends.append(project.runs("bash deploy/domain.sh", PROJECT_ID="a-project", **domain))
    return project, ends


def test_a_second_build_makes_nothing_twice_and_fails_nowhere(
    twice: tuple[Project, list[Any]],
) -> None:
    _, ends = twice
    assert [(end.returncode, end.stderr) for end in ends] == [(0, "")] * 10


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


def test_the_token_service_keeps_its_processor_and_has_300_seconds(
    twice: tuple[Project, list[Any]],
) -> None:
    project, _ = twice
    kept = {each[3] for each in project.commands() if "--no-cpu-throttling" in each}
    assert kept == {"token-refresh"}
    (deployed, _) = [e for e in project.asked("functions", "deploy") if e[2] == "token_refresh"]
    assert "--timeout=300s" in deployed
    assert "--cpu=1" in deployed


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
    for command in project.asked("functions", "deploy"):
        assert "--set-secrets=INTUIT_CLIENT_SECRET=counterfoil-intuit-secret:1" in command


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
    for step in ("project", "functions"):
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
    assert Settings.from_env(settings["home"] | {"INTUIT_CLIENT_SECRET": "s"}).mail is None


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
    as_whom = {
        (each[3].partition("@")[0], each[6])
        for each in project.asked("iam", "service-accounts", "add-iam-policy-binding")
        if deployer in each
    }
    assert as_whom == {
        (f"counterfoil-{name}", "--role=roles/iam.serviceAccountUser")
        for name in ("web", "tokens", "managed", "scheduler", "build")
    }


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


def test_the_scheduler_calls_managed_refresh_each_minute_while_there_is_any(
    tmp_path: pathlib.Path,
) -> None:
    project = Project(tmp_path)
    for _ in range(2):
        assert project.builds("schedule").returncode == 0
    url = "https://europe-west1-a-project.cloudfunctions.net/managed_refresh"
    made = [each for each in project.commands() if "counterfoil-managed" in each]
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


# The file itself


def test_every_image_is_of_one_version() -> None:
    for step in BUILD["steps"]:
        version = r":\d+\.\d+\.\d+(-[a-z]+)*(@sha256:[0-9a-f]{64})?"  # deploy/images.py pins it
        assert re.search(version + "$", step["name"]), step
    pinned = {step["name"].split(":")[1].split("-")[0] for step in BUILD["steps"][3:]}
    assert pinned == {"528.0.0"}


def test_every_step_waits_for_the_tests_and_every_script_is_there() -> None:
    steps = {step["id"]: step for step in BUILD["steps"]}
    order = ["test", "project", "firestore", "functions", "schedule"]
    for before, after in itertools.pairwise(order):
        assert steps[after]["waitFor"] == [before]
    for step in steps.values():
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
    for step in BUILD["steps"][:2]:
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
    steps = {step["id"]: step for step in BUILD["steps"]}
    volume = [{"name": "tools", "path": "/tools"}]
    assert [steps[name]["volumes"] for name in ("node", "gcloud", "test")] == [volume] * 3
    assert "$PATH:/tools/node/bin:/tools/gcloud/bin" in steps["test"]["script"]


def test_every_substitution_that_a_script_reads_is_declared_and_read() -> None:
    read = set(re.findall(r"\$(_[A-Z_]+)", (ROOT / "cloudbuild.yaml").read_text()))
    assert read == set(BUILD["substitutions"])


def test_the_documents_name_every_substitution() -> None:
    text = (ROOT / "docs/deploy.md").read_text()
    assert {name for name in BUILD["substitutions"] if f"`{name}`" not in text} == set()


# gcloud's own word on each line


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
