"""Mastodon's rules."""

from networks.mastodon import Mastodon
from tests.networks.contract import NetworkContract


class TestMastodon(NetworkContract):
    network = Mastodon()


def test_a_link_counts_23_and_a_bare_domain_in_full() -> None:
    assert Mastodon().measure("https://victim-support.eu/a/very/long/address") == 23
    assert Mastodon().measure("victim-support.eu") == 17


def test_the_server_of_a_handle_does_not_count() -> None:
    assert Mastodon().measure("@user@mastodon.example") == len("@user")


def test_the_text_for_the_share_page_never_reaches_its_server() -> None:
    assert Mastodon().composer_url("help").partition("#")[2] == "text=help"
