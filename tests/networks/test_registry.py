"""The registry, walked from end to end."""

import subprocess
import sys
from pathlib import Path

import pytest

from networks.base import Network
from networks.registry import NETWORKS, UnknownNetworkError, all_networks, choices, get

HERE = Path(__file__).parent


@pytest.mark.parametrize("slug", NETWORKS)
def test_each_network_has_rules_under_its_slug(slug: str) -> None:
    network = get(slug)
    assert isinstance(network, Network)
    assert network.slug == slug
    assert network.limits.text > 0


@pytest.mark.parametrize("slug", NETWORKS)
def test_each_network_has_a_test_file_that_inherits_the_contract(slug: str) -> None:
    files = sorted(HERE.glob(f"test_{slug}*.py"))
    assert any("(NetworkContract)" in file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("slug", NETWORKS)
def test_each_network_has_an_icon(slug: str) -> None:
    assert get(slug).icon.replace("-", "").isalnum()


def test_no_two_networks_share_a_name_or_an_icon() -> None:
    networks = all_networks()
    assert len({network.name for network in networks}) == len({network.icon for network in networks}) == len(networks)


def test_a_network_is_made_once() -> None:
    assert get("mastodon") is get("mastodon")


def test_choices_are_slugs_and_names_in_order() -> None:
    assert choices()[:2] == [("x", "X"), ("facebook", "Facebook")]
    assert [slug for slug, _ in choices()] == list(NETWORKS)


def test_an_unknown_slug_is_named() -> None:
    with pytest.raises(UnknownNetworkError, match="'myspace'"):
        get("myspace")


def test_a_network_is_imported_when_it_is_asked_for() -> None:
    code = "import sys, networks.registry as r; r.get('x'); print('networks.mastodon' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parents[1])
    assert ran.stdout.strip() == "False"
