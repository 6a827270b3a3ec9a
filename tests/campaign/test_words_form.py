"""What the pages for words send becomes texts: a network's own, alt texts, the content warning."""

import pytest

from campaign.forms import WordsForm
from campaign.models import Post
from campaign.services.translate import Texts
from tests import factories

pytestmark = pytest.mark.django_db
SAVED = Texts("Soita 116 006.", "Soita.", {"x": "Lyhyt"}, {}, "väkivalta")


@pytest.fixture
def post() -> Post:
    """A post with one picture."""
    made = factories.post(factories.campaign(factories.organisation(is_coordinator=True)))
    factories.picture(made)
    return made


def form(post: Post, **sent: str) -> WordsForm:
    """The form with what was sent on top of what is saved."""
    data = {"revision": "1", "full": SAVED.full, **sent}
    return WordsForm(data, language="fi", links=["statement"], saved=SAVED, pictures=list(post.visuals.all()))


def test_what_was_not_sent_stays_as_it_is_saved(post: Post):
    assert form(post).texts() == SAVED


def test_a_form_that_nobody_has_sent_holds_the_saved_words(post: Post):
    assert WordsForm(language="fi", links=[], saved=SAVED, pictures=list(post.visuals.all())).texts() == SAVED


def test_a_network_gets_a_text_of_its_own(post: Post):
    assert form(post, variant_bluesky="Oma").texts().variants == {"x": "Lyhyt", "bluesky": "Oma"}


def test_an_emptied_own_text_follows_the_common_one_again(post: Post):
    assert form(post, variant_x=" ").texts().variants == {}


def test_back_to_the_common_text_needs_no_script(post: Post):
    assert form(post, variant_x="Lyhyt", variant_bluesky="Oma", back="x").texts().variants == {"bluesky": "Oma"}


def test_an_own_text_that_says_the_same_follows_the_common_one(post: Post):
    assert form(post, variant_x=f"{SAVED.full}\r\n").texts().variants == {}


def test_an_own_text_with_an_unknown_link_is_refused_at_its_field(post: Post):
    refused = form(post, variant_x="Lue {link:elsewhere}")
    assert list(refused.errors) == ["variant_x"]


def test_a_content_warning_is_one_line(post: Post):
    assert form(post, warning="  väkivalta,\n rikos ").texts().warning == "väkivalta, rikos"


@pytest.mark.parametrize("name", ["warning", "alt"])
def test_merge_fields_stand_only_where_they_are_filled_in(post: Post, name: str):
    field = name if name == "warning" else f"alt_{post.visuals.get().pk}"
    assert list(form(post, **{field: "Lue {hashtags}"}).errors) == [field]


def test_an_alt_text_is_kept_by_the_picture_s_digest(post: Post):
    picture = post.visuals.get()
    assert form(post, **{f"alt_{picture.pk}": "Kenttä"}).texts().alts == {picture.digest: "Kenttä"}


def test_an_alt_text_that_came_with_the_picture_is_not_made_their_own(post: Post):
    picture = post.visuals.get()
    picture.alts["fi"] = "Kenttä"
    picture.save()
    assert form(post, **{f"alt_{picture.pk}": "Kenttä"}).texts().alts == {}


def test_an_alt_text_may_be_taken_away(post: Post):
    picture = post.visuals.get()
    picture.alts["fi"] = "Kenttä"
    picture.save()
    assert form(post, **{f"alt_{picture.pk}": ""}).texts().alts == {picture.digest: ""}
