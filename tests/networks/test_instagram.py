"""Instagram keeps to the contract of networks and adapters, against a local server that fetches every picture."""

import dataclasses
from collections.abc import Iterator

import pytest

from networks.base import Adapter
from networks.content import Picture, Segment
from networks.instagram import Instagram
from networks.instagram.adapter import InstagramAdapter
from tests.networks import samples
from tests.networks.contract import SCENARIOS, AdapterContract, MakeAdapter, NetworkContract
from tests.networks.fakes.instagram import FakeInstagram
from tests.networks.hosted import PictureHost
from tests.networks.samples import picture


class TestInstagram(NetworkContract):
    network = Instagram()
    composer_takes_text = False


class TestAdapter(AdapterContract):
    scenarios = SCENARIOS - {"duplicate"}  # Instagram documents no refusal of a caption that it has already
    threads = False  # nothing can be answered with a post
    languages = False  # no field for the language of a post
    finds_by_key = True  # the container says whether it was published

    @pytest.fixture
    def server(self) -> Iterator[FakeInstagram]:
        with FakeInstagram() as instagram:
            yield instagram

    @pytest.fixture(autouse=True)
    def host(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[PictureHost]:
        """Every picture of the contract stands on a public address, as in an installation that has one."""
        plain = samples.picture
        with PictureHost() as host:

            def hosted(*args: object, **changes: object) -> Picture:
                return host.host(plain(*args, **changes))  # type: ignore[arg-type]

            monkeypatch.setattr(samples, "picture", hosted)
            yield host

    @pytest.fixture
    def segment(self, host: PictureHost) -> Segment:
        """Instagram takes no post without a picture."""
        return Segment(text=self.text, language="el", pictures=(samples.picture(),))

    @pytest.fixture
    def make_adapter(self, server: FakeInstagram, monkeypatch: pytest.MonkeyPatch) -> MakeAdapter:
        credentials = server.credentials()
        told = (credentials["access_token"], credentials["appsecret_proof"])
        monkeypatch.setattr(type(self), "secrets", told)

        def make(base_url: str) -> Adapter:
            adapter = InstagramAdapter(base_url, credentials)
            adapter.send_seconds, adapter.poll_waits = self.send_seconds, (0.0, 0.01, 0.01)
            return adapter

        return make


def findings(text: str, **changes: object) -> list[tuple[str, str]]:
    segment = TestInstagram().segment(text, **changes)
    return [(finding.severity, finding.code) for finding in Instagram().check(segment)]


def test_a_post_without_a_picture_is_refused() -> None:
    assert findings("Help.", pictures=()) == [("error", "picture-required")]


def test_a_link_that_nobody_can_click_is_warned_of() -> None:
    assert findings("Read victim-support.eu.") == [("warning", "link-not-clickable")]


def test_where_a_png_can_be_seen_through_is_warned_of() -> None:
    assert findings("Help.", pictures=(picture(content_type="image/png"),)) == [("warning", "picture-type")]


def test_a_gif_is_refused() -> None:
    assert findings("Help.", pictures=(picture(content_type="image/gif"),)) == [("error", "picture-type")]


@pytest.mark.parametrize(
    ("width", "height", "found"),
    [
        (80, 100, []),
        (1200, 628, []),
        (79, 100, [("warning", "picture-ratio")]),
        (3, 1, [("warning", "picture-ratio")]),
        (4, 1, [("error", "picture-ratio")]),
        (1, 3, [("error", "picture-ratio")]),
    ],
)
def test_the_shape_of_a_picture(width: int, height: int, found: list[tuple[str, str]]) -> None:
    assert findings("Help.", pictures=(picture(width=width, height=height),)) == found


def test_a_second_picture_of_another_shape_is_warned_of() -> None:
    pictures = (picture(width=100, height=100), picture(width=150, height=100))
    assert findings("Help.", pictures=pictures) == [("warning", "picture-ratio")]


def test_a_picture_over_8_mb_is_refused() -> None:
    heavy = dataclasses.replace(picture(), size=8_000_001)
    (finding,) = Instagram().check(TestInstagram().segment("Help.", pictures=(heavy,)))
    assert finding.message == "Picture 1 has 8,000,001 bytes; Instagram takes 8,000,000 at most."


def test_30_hashtags_are_enough() -> None:
    assert findings(" ".join(f"#tag{n}" for n in range(30))) == []
    assert findings(" ".join(f"#tag{n}" for n in range(31))) == [("error", "too-many-hashtags")]


def test_20_mentions_are_enough() -> None:
    assert findings(" ".join(f"@user{n}" for n in range(20))) == []
    assert findings(" ".join(f"@user{n}" for n in range(21))) == [("error", "too-many-mentions")]
