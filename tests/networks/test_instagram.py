"""Instagram's rules."""

import dataclasses

import pytest

from networks.instagram import Instagram
from tests.networks.contract import NetworkContract
from tests.networks.samples import picture


class TestInstagram(NetworkContract):
    network = Instagram()
    composer_takes_text = False


def findings(text: str, **changes: object) -> list[tuple[str, str]]:
    segment = TestInstagram().segment(text, **changes)
    return [(finding.severity, finding.code) for finding in Instagram().check(segment)]


def test_a_post_without_a_picture_is_refused() -> None:
    assert findings("Help.", pictures=()) == [("error", "picture-required")]


def test_a_link_that_nobody_can_click_is_warned_of() -> None:
    assert findings("Read victim-support.eu.") == [("warning", "link-not-clickable")]


def test_a_png_is_refused() -> None:
    assert findings("Help.", pictures=(picture(content_type="image/png"),)) == [("error", "picture-type")]


@pytest.mark.parametrize(
    ("width", "height", "good"), [(79, 100, False), (80, 100, True), (1200, 628, True), (2, 1, False)]
)
def test_the_shape_of_a_picture(width: int, height: int, good: bool) -> None:
    found = findings("Help.", pictures=(picture(width=width, height=height),))
    assert found == ([] if good else [("error", "picture-ratio")])


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
