"""A build stops before anything is deployed where no function would start with what it was given."""

from __future__ import annotations

import pathlib

import pytest

from tests.deploy.project import Project

MAIL = {"_SMTP_HOST": "smtp.example.com", "_SMTP_USER": "u", "_SMTP_FROM": "c@example.com"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            {"_ADDON_CLIENT_IDS": "", "_INTUIT_CLIENT_ID": "", "_INTUIT_KEYS": "prod"},
            ["ADDON_CLIENT_IDS is missing", "INTUIT_CLIENT_ID is missing", "INTUIT_KEYS must"],
            id="left out and mistyped, all at once",
        ),
        pytest.param({"_BACKEND_URL": "x.example"}, ["BACKEND_URL must"], id="no https"),
        pytest.param({"_SECRETS": "envelope"}, ["COUNTERFOIL_SECRETS must"], id="no such store"),
        pytest.param({"_MAX_CELLS": "1,000"}, ["COUNTERFOIL_MAX_CELLS must"], id="with a comma"),
        pytest.param({"_KEY_VERSIONS": "latest"}, ["KEY_VERSIONS must"], id="the latest key"),
        pytest.param(MAIL, ["SMTP_USER and SMTP_PASSWORD"], id="mail without its password"),
        pytest.param({"_MANAGED": "two"}, ["_MANAGED must"], id="a number in words"),
        pytest.param({"_MANAGED": ""}, ["_MANAGED must"], id="no number"),
        pytest.param({"_MANAGED_ACCOUNTS": "ana@example.com"}, ["MANAGED_ACCOUNTS"], id="a person"),
        pytest.param(
            {"_MANAGED_ACCOUNTS": "s@p-1.iam.gserviceaccount.com", "_MANAGED": "0"},
            ["_MANAGED=0"],
            id="accounts for nothing",
        ),
        pytest.param(
            {"_INTUIT_SECRET_VERSION": "latest"}, ["_INTUIT_SECRET_VERSION"], id="latest secret"
        ),
        pytest.param(
            {"_SMTP_PASSWORD_VERSION": "latest", **MAIL},
            ["_SMTP_PASSWORD_VERSION"],
            id="latest password",
        ),
    ],
)
def test_it_stops_and_names_what_is_wrong(
    project: Project, given: dict[str, str], told: list[str]
) -> None:
    end = project.builds("settings", **given)
    assert (end.returncode, end.stdout) == (1, "")
    assert end.stderr.startswith("Nothing was deployed. ")
    assert [each for each in told if each not in end.stderr] == []
    assert (project.folder / "settings.json").read_text() == ""


def test_with_what_must_be_given_alone_it_goes_on(tmp_path: pathlib.Path) -> None:
    end = Project(tmp_path).builds("settings")
    assert (end.returncode, end.stderr) == (0, "")
