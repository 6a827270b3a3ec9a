"""The pages for words: a network's own text, the alt texts and the content warning, seen, saved and compared."""

import pytest
from django.test import Client
from django.urls import reverse

from campaign.models import Post, Translation, TranslationState
from campaign.services.translate import findings_for, is_stale, source_of
from tests import factories
from tests.personas import organisation_of

pytestmark = pytest.mark.django_db
SOURCE = "Call 116 006."
FINNISH = "Soita 116 006."


@pytest.fixture
def post() -> Post:
    """A post with a picture and an approved source, and an approved Finnish text."""
    vse, riku = organisation_of("vse"), organisation_of("riku")
    made = factories.post(factories.campaign(vse, riku))
    factories.translation(made, vse, full=SOURCE)
    factories.translation(made, riku, "fi", FINNISH)
    factories.picture(made)
    return made


def member(post: Post) -> str:
    """The address of the translator's page."""
    return reverse("translation_edit", args=["riku", post.campaign.slug, "fi", post.number])


def coordinator(post: Post) -> str:
    """The address of the source's page."""
    return reverse("post_edit", args=["vse", post.campaign.slug, post.number])


def finnish(post: Post) -> Translation:
    """The member's words as they are now."""
    return post.translations.get(language="fi")


def save(post: Post, client: Client, **sent: object) -> None:
    """The member saves on top of the newest words."""
    words = finnish(post)
    data = {"full": FINNISH, "short": "", "revision": words.revision, "source_revision": 1, "do": "save", **sent}
    assert client.post(member(post), data).status_code == 302


def save_source(post: Post, client: Client, **sent: object) -> None:
    """The officer saves on top of the newest source."""
    data = {"full": SOURCE, "short": "", "alt": "A white field", "revision": source_of(post).revision, **sent}
    assert client.post(coordinator(post), data).status_code == 302


def test_an_own_text_is_saved_and_withdraws_the_approval(post: Post, editor_fi: Client):
    save(post, editor_fi, variant_x="Vain täällä: 116 006")
    assert finnish(post).words.variants == {"x": "Vain täällä: 116 006"}
    assert finnish(post).state == TranslationState.DRAFT


def test_the_own_text_stays_when_the_common_one_changes(post: Post, editor_fi: Client):
    save(post, editor_fi, variant_x="Vain täällä: 116 006")
    save(post, editor_fi, full="Uusi 116 006.", variant_x="Vain täällä: 116 006")
    assert (finnish(post).words.full, finnish(post).words.variants["x"]) == ("Uusi 116 006.", "Vain täällä: 116 006")


def test_the_button_back_to_the_common_text_saves_without_it(post: Post, editor_fi: Client):
    save(post, editor_fi, variant_x="Vain täällä: 116 006")
    save(post, editor_fi, variant_x="Vain täällä: 116 006", back="x")
    assert finnish(post).words.variants == {}


def test_an_own_text_with_a_fault_is_refused_and_shown_unfolded(post: Post, editor_fi: Client):
    data = {"full": FINNISH, "revision": 1, "source_revision": 1, "variant_x": "Lue {link:elsewhere}"}
    answer = editor_fi.post(member(post), data)
    assert answer.status_code == 422
    assert "Lue {link:elsewhere}" in answer.content.decode()


def test_the_officer_writes_an_own_text_and_a_warning_for_the_source(post: Post, officer: Client):
    save_source(post, officer, variant_x="Only here", warning="violence")
    words = source_of(post).words
    assert (words.variants, words.warning) == ({"x": "Only here"}, "violence")


def test_a_member_s_alt_text_is_theirs_alone(post: Post, editor_fi: Client):
    picture = post.visuals.get()
    save(post, editor_fi, **{f"alt_{picture.pk}": "Valkoinen kenttä"})
    assert finnish(post).words.alts == {picture.digest: "Valkoinen kenttä"}
    assert post.visuals.get().alts == {"en": "A white field"}


def test_the_source_s_alt_text_stands_beside_the_field(post: Post, editor_fi: Client):
    page = editor_fi.get(member(post)).content.decode()
    assert '<span lang="en" dir="auto">A white field</span>' in page
    assert "Picture 1 has no alt text in this language" in page


def test_a_new_alt_text_of_the_source_is_shown_as_a_change_to_whoever_translated_it(
    post: Post, officer: Client, editor_fi: Client
):
    save_source(post, officer, alt="A white meadow")
    assert is_stale(finnish(post))
    page = editor_fi.get(member(post)).content.decode()
    assert "<del>field</del><ins><mark>meadow</mark></ins>" in page


def test_the_same_alt_text_is_no_change(post: Post, officer: Client):
    save_source(post, officer)
    assert not is_stale(finnish(post))


def test_a_new_content_warning_of_the_source_is_a_change_and_a_finding(post: Post, officer: Client, editor_fi: Client):
    save_source(post, officer, warning="violence")
    assert "<ins><mark>violence</mark></ins>" in editor_fi.get(member(post)).content.decode()
    assert [finding.code for finding in findings_for(finnish(post), source_of(post))] == ["warning-missing"]


def test_an_own_text_is_compared_with_the_source_s_own_text(post: Post, officer: Client, editor_fi: Client):
    save_source(post, officer, variant_x="Ring 116 006 {link:statement}")
    save(post, editor_fi, variant_x="Soita 116 006", source_revision=2)
    codes = {finding.code for finding in findings_for(finnish(post), source_of(post))}
    assert codes == {"x-field-lost"}


def test_a_save_meanwhile_keeps_every_word_that_was_typed(post: Post, editor_fi: Client):
    picture = post.visuals.get()
    factories.revise(finnish(post), "Toisen sanat")
    typed = {"variant_x": "Vain täällä", "warning": "väkivalta", f"alt_{picture.pk}": "Valkoinen kenttä"}
    data = {"full": FINNISH, "revision": 1, "source_revision": 1, **typed}
    answer = editor_fi.post(member(post), data)
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in (*typed.values(), "Toisen sanat"))


def test_the_campaign_page_describes_a_picture_in_the_member_s_words(post: Post, editor_fi: Client):
    save(post, editor_fi, **{f"alt_{post.visuals.get().pk}": "Valkoinen kenttä"})
    page = editor_fi.get(reverse("campaign_detail", args=["riku", post.campaign.slug])).content.decode()
    assert 'alt="Valkoinen kenttä"' in page


def test_a_member_sees_what_the_campaign_is_about_while_translating(post: Post, editor_fi: Client):
    post.campaign.slogan, post.campaign.summary, post.campaign.asks = "#Nobody", "A week of calls.", ["Share it."]
    post.campaign.save()
    for address in (member(post), reverse("campaign_detail", args=["riku", post.campaign.slug])):
        page = editor_fi.get(address).content.decode()
        assert all(words in page for words in ("#Nobody", "A week of calls.", "<li>Share it.</li>"))
