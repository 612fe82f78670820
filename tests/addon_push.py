"""`make addon`: checks what clasp would push, and lists it.

python -m tests.addon_push [--host https://your.backend.example/]
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import sys
from collections.abc import Sequence
from fnmatch import fnmatch

ADDON = pathlib.Path(__file__).resolve().parents[1] / "addon"
PUSHED = (".js", ".html")
# Apps Script keeps at most 100 files comfortably, and a project's source under 50 MB; a file of
# ours that large is a mistake.
LARGEST = 200_000  # bytes
EXAMPLE_HOST = "https://your-backend-host.example/"


def pushed(addon: pathlib.Path) -> list[pathlib.Path]:
    """As clasp chooses: scripts, pages and the manifest, but for what .claspignore names.
    https://github.com/google/clasp#ignore-file-claspignore
    """
    ignored = [
        line.strip()
        for line in (addon / ".claspignore").read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    return sorted(
        path
        for path in addon.rglob("*")
        if path.is_file()
        and (path.suffix in PUSHED or path.name == "appsscript.json")
        and not any(fnmatch(path.relative_to(addon).as_posix(), each) for each in ignored)
    )


def troubles(addon: pathlib.Path, *, host: str | None = None) -> list[str]:
    """What is wrong with it, in sentences; with `host`, also that the add-on reaches no other."""
    files = pushed(addon)
    names = [path.relative_to(addon).as_posix() for path in files]
    found = [f"{name} is in a folder: Apps Script has none." for name in names if "/" in name]
    found += [
        f"{path.name} has {path.stat().st_size:,} bytes."
        for path in files
        if path.stat().st_size > LARGEST
    ]
    stems = [pathlib.PurePath(name).stem for name in names]
    found += [
        f"{stem} is there twice: Apps Script knows a file by its name without what follows the dot."
        for stem in sorted({stem for stem in stems if stems.count(stem) > 1})
    ]
    manifest = json.loads((addon / "appsscript.json").read_text("utf-8"))
    found += _manifest(manifest, host)
    found += _included(addon, set(stems))
    return found


def _manifest(manifest: dict[str, object], host: str | None) -> list[str]:
    found = []
    if manifest.get("runtimeVersion") != "V8" or manifest.get("exceptionLogging") != "NONE":
        found.append("appsscript.json must name V8, and NONE for exceptionLogging.")
    reach = manifest.get("urlFetchWhitelist")
    if not isinstance(reach, list) or len(reach) != 1 or not _prefix(reach[0]):
        found.append("urlFetchWhitelist must be one https prefix that ends in a slash.")
    elif host is not None and reach != [host]:
        found.append(f"urlFetchWhitelist lets the add-on reach {reach[0]}, not {host}.")
    elif host is None and reach == [EXAMPLE_HOST]:
        print(f"note: urlFetchWhitelist is still {EXAMPLE_HOST}", file=sys.stderr)  # noqa: T201
    return found


def _prefix(address: object) -> bool:
    return isinstance(address, str) and bool(re.fullmatch(r"https://[a-z0-9.-]+/(?:.*/)?", address))


def _included(addon: pathlib.Path, stems: set[str]) -> list[str]:
    """Every page that the sidebar takes in is pushed, and every part of it is taken in."""
    named = set(re.findall(r"include_\('(\w+)'\)", (addon / "Sidebar.html").read_text("utf-8")))
    parts = {stem for stem in stems if re.match(r"Sidebar.", stem)}
    return [
        f"Sidebar.html takes in {each}, which is not pushed." for each in sorted(named - stems)
    ] + [
        f"{each}.html is pushed, and Sidebar.html does not take it in."
        for each in sorted(parts - named)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make addon")
    parser.add_argument(
        "--host", help="the backend that it is to reach, such as https://x.example/"
    )
    host = parser.parse_args(arguments).host
    for path in pushed(ADDON):
        print(path.relative_to(ADDON))  # noqa: T201
    found = troubles(ADDON, host=host)
    for sentence in found:
        print(sentence, file=sys.stderr)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
