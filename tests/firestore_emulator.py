"""Google's official Firestore emulator, where the Google Cloud CLI put it.

Set FIRESTORE_EMULATOR_JAR to name another jar. Nothing is downloaded or copied.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import socket
import subprocess
import time
import uuid
from typing import Any

import requests

from counterfoil.adapters.firestore_records import FirestoreRecords, client
from counterfoil.core.errors import ServiceUnavailable

TO_INSTALL = (
    "Firestore's emulator is not here: install the Google Cloud CLI, Java 17, and "
    "`gcloud components install cloud-firestore-emulator`"
)
MAIN_CLASS = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
# It lives for seconds: the second compiler costs more of a processor than it saves there.
LIGHT = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
STARTS_WITHIN_S = 180  # two seconds, where the machine has nothing else to do


class EmulatorMissing(Exception):
    pass


class FirestoreEmulator:
    """A process of its own on a port of its own. Another project is another, empty database."""

    def __init__(self, folder: pathlib.Path) -> None:
        jar = emulator_jar()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.host = f"127.0.0.1:{free.getsockname()[1]}"
        self._log = (folder / "emulator.log").open("wb")
        self._process = subprocess.Popen(
            # Not through gcloud, which would leave this child behind when it is killed.
            ["java", "-Xmx512m", *LIGHT, "-Duser.language=en", "-cp", str(jar), MAIN_CLASS,
             "--host", "127.0.0.1", "--port", self.host.partition(":")[2]],
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )  # fmt: skip
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def records(self, project: str | None = None, **other: Any) -> FirestoreRecords:
        """Over an empty database unless a project is named."""
        return FirestoreRecords(project or new_project(), lambda: client(self.host), **other)

    @property
    def process(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("Firestore's emulator did not start")
            time.sleep(0.05)
        self._warm(until)

    def _warm(self, until: float) -> None:
        """Its first answers take seconds of a processor, longer than a store may on a busy
        machine: no test is to meet them.
        """
        records = self.records()
        while True:
            try:
                made = records.create("warm", new_project(), {"n": 0})
                records.replace(made, {"n": 1})
                break
            except ServiceUnavailable:
                if time.monotonic() > until:
                    raise
        records.find("warm", {}, limit=1)
        records.close()

    def _answers(self) -> bool:
        try:
            return requests.get(f"http://{self.host}/", timeout=1).ok
        except requests.RequestException:
            return False


def new_project() -> str:
    return f"t-{uuid.uuid4().hex[:12]}"


def emulator_jar() -> pathlib.Path:
    """Raises EmulatorMissing."""
    named, gcloud = os.environ.get("FIRESTORE_EMULATOR_JAR"), shutil.which("gcloud")
    jar = pathlib.Path(named) if named else None
    if jar is None and gcloud is not None:
        sdk = pathlib.Path(gcloud).resolve().parents[1]
        jar = sdk / "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
    if jar is None or not jar.is_file() or not shutil.which("java"):
        raise EmulatorMissing(TO_INSTALL)
    return jar
