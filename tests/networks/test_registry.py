"""The registry, walked from end to end."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from networks.base import Adapter, Network
from networks.connecting import FormConnector, OAuthConnector
from networks.registry import NETWORKS, UnknownNetworkError, all_networks, choices, get
from tests.networks.fakes.base import FakeServer
from tests.networks.fakes.local import SERVERS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PUBLISHING = [network.slug for network in all_networks() if network.adapter]


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
    icons = (ROOT / "static" / "vendor" / "bootstrap-icons" / "bootstrap-icons.min.css").read_text(encoding="utf-8")
    assert f".bi-{get(slug).icon}::before{{" in icons


@pytest.mark.parametrize("slug", PUBLISHING)
def test_each_adapter_inherits_the_contract(slug: str) -> None:
    files = sorted(HERE.glob(f"test_{slug}*.py"))
    assert any("(AdapterContract)" in file.read_text(encoding="utf-8") for file in files)
    module, _, name = get(slug).adapter.partition(":")
    assert issubclass(getattr(import_module(module), name), Adapter)


@pytest.mark.parametrize("slug", PUBLISHING)
def test_each_network_with_an_adapter_can_be_connected(slug: str) -> None:
    module, _, name = get(slug).connector.partition(":")
    assert issubclass(getattr(import_module(module), name), OAuthConnector | FormConnector)


@pytest.mark.parametrize("slug", PUBLISHING)
def test_each_network_with_an_adapter_has_a_local_server(slug: str) -> None:
    module, _, name = SERVERS[slug].server.partition(":")
    assert issubclass(getattr(import_module(module), name), FakeServer)


@pytest.mark.parametrize("slug", PUBLISHING)
def test_each_network_with_an_adapter_has_its_page_of_facts(slug: str) -> None:
    page = (ROOT / "docs" / "networks" / f"{slug}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {get(slug).name}")
    assert "read 2026-" in page


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
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "False"


def test_a_text_is_measured_without_keys_settings_or_django() -> None:
    code = "import networks, sys; print(networks.get('x').measure('116 006 https://a.eu'), 'django' in sys.modules)"
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env={"PATH": os.defpath})
    assert ran.stdout.split() == ["31", "False"]
