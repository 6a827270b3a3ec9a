"""The versions of Graph and of LinkedIn's API: settings with their end date."""

import json
import os
import subprocess
import sys

import pytest

from networks.linkedin import rules as linkedin
from networks.meta import version as meta
from networks.versions import chosen

SHOW = """
import json
from networks.linkedin.rules import LinkedIn
from networks.linkedin.session import VERSION_HEADERS
from networks.meta.version import GRAPH
told = [LinkedIn.api_version.version, str(LinkedIn.api_version.ends), VERSION_HEADERS["LinkedIn-Version"]]
print(json.dumps([*told, GRAPH.version, str(GRAPH.ends)]))
"""


def of_graph(monkeypatch: pytest.MonkeyPatch, given: str) -> str:
    monkeypatch.setenv("CHORUS_GRAPH_VERSION", given)
    found = chosen("CHORUS_GRAPH_VERSION", meta.NEWEST_READ, r"v\d{1,3}\.\d")
    return f"{found.version} {found.ends}"


def test_the_version_is_the_newest_read_unless_the_operator_names_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_graph(monkeypatch, "") == f"{meta.NEWEST_READ.version} {meta.NEWEST_READ.ends}"
    assert of_graph(monkeypatch, "v27.0 2029-01-31") == "v27.0 2029-01-31"


@pytest.mark.parametrize("given", ["v27.0", "27.0 2029-01-31", "latest", "v27.0 2029-13-31", "202701 2028-01-15"])
def test_a_version_written_in_another_way_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the date's own words differ
        of_graph(monkeypatch, given)


def test_what_the_operator_names_is_what_is_spoken() -> None:
    """In a process of its own: the environment is read once."""
    named = {"CHORUS_GRAPH_VERSION": "v27.0 2029-01-31", "CHORUS_LINKEDIN_VERSION": "202701 2028-01-15"}
    told = subprocess.run([sys.executable, "-c", SHOW], env=os.environ | named, capture_output=True, check=True).stdout
    assert json.loads(told) == ["202701", "2028-01-15", "202701", "v27.0", "2029-01-31"]


def test_each_end_names_where_it_was_read() -> None:
    assert all("read 2026-" in one.source for one in (linkedin.NEWEST_READ, meta.NEWEST_READ))
