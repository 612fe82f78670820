"""Firestore's rules, indexes and expiry, brought to what firestore.rules and .indexes.json say.

    python3 deploy/firestore.py        (PROJECT_ID, DATABASE, ACCESS_TOKEN in the environment)

gcloud does not deploy rules, and takes a command for each field. What is already so is left alone.
https://firebase.google.com/docs/reference/rules/rest
https://cloud.google.com/firestore/docs/reference/rest/v1/projects.databases.collectionGroups.fields
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[1]
FIRESTORE = "https://firestore.googleapis.com/v1"
RULES = "https://firebaserules.googleapis.com/v1"
TIMEOUT_S = 60
# A database that was just made changes one field at a time and refuses the next by 409 ("Please
# retry, underlying data changed"; https://github.com/hashicorp/terraform-provider-google/issues/16329),
# and so many changes a minute by 429. Asked again, nothing is made twice but a ruleset.
PAUSES_S = (2, 4, 8, 16, 32, 60, 60)

Json = dict[str, Any]
Ask = Callable[[str, str, "Json | None"], "Json | None"]  # None: there is no such thing


def deploy(ask: Ask, project: str, database: str) -> list[str]:
    """What was changed, in words; nothing on a second run."""
    changed = []
    if _rules(ask, project, database, (ROOT / "firestore.rules").read_text()):
        changed.append("rules")
    declared = json.loads((ROOT / "firestore.indexes.json").read_text())
    if declared["indexes"]:
        raise SystemExit("an index over several fields needs a line of its own here")
    for name, wanted in fields(declared):
        at = f"{FIRESTORE}/projects/{project}/databases/{database}/{name}"
        held = ask("GET", at, None) or {}
        mask = ",".join(part for part in wanted if not _is_so(part, held, wanted))
        if mask:
            ask("PATCH", f"{at}?updateMask={mask}", wanted)
            changed.append(name)
    return changed


def fields(declared: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    """The path below the database of each field that is not as Firestore has it by itself."""
    for each in declared["fieldOverrides"]:
        wanted: Json = {
            "indexConfig": {
                "indexes": [
                    {
                        "queryScope": index["queryScope"],
                        "fields": [{"fieldPath": each["fieldPath"], "order": index["order"]}],
                    }
                    for index in each["indexes"]
                ]
            }
        }
        if each.get("ttl"):
            wanted["ttlConfig"] = {}
        yield f"collectionGroups/{each['collectionGroup']}/fields/{each['fieldPath']}", wanted


def _is_so(part: str, held: Json, wanted: Json) -> bool:
    if part == "ttlConfig":
        return "ttlConfig" in held
    config = held.get("indexConfig", {})
    # What a field has from the database's own default is not an override yet.
    return not config.get("usesAncestorConfig") and "indexConfig" in held and (
        _told(config) == _told(wanted["indexConfig"])
    )  # fmt: skip


def _told(config: Json) -> list[tuple[Any, Any, Any]]:
    """Scope, path and order: what we set, without what Google adds."""
    return sorted(
        (index["queryScope"], field["fieldPath"], field.get("order"))
        for index in config.get("indexes", ())
        for field in index["fields"]
        if field["fieldPath"] != "__name__"
    )


def _rules(ask: Ask, project: str, database: str, text: str) -> bool:
    # The default database's release has no name of its own behind it.
    release = "cloud.firestore" + ("" if database == "(default)" else f"/{database}")
    name = f"projects/{project}/releases/{release}"
    held = ask("GET", f"{RULES}/{name}", None)
    if held is not None:
        ruleset = ask("GET", f"{RULES}/{held['rulesetName']}", None) or {}
        files = ruleset.get("source", {}).get("files", [])
        if [file.get("content") for file in files] == [text]:
            return False
    source = {"files": [{"name": "firestore.rules", "content": text}]}
    made = ask("POST", f"{RULES}/projects/{project}/rulesets", {"source": source})
    assert made is not None  # noqa: S101 - a POST that finds nothing was an error already
    wanted = {"name": name, "rulesetName": made["name"]}
    if held is None:
        ask("POST", f"{RULES}/projects/{project}/releases", wanted)
    else:
        ask("PATCH", f"{RULES}/{name}", {"release": wanted})
    return True


def asker(token: str, pause: Callable[[float], object] = time.sleep) -> Ask:
    """Asks Google, again where it says that this may help. SystemExit with its words otherwise."""

    def ask(method: str, url: str, body: Json | None) -> Json | None:
        request = urllib.request.Request(  # noqa: S310 - two constant https hosts
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        for seconds in (*PAUSES_S, None):
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                    told: Json = json.load(answer)
                    return told
            except urllib.error.HTTPError as error:
                if error.code == 404 and method == "GET":
                    return None
                said = f"{error.code} {error.read().decode()[:500]}"
                passing = error.code in (409, 429) or error.code >= 500
            except (OSError, ValueError) as error:  # no answer, or half of one
                said, passing = str(error), True
            sys.stderr.write(f"{method} {url}: {said}\n")
            if seconds is None or not passing:
                break
            pause(seconds)
        raise SystemExit(1)

    return ask


if __name__ == "__main__":
    changed = deploy(
        asker(os.environ["ACCESS_TOKEN"]),
        os.environ["PROJECT_ID"],
        os.environ.get("DATABASE") or "(default)",
    )
    sys.stdout.write("Firestore: " + (", ".join(changed) or "nothing to change") + "\n")
