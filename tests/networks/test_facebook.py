"""Facebook keeps to the contract of networks and adapters, against a local Graph API that reads Meta's descriptions."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from networks.base import Adapter
from networks.facebook import Facebook
from networks.facebook.adapter import FacebookAdapter
from tests.networks.contract import AdapterContract, MakeAdapter, NetworkContract
from tests.networks.fakes.facebook import FakeFacebook
from tests.networks.samples import picture


class TestFacebook(NetworkContract):
    network = Facebook()
    composer_takes_text = False
    makes_smaller = True


class TestAdapter(AdapterContract):
    threads = False  # a Page has posts, and no threads
    languages = False  # the Graph API has no field for the language of a post
    prepares = False  # a text alone needs nothing; with pictures: test_facebook_publish.py

    @pytest.fixture
    def server(self) -> Iterator[FakeFacebook]:
        with FakeFacebook() as facebook:
            yield facebook

    @pytest.fixture
    def make_adapter(self, server: FakeFacebook, monkeypatch: pytest.MonkeyPatch) -> MakeAdapter:
        credentials = server.credentials()
        told = (credentials["access_token"], credentials["appsecret_proof"])
        monkeypatch.setattr(type(self), "secrets", told)

        def make(base_url: str) -> Adapter:
            adapter = FacebookAdapter(base_url, credentials)
            adapter.send_seconds = self.send_seconds
            return adapter

        return make


def test_the_sharer_gets_the_first_link() -> None:
    address = Facebook().composer_url("Read victim-support.eu/a?b=1 and https://example.org")
    assert address == "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fvictim-support.eu%2Fa%3Fb%3D1"


def test_a_text_without_a_link_begins_at_the_front_page() -> None:
    assert Facebook().composer_url("Help is there.") == "https://www.facebook.com/"


def test_a_content_warning_that_would_be_lost_is_warned_of() -> None:
    segment = replace(TestFacebook().segment("Help."), warning="Violence")
    (finding,) = Facebook().check(segment)
    assert (finding.severity, finding.code) == ("warning", "warning-not-shown")


def test_a_picture_that_is_too_heavy_blocks_nothing_since_it_is_made_smaller() -> None:
    heavy = replace(picture(), size=7_000_000)
    assert Facebook().check(replace(TestFacebook().segment("Help."), pictures=(heavy,))) == []


def test_a_gif_is_refused() -> None:
    segment = replace(TestFacebook().segment("Help."), pictures=(picture(content_type="image/gif"),))
    assert [(one.severity, one.code) for one in Facebook().check(segment)] == [("error", "picture-type")]
