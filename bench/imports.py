"""What a cold start of each function costs, as a multiple of `python -c pass` in the same run.

Each function is started as Cloud Run starts it (functions-framework, main.py) in a process of its
own and answers one request of a person, over the embedded stores, or with `--cloud` over those of
a deployment (Firestore's emulator, a stand-in for Secret Manager), whose clients are loaded then;
`pass_ms` is the interpreter alone, `framework` functions-framework alone, which is the floor.
Medians of processor time, which a busy machine does not stretch much. `bytecode`: whether sources
were compiled beforehand, as they are unless PYTHONDONTWRITEBYTECODE is set. The last line is the
result.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench import machine
from counterfoil.adapters.secret_manager_secrets import SecretManagerSecrets, client
from sandbox.backend import NAMES
from sandbox.google.server import GoogleSandbox
from tests.firestore_emulator import FirestoreEmulator, new_project
from tests.secret_manager import in_its_own_process

ROOT = pathlib.Path(__file__).resolve().parents[1]
SPREADSHEET = {"id": "sheet-1", "key": "a" * 64, "time_zone": "Europe/Berlin"}
# What a person's first request to each is. None gets an answer out of QuickBooks: what is loaded
# is what counts.
PATHS = {
    "export": "/entities/invoices",
    "exporters": "/exp_none/read",
    "account": "/invitations",
    "runs": "/acknowledge",
    "pages": "/connected",
}
GET = ("oauth_start", "oauth_callback", "pages", "health")
BODY = {"spreadsheet": SPREADSHEET, "connection_id": "con_none", "run_id": "run_none"}


def main(arguments: Sequence[str] = ()) -> int:
    options = _options(arguments)
    with (
        contextlib.ExitStack() as ending,
        GoogleSandbox() as google,
        tempfile.TemporaryDirectory() as folder,
    ):
        env = _settings(google.description(), folder)
        if options.cloud:
            env |= ending.enter_context(_cloud(folder))
        alone = _median(["-c", "pass"], env, options.rounds)
        framework = _median(["-c", "import functions_framework"], env, options.rounds)
        told = {
            name: _started(name, google.identity.mint(), env, options.rounds)
            for name in (options.only or NAMES)
        }
    machine.tell(
        {
            "bench": "imports",
            "stores": "cloud" if options.cloud else "embedded",
            "rounds": options.rounds,
            "bytecode": not sys.dont_write_bytecode,
            "pass_ms": round(alone * 1000, 1),
            "framework": round(framework / alone, 1),
            **{name: round(seconds / alone, 1) for name, (seconds, _) in told.items()},
            "modules": {name: modules for name, (_, modules) in told.items()},
        }
    )
    return 0


def _started(name: str, token: str, env: Mapping[str, str], rounds: int) -> tuple[float, int]:
    """Seconds of processor of a first request, and how many modules of ours it loaded."""
    method = "GET" if name in GET else "POST"
    asked = json.dumps([name, method, PATHS.get(name, "/"), BODY, token])
    command = ["-m", "bench.imports_parts.started", asked]
    seconds = _median(command, env, rounds)
    done = subprocess.run(
        [sys.executable, *command], env={**os.environ, **env}, cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["status"] < 500, said
    return seconds, int(said["ours"])


def _median(command: Sequence[str], env: Mapping[str, str], rounds: int) -> float:
    return statistics.median(_cpu_s(command, env) for _ in range(rounds))


def _cpu_s(command: Sequence[str], env: Mapping[str, str]) -> float:
    process = subprocess.Popen(
        [sys.executable, *command],
        env={**os.environ, **env},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return used.ru_utime + used.ru_stime


def _settings(google: Mapping[str, Any], folder: str) -> dict[str, str]:
    return {
        "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}",
        "COUNTERFOIL_WORLD": "sandbox",
        "COUNTERFOIL_DATA": folder,
        "BACKEND_URL": "http://127.0.0.1:1",
        "GOOGLE_CERTS_URL": google["certs_url"],
        "GOOGLE_ISSUER": google["issuer"],
        "ADDON_CLIENT_IDS": google["client_id"],
        "INTUIT_DISCOVERY_URL": "http://127.0.0.1:1/discovery",
        "INTUIT_API_URL": "http://127.0.0.1:1",
        "INTUIT_CLIENT_ID": "id",
        "INTUIT_CLIENT_SECRET": "secret",
    }


@contextlib.contextmanager
def _cloud(folder: str) -> Iterator[dict[str, str]]:
    """Firestore's emulator and a Secret Manager that holds the master key."""
    emulator = FirestoreEmulator(pathlib.Path(folder))
    try:
        with in_its_own_process() as secret_manager:
            project = new_project()
            secrets = SecretManagerSecrets(project, lambda: client(secret_manager))
            secrets.add("key", base64.b64encode(b"k" * 32))
            secrets.close()
            yield {
                "COUNTERFOIL_STORES": "cloud",
                "COUNTERFOIL_DATA": "",
                "COUNTERFOIL_PROJECT": project,
                "COUNTERFOIL_KEY_VERSIONS": "1",
                "FIRESTORE_EMULATOR_HOST": emulator.host,
                "SECRET_MANAGER_HOST": secret_manager,
            }
    finally:
        emulator.stop()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench imports", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cloud", action="store_true", help="over the cloud's stores")
    parser.add_argument("--only", nargs="*", choices=NAMES)
    return parser.parse_args(list(arguments))
