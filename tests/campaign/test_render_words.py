"""What a revision carries besides its text, as it would go out: the content warning and the alt texts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaign.models import Post
from campaign.services.render import Rendering, Words, render, values_for
from networks import registry
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, tzinfo=UTC)
WORDS = Words("Call 116 006.", "", {}, "fi")


@pytest.fixture
def post() -> Post:
    """A post with a picture whose alt text is English."""
    made = factories.post(factories.campaign(factories.organisation(is_coordinator=True)))
    factories.picture(made)
    return made


def on(network: str, words: Words, post: Post) -> Rendering:
    """The words as they would go out there."""
    rules = registry.get(network)
    return render(words, post, rules, values_for(words, post, post.campaign.organiser_id, rules, NOW.date(), NOW))


def test_mastodon_carries_the_content_warning_and_counts_it(post: Post):
    rendering = on("mastodon", replace(WORDS, warning="violence"), post)
    assert [segment.warning for segment in rendering.segments] == ["violence"]
    assert rendering.lengths == (len("Call 116 006.") + len("violence"),)


@pytest.mark.parametrize("network", ["x", "facebook", "instagram", "linkedin", "bluesky"])
def test_a_network_without_a_field_for_it_carries_none(network: str, post: Post):
    rendering = on(network, replace(WORDS, warning="violence"), post)
    assert [segment.warning for segment in rendering.segments] == [""]
    assert rendering.lengths == (len("Call 116 006."),)


def test_a_text_that_fits_alone_and_not_with_its_warning_gives_way_to_the_short_one(post: Post):
    words = replace(WORDS, full="a" * 495, short="Call.")
    assert on("mastodon", words, post).choice == "full"
    assert on("mastodon", replace(words, warning="violence"), post).choice == "short"


def test_every_part_of_a_thread_carries_the_warning(post: Post):
    rendering = on("mastodon", replace(WORDS, full="help " * 150, warning="violence"), post)
    assert rendering.choice == "thread"
    assert {segment.warning for segment in rendering.segments} == {"violence"}
    assert max(rendering.lengths) <= 500


def test_the_alt_text_written_with_the_words_goes_out(post: Post):
    picture = post.visuals.get()
    rendering = on("x", replace(WORDS, alts={picture.digest: "Valkoinen kenttä"}), post)
    assert [picture.alt for picture in rendering.segments[0].pictures] == ["Valkoinen kenttä"]
    assert rendering.findings == ()


def test_an_alt_text_for_a_picture_that_was_replaced_says_nothing_of_the_new_one(post: Post):
    rendering = on("x", replace(WORDS, alts={"0" * 64: "Vanha kuva"}), post)
    assert [finding.code for finding in rendering.findings] == ["alt-missing"]


def test_without_one_of_its_own_the_picture_s_alt_text_in_that_language_goes_out(post: Post):
    rendering = on("x", replace(WORDS, language="en"), post)
    assert [picture.alt for picture in rendering.segments[0].pictures] == ["A white field"]
