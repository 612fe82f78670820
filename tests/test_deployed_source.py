"""What goes up with each function is small, and brings all that it imports."""

from __future__ import annotations

import ast
import importlib.metadata
import io
import re
import sys
import zipfile

from tests.test_architecture import FUNCTIONS, imports, module_of, modules
from tests.test_requirements import pins

MEGABYTE = 1024 * 1024
# `google` is a namespace of many packages.
GOOGLE = {
    "google.api_core": "google-api-core",
    "google.auth": "google-auth",
    "google.oauth2": "google-auth",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.firestore_v1": "google-cloud-firestore",
    "google.cloud.secretmanager": "google-cloud-secret-manager",
    "google.cloud.secretmanager_v1": "google-cloud-secret-manager",
}


# The API as a document stays behind, as .gcloudignore says.
DOCUMENT = "counterfoil/openapi"
# What only `managed_refresh` comes to import: its own lock has what that needs.
MANAGED_ALONE = "counterfoil.adapters.sheets_client"


def reached(*, managed: bool = False) -> set[str]:
    """Every module of ours that a function can come to import, at once or later."""
    files = {module_of(path, FUNCTIONS): path for path in modules(FUNCTIONS)}
    waiting, found = ["main"], set[str]()
    if not managed:
        del files[MANAGED_ALONE]
    while waiting:
        module = waiting.pop()
        if module not in files or module in found:
            continue
        found.add(module)
        path = files[module]
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for _, name in imports(ast.parse(path.read_text()), package):
            waiting += [name, name.rpartition(".")[0]]
    return found


def brought(module: str) -> set[str]:
    """The packages that a module of ours imports, by the names under which they are locked."""
    path = FUNCTIONS / (module.replace(".", "/") + ".py")
    if not path.is_file():
        path = FUNCTIONS / module.replace(".", "/") / "__init__.py"
    found = set()
    for _, name in imports(ast.parse(path.read_text()), module.rpartition(".")[0]):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in ("counterfoil", "main", "_typeshed"):
            continue
        if top == "google":
            found |= {
                dist for prefix, dist in GOOGLE.items() if f"{name}.".startswith(f"{prefix}.")
            }
            continue
        named = importlib.metadata.packages_distributions().get(top, [top])
        found |= {re.sub(r"[-_.]+", "-", each).lower() for each in named}
    return found


def test_what_functions_import_is_locked_for_them_and_nothing_else_is_named() -> None:
    needed = {package for module in reached() for package in brought(module)}
    locked = pins("functions/requirements.txt")
    assert needed - set(locked) == set()
    # tzdata is read by zoneinfo where the system has no zones.
    assert named("requirements.in") - needed == {"tzdata"}


def test_the_writer_for_the_sheets_api_is_managed_refreshs_alone() -> None:
    assert "counterfoil.adapters.google_sheets" not in reached()
    assert "google-api-python-client" not in pins("functions/requirements.txt")
    needed = {package for module in reached(managed=True) for package in brought(module)}
    assert needed - set(pins("functions/requirements-managed.txt")) == set()
    assert named("requirements-managed.in") - needed == {"-r requirements.in"}


def named(file: str) -> set[str]:
    return set((FUNCTIONS / file).read_text().split("\n")[1:]) - {""}


def test_the_source_of_a_function_is_small() -> None:
    files = [
        path
        for path in FUNCTIONS.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix != ".in"
        # One lock file goes up with each function.
        and path.name != "requirements-managed.txt"
        and FUNCTIONS / DOCUMENT not in path.parents
    ]
    assert f"{DOCUMENT}/" in (FUNCTIONS / ".gcloudignore").read_text().splitlines()
    # As it goes up: zipped.
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in files:
            zipped.write(path, path.relative_to(FUNCTIONS))
    assert len(archive.getvalue()) < 0.75 * MEGABYTE
    assert {path.suffix for path in files} <= {".py", ".txt", ""}
