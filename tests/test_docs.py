"""What the README and docs list is what the code has."""

from __future__ import annotations

import inspect
import pathlib
import re

from counterfoil import catalog
from counterfoil.core import errors, mail_server
from counterfoil.settings import Settings

ROOT = pathlib.Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def table(name: str) -> dict[str, list[str]]:
    """The rows between `<!-- name:begin` and `<!-- name:end`, by their first cell."""
    found = re.search(rf"<!-- {name}:begin.*?-->(.*?)<!-- {name}:end -->", README, re.DOTALL)
    assert found is not None
    lines = [line for line in found[1].strip().splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    listed = {row[0]: row[1:] for row in cells}
    assert len(listed) == len(cells), "a row stands there twice"
    return listed


def test_the_readme_lists_what_can_be_exported():
    listed = {key: (row[0], row[1].split()[0]) for key, row in table("catalog").items()}
    entities = {e.key: (e.entity, str(len(e.columns))) for e in catalog.ENTITIES}
    reports = {r.key: (r.report, str(len(r.parameters))) for r in catalog.REPORTS}
    assert listed == entities | reports


def test_the_readme_lists_what_each_list_can_be_narrowed_by():
    listed = {key: row[0].split(", ") for key, row in table("filters").items()}
    offered = {
        entity.key: [
            *(["Date"] if entity.date_path else []),
            *(each.title for each in catalog.filters_of(entity)),
        ]
        for entity in catalog.ENTITIES
    }
    assert listed == {key: titles for key, titles in offered.items() if titles}


def test_the_readme_explains_every_error_code():
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.AppError)
    ]
    assert {code: row[0] for code, row in table("errors").items()} == {
        kind.code: str(kind.status) for kind in kinds
    }


def test_every_setting_that_is_read_is_documented():
    source = inspect.getsource(inspect.getmodule(Settings))
    source += inspect.getsource(mail_server)
    read = set(re.findall(r'"([A-Z][A-Z_]{3,})"', source)) - {"K_SERVICE"}
    documented = set(re.findall(r"`([A-Z][A-Z_]{3,})`", (ROOT / "docs/deploy.md").read_text()))
    assert read - documented == set()


def test_every_file_that_a_document_links_to_exists():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
