"""Mastodon's rules."""

from networks.content import Segment
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


def test_the_content_warning_counts_with_the_text() -> None:
    assert Mastodon().holds("a" * 480, "w" * 20)
    assert not Mastodon().holds("a" * 480, "w" * 21)
    (finding,) = Mastodon().check(Segment("a" * 480, "en", warning="w" * 21))
    assert (finding.code, "501" in finding.message) == ("text-too-long", True)


def test_each_part_of_a_thread_leaves_room_for_the_content_warning() -> None:
    parts = Mastodon().split("help " * 190, "w" * 100)
    assert all(Mastodon().holds(part, "w" * 100) for part in parts)
    assert len(parts) > len(Mastodon().split("help " * 190))
