"""Facebook's rules."""

from networks.facebook import Facebook
from tests.networks.contract import NetworkContract


class TestFacebook(NetworkContract):
    network = Facebook()
    composer_takes_text = False


def test_the_sharer_gets_the_first_link() -> None:
    address = Facebook().composer_url("Read victim-support.eu/a?b=1 and https://example.org")
    assert address == "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fvictim-support.eu%2Fa%3Fb%3D1"


def test_a_text_without_a_link_begins_at_the_front_page() -> None:
    assert Facebook().composer_url("Help is there.") == "https://www.facebook.com/"
