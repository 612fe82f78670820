"""A function started as functions-framework does, and one request: what it answered and loaded."""

from __future__ import annotations

import json
import pathlib
import sys

from bench import machine

FUNCTIONS = pathlib.Path(__file__).resolve().parents[2] / "functions"

# What others wrote and costs tens of milliseconds to load.
HEAVY = {"cryptography", "google.auth", "googleapiclient", "grpc", "msgspec", "requests"}


def main() -> None:
    name, method, path, body, token = json.loads(sys.argv[1])
    import functions_framework

    app = functions_framework.create_app(name, str(FUNCTIONS / "main.py"))
    sent = {"json": body} if method == "POST" else {}
    answer = app.test_client().open(
        path, method=method, headers={"Authorization": f"Bearer {token}"}, **sent
    )
    ours = [module for module in sys.modules if module.startswith("counterfoil")]
    machine.tell(
        {
            "status": answer.status_code,
            "ours": len(ours),
            "names": sorted(ours),
            "brought": sorted(HEAVY & sys.modules.keys()),
            "all": len(sys.modules),
        }
    )


if __name__ == "__main__":
    main()
