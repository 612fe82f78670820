"""Writes into the embedded stores until it is killed; says what has been acknowledged.

python -m tests.adapters.store_writer FOLDER WHO
"""

from __future__ import annotations

import pathlib
import sys

from counterfoil.adapters.key_file import master_key
from counterfoil.adapters.sealed_secrets import SealedSecrets
from counterfoil.adapters.sqlite_records import SqliteRecords
from counterfoil.core.stores import Changed


def main(folder: pathlib.Path, who: str) -> None:
    records = SqliteRecords(folder / "records.sqlite")
    secrets = SealedSecrets(folder / "secrets.sqlite", master_key(folder / "key"))
    number = 0
    while True:
        number += 1
        records.create("runs", f"{who}-{number:05d}", {"text": "x" * 2_000, "number": number})
        say(f"record {who}-{number:05d}")
        version = secrets.add(f"secret-{who}", f"value {number}".encode())
        say(f"secret {version} {number}")
        shared = records.get("leases", "shared")
        if shared is not None:
            try:
                records.replace(shared, {"n": shared.data["n"] + 1, "text": "y" * 5_000})
                say("shared")
            except Changed:
                continue


def say(line: str) -> None:
    # One write per line: what the parent has read was acknowledged before the kill.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
