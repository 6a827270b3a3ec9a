"""The translator's pages."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role
from campaign.models import Post, Translation, TranslationState
from campaign.services.translate import source_of
from networks.registry import NETWORKS
from tests import factories
from tests.personas import organisation_of, user_of

pytestmark = pytest.mark.django_db
SOURCE = "Call 116 006. {link:statement} {hashtags}"
FINNISH = "Soita 116 006. {link:statement} {hashtags}"


@pytest.fixture
def post() -> Post:
    """The first of two posts of a campaign in which Rikosuhripäivystys takes part."""
    vse = organisation_of("vse")
    campaign = factories.campaign(vse, organisation_of("riku"))
    first = factories.post(campaign)
    for one in (first, factories.post(campaign, title="Second")):
        factories.translation(one, vse, full=SOURCE, short="Call 116 006.")
    return first


def page_of(post: Post, language: str = "fi", of: str = "riku") -> str:
    """The address of the translator's desk."""
    return reverse("translation_edit", args=[of, post.campaign.slug, language, post.number])


def list_of(post: Post, language: str = "fi", of: str = "riku") -> str:
    """The address of the list."""
    return reverse("translation_list", args=[of, post.campaign.slug, language])


def typed(full: str = FINNISH, do: str = "save", revision: int = 0, source_revision: int = 1) -> dict[str, object]:
    """What the page sends."""
    return {"full": full, "short": "", "revision": revision, "source_revision": source_revision, "do": do}


def finnish(post: Post) -> Translation:
    """The member's words as they are now."""
    return post.translations.get(language="fi")


def written(post: Post, state: str = TranslationState.APPROVED) -> Translation:
    """The member's words, by nobody in particular."""
    return factories.translation(post, organisation_of("riku"), "fi", FINNISH, state=state)


def test_the_list_says_how_far_each_post_is(post: Post, editor_fi: Client):
    written(post, TranslationState.IN_REVIEW)
    page = editor_fi.get(list_of(post)).content.decode()
    assert page.count("in review") == 1
    assert page.count("missing") == 1
    assert page_of(post) in page


def test_the_list_marks_what_is_stale(post: Post, editor_fi: Client):
    written(post)
    factories.revise(source_of(post), "New")
    assert b"the source has changed" in editor_fi.get(list_of(post)).content


def test_a_language_that_is_not_theirs_is_not_found(post: Post, editor_fi: Client):
    assert editor_fi.get(list_of(post, "sv")).status_code == 404
    assert editor_fi.get(page_of(post, "sv")).status_code == 404


def test_the_organisers_own_language_leads_to_the_campaign(post: Post, officer: Client):
    answer = officer.get(list_of(post, "en", "vse"))
    assert answer["Location"] == reverse("campaign_detail", args=["vse", post.campaign.slug])
    assert officer.get(page_of(post, "en", "vse")).status_code == 404


@pytest.mark.parametrize("address", [page_of, list_of])
def test_a_stranger_and_another_member_find_nothing(post: Post, stranger: Client, editor_fr: Client, address):
    assert stranger.get(address(post)).status_code == 404
    assert editor_fr.get(address(post)).status_code == 404


def test_a_viewer_does_not_translate(post: Post, editor_fi: Client):
    Membership.objects.filter(user=user_of("editor_fi")).update(role=Role.VIEWER)
    assert editor_fi.get(page_of(post)).status_code == 403
    assert editor_fi.get(list_of(post)).status_code == 200


def test_the_desk_shows_the_source_checks_and_lengths(post: Post, editor_fi: Client):
    written(post)
    page = editor_fi.get(page_of(post)).content.decode()
    assert '<span class="chip">link:statement</span>' in page
    assert "are all there" in page
    assert page.count('<progress class="meter"') == len(NETWORKS)


def test_an_empty_desk_shows_no_lengths(post: Post, editor_fi: Client):
    page = editor_fi.get(page_of(post)).content.decode()
    assert "There is no text yet." in page
    assert "<progress" not in page


def test_saving_stays_on_the_page(post: Post, editor_fi: Client):
    answer = editor_fi.post(page_of(post), typed())
    assert (answer.status_code, answer["Location"]) == (302, page_of(post))
    assert (finnish(post).words.full, finnish(post).state) == (FINNISH, TranslationState.DRAFT)


def test_save_and_next_goes_to_the_next_post(post: Post, editor_fi: Client):
    answer = editor_fi.post(page_of(post), typed(do="next"))
    assert answer["Location"].endswith("/fi/2/")


def test_an_editor_alone_approves_in_one_step(post: Post, editor_fi: Client):
    editor_fi.post(page_of(post), typed(do="approve"))
    assert finnish(post).state == TranslationState.APPROVED


def test_handing_in_goes_into_review(post: Post, editor_fi: Client):
    editor_fi.post(page_of(post), typed(do="submit"))
    assert finnish(post).state == TranslationState.IN_REVIEW


def test_own_words_are_not_approved_beside_a_second_editor_and_nothing_typed_is_lost(post: Post, editor_fi: Client):
    factories.user(organisation_of("riku"))
    answer = editor_fi.post(page_of(post), typed(do="approve"))
    assert answer.status_code == 422
    assert b"You wrote this text yourself" in answer.content
    assert b"Soita 116 006" in answer.content


def test_a_text_that_loses_its_link_is_saved_but_not_approved(post: Post, editor_fi: Client):
    assert editor_fi.post(page_of(post), typed("Soita 116 006. {hashtags}")).status_code == 302
    answer = editor_fi.post(page_of(post), typed("Soita 116 006. {hashtags}", "approve", revision=1))
    assert answer.status_code == 422
    assert b"Mend this first" in answer.content


@pytest.mark.parametrize("full", ["", "Lue {link:elsewhere}", "Lue {linkki}"])
def test_a_text_that_cannot_be_rendered_is_refused_beside_the_field(post: Post, editor_fi: Client, full: str):
    answer = editor_fi.post(page_of(post), typed(full))
    assert answer.status_code == 422
    assert b"invalid-feedback" in answer.content
    assert not post.translations.filter(language="fi").exists()


def test_a_text_saved_meanwhile_is_a_conflict_with_both_texts_that_can_be_saved_over(post: Post, editor_fi: Client):
    written(post)
    answer = editor_fi.post(page_of(post), typed("Omat sanat {link:statement}"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Soita 116 006" in page
    assert "Omat sanat" in page
    assert '<input type="hidden" name="revision" value="1"' in page


def test_a_stale_desk_shows_the_difference(post: Post, editor_fi: Client):
    written(post)
    factories.revise(source_of(post), SOURCE.replace("Call", "Ring"))
    page = editor_fi.get(page_of(post)).content.decode()
    assert "<del>Call</del><ins><mark>Ring</mark></ins>" in page


def test_still_right_confirms_and_keeps_the_approval(post: Post, editor_fi: Client):
    written(post)
    factories.revise(source_of(post), f"{SOURCE} Always.")
    editor_fi.post(page_of(post), typed(do="still_right", revision=1, source_revision=2))
    assert (finnish(post).source_revision, finnish(post).state) == (2, TranslationState.APPROVED)


def test_still_right_about_an_older_source_is_a_conflict(post: Post, editor_fi: Client):
    written(post)
    factories.revise(source_of(post), f"{SOURCE} Always.")
    answer = editor_fi.post(page_of(post), typed(do="still_right", revision=1, source_revision=1))
    assert answer.status_code == 409
    assert finnish(post).source_revision == 1


def test_a_save_keeps_what_is_written_for_one_network(post: Post, editor_fi: Client):
    own = organisation_of("riku")
    factories.translation(post, own, "fi", FINNISH, variants={"x": "Lyhyt"})
    editor_fi.post(page_of(post), typed(f"{FINNISH} Aina.", revision=1))
    assert finnish(post).words.variants == {"x": "Lyhyt"}
