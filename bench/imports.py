"""What a cold start of each function costs, as a multiple of `python -c pass` in the same run.

Each function is started as Cloud Run starts it (functions-framework, main.py) in a process of its
own and answers one request of a person, over the embedded stores; `pass_ms` is the interpreter
alone, `framework` functions-framework alone, which is the floor. Medians of processor time, which
a busy machine does not stretch much. The last line is the result.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from bench import machine
from sandbox.backend import NAMES
from sandbox.google.server import GoogleSandbox

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
    with GoogleSandbox() as google, tempfile.TemporaryDirectory() as folder:
        env = _settings(google.description(), folder)
        alone = _median(["-c", "pass"], env, options.rounds)
        framework = _median(["-c", "import functions_framework"], env, options.rounds)
        told = {
            name: _started(name, google.identity.mint(), env, options.rounds)
            for name in (options.only or NAMES)
        }
    machine.tell(
        {
            "bench": "imports",
            "rounds": options.rounds,
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


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench imports", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", nargs="*", choices=NAMES)
    return parser.parse_args(list(arguments))
