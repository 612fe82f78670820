"""Everything deployed by the book, once for all tests of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.deploy.project import DEPLOYING, Project


@pytest.fixture(scope="session")
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
