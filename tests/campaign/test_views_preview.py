"""While somebody types: the server says what it would do with the words, and saves nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Role
from campaign.forms import LONGEST
from campaign.models import Post, TranslationRevision
from networks.registry import NETWORKS
from tests import factories
from tests.personas import organisation_of, user_of

pytestmark = pytest.mark.django_db
SOURCE = "Call 116 006. {link:statement} {hashtags}"
FINNISH = "Soita 116 006. {link:statement} {hashtags}"


@pytest.fixture
def post() -> Post:
    """A post with a picture in a campaign in which Rikosuhripäivystys takes part."""
    vse = organisation_of("vse")
    made = factories.post(factories.campaign(vse, organisation_of("riku")))
    factories.translation(made, vse, full=SOURCE)
    factories.picture(made)
    return made


def typing(post: Post, client: Client, **sent: object) -> str:
    """What the translator's page is answered while somebody types."""
    data = {"full": FINNISH, "short": "", "revision": 0, "source_revision": 1, **sent}
    answer = client.post(reverse("translation_preview", args=["riku", post.campaign.slug, "fi", post.number]), data)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_counts_what_is_typed_as_each_network_does(post: Post, editor_fi: Client):
    post.campaign.links.update(url="https://victim-support.eu/a/long/way/to/the/statement/")
    page = typing(post, editor_fi, full="Soita 116 006. {link:statement}")
    assert page.count('<progress class="meter"') == len(NETWORKS)
    assert f"{len('Soita 116 006. ') + 23} / 280" in page


def test_it_shows_the_words_with_their_fields_filled_in(post: Post, editor_fi: Client):
    assert "Soita 116 006. https://chorus.example/statement #116006helpline" in typing(post, editor_fi)


def test_it_says_which_text_goes_out(post: Post, editor_fi: Client):
    page = typing(post, editor_fi, full="apua " * 80, short="Lyhyt", variant_bluesky="Oma teksti")
    assert page.count("The short text goes out.") == 1
    assert page.count("Its own text goes out.") == 1


def test_it_says_what_is_lost(post: Post, editor_fi: Client):
    page = typing(post, editor_fi, full="Soita 116 006. {hashtags}")
    assert "The source has {link:statement}, and this text does not." in page
    assert 'data-say="1 to mend.' in page


def test_a_link_that_the_campaign_does_not_have_is_no_fault_of_the_page(post: Post, editor_fi: Client):
    page = typing(post, editor_fi, full="Lue {link:elsewhere}")
    assert "This campaign has no link called" in page


def test_a_text_too_long_for_a_network_is_said_once_and_by_name(post: Post, editor_fi: Client):
    page = typing(post, editor_fi, full=f"{FINNISH} {'apua ' * 450}", variant_x="apua " * 60)
    assert "Cannot go out like this on Instagram, Telegram." in page


def test_a_text_of_any_length_is_answered(post: Post, editor_fi: Client):
    page = typing(post, editor_fi, full="apua " * LONGEST)
    assert "20,000 characters" in page
    assert "<progress" not in page


def test_the_counters_beside_the_fields_come_along(post: Post, editor_fi: Client):
    picture = post.visuals.get()
    page = typing(post, editor_fi, **{f"alt_{picture.pk}": "Kenttä"})
    assert f'id="alt-count-{picture.pk}" hx-swap-oob="true">6 of 1000' in page
    assert page.count('hx-swap-oob="true"') == len(NETWORKS) + 1


def test_a_picture_without_an_alt_text_is_said_and_one_with_it_is_shown(post: Post, editor_fi: Client):
    picture = post.visuals.get()
    assert "Picture 1 has no alt text in this language" in typing(post, editor_fi)
    page = typing(post, editor_fi, **{f"alt_{picture.pk}": "Kenttä"})
    assert "no alt text" not in page
    assert page.count('alt="Kenttä"') == len(NETWORKS)


def test_an_alt_text_longer_than_a_network_takes_stops_there(post: Post, editor_fi: Client):
    page = typing(post, editor_fi, **{f"alt_{post.visuals.get().pk}": "a" * 1200})
    assert "Cannot go out like this on X, Facebook, Instagram, Telegram." in page


def test_the_content_warning_stands_on_mastodon_and_the_others_say_that_they_have_none(post: Post, editor_fi: Client):
    page = typing(post, editor_fi, warning="väkivalta")
    assert page.count('dir="auto">väkivalta</span>') == 1
    assert page.count("has no field for a content warning") == len(NETWORKS) - 1


def test_it_saves_nothing(post: Post, editor_fi: Client):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        typing(post, editor_fi, variant_x="Oma", warning="väkivalta")
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []
    assert TranslationRevision.objects.count() == 1


def test_a_viewer_does_not_type(post: Post, editor_fi: Client):
    Membership.objects.filter(user=user_of("editor_fi")).update(role=Role.VIEWER)
    address = reverse("translation_preview", args=["riku", post.campaign.slug, "fi", post.number])
    assert editor_fi.post(address, {"full": FINNISH}).status_code == 403


def test_the_officer_sees_the_source_as_it_would_go_out(post: Post, officer: Client):
    address = reverse("post_preview", args=["vse", post.campaign.slug, post.number])
    page = officer.post(address, {"full": SOURCE, "alt": "A new field", "variant_x": "Only here"}).content.decode()
    assert page.count('alt="A new field"') == len(NETWORKS)
    assert "Only here" in page
    assert "Nothing to mend in the words." in page


def test_the_page_asks_for_a_preview_at_the_right_address(post: Post, editor_fi: Client):
    page = editor_fi.get(reverse("translation_edit", args=["riku", post.campaign.slug, "fi", post.number])).content
    address = reverse("translation_preview", args=["riku", post.campaign.slug, "fi", post.number])
    assert f'hx-post="{address}"'.encode() in page
    assert b"hx-swap-oob" not in page
