"""Saving, approving and confirming words."""

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Role, User
from campaign.models import Post, Translation, TranslationState
from campaign.services import translate
from campaign.services.errors import ConflictError, NotAllowedError
from campaign.services.translate import Texts
from campaign.signals import translation_changed
from tests import factories

pytestmark = pytest.mark.django_db
SOURCE = "Call 116 006. {link:statement}"
FINNISH = "Soita 116 006. {link:statement}"


class Office:
    """A coordinator with a source, and a member with two editors and a translator who have not begun."""

    def __init__(self) -> None:
        self.vse = factories.organisation(is_coordinator=True)
        self.riku = factories.organisation(languages=["fi"], time_zone="Europe/Helsinki")
        self.post: Post = factories.post(factories.campaign(self.vse, self.riku))
        self.source = factories.translation(self.post, self.vse, full=SOURCE)
        self.officer = factories.user(self.vse)
        self.editor, self.second = factories.user(self.riku), factories.user(self.riku)
        self.translator = factories.user(self.riku, Role.TRANSLATOR)

    def save(self, full: str = FINNISH, based_on: int = 0, user: User | None = None) -> Translation:
        """The member saves its words."""
        return translate.save(self.post, self.riku, "fi", Texts(full), based_on=based_on, user=user or self.translator)

    def change_source(self, full: str = f"{SOURCE} Day and night.") -> Translation:
        """The officer changes the source."""
        current = translate.source_of(self.post).revision
        return translate.save(self.post, self.vse, "en", Texts(full), based_on=current, user=self.officer)


@pytest.fixture
def office() -> Office:
    """The people and rows of these tests."""
    return Office()


def test_a_first_save_is_a_draft_made_from_the_sources_revision(office: Office):
    words = office.save()
    assert (words.state, words.revision, words.source_revision) == (TranslationState.DRAFT, 1, 1)
    assert words.words.author == office.translator


def test_a_save_keeps_the_revision_before(office: Office):
    office.save()
    words = office.save("Uusi. 116 006 {link:statement}", based_on=1)
    assert [revision.number for revision in words.revisions.all()] == [2, 1]


def test_a_save_over_somebody_elses_is_a_conflict_that_shows_theirs(office: Office):
    office.save()
    with pytest.raises(ConflictError) as caught:
        office.save("Oma", based_on=0)
    assert caught.value.current.words.full == FINNISH
    assert office.post.translations.get(language="fi").revision == 1


def test_a_save_withdraws_the_approval(office: Office):
    translate.approve(office.save(), office.editor)
    words = office.save(f"{FINNISH} Aina.", based_on=1)
    assert (words.state, words.approved_by, words.approved_at) == (TranslationState.DRAFT, None, None)


def test_saving_the_same_words_changes_nothing(office: Office):
    translate.approve(office.save(), office.editor)
    words = office.save(based_on=1)
    assert (words.revision, words.state) == (1, TranslationState.APPROVED)


def test_a_source_saved_by_an_officer_is_approved_at_once(office: Office):
    source = office.change_source()
    assert (source.is_source, source.state, source.revision) == (True, TranslationState.APPROVED, 2)


def test_a_source_saved_by_a_translator_is_a_draft(office: Office):
    translator = factories.user(office.vse, Role.TRANSLATOR)
    source = translate.save(office.post, office.vse, "en", Texts("New"), based_on=1, user=translator)
    assert source.state == TranslationState.DRAFT


def test_the_first_words_of_the_organiser_in_the_campaigns_language_are_the_source(office: Office):
    post = factories.post(office.post.campaign)
    assert translate.save(post, office.vse, "en", Texts("One"), based_on=0, user=office.officer).is_source


def test_a_changed_source_makes_translations_stale(office: Office):
    words = office.save()
    assert not translate.is_stale(words)
    office.change_source()
    assert translate.is_stale(words)


def test_words_written_beside_an_older_source_are_stale_at_once(office: Office):
    office.change_source()
    words = translate.save(office.post, office.riku, "fi", Texts(FINNISH), based_on=0, user=office.translator, seen=1)
    assert translate.is_stale(words)


def test_nobody_can_have_seen_a_source_that_is_not_written_yet(office: Office):
    words = translate.save(office.post, office.riku, "fi", Texts(FINNISH), based_on=0, user=office.translator, seen=99)
    assert words.source_revision == 1


def test_a_changed_source_tells_of_each_translation_after_the_commit(
    office: Office, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
):
    words, told = office.save(), []

    def listen(translation_id: int, **_: object) -> None:
        told.append(translation_id)

    translation_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        office.change_source()
        assert told == []
    translation_changed.disconnect(listen)
    assert sorted(told) == sorted([office.source.pk, words.pk])


def test_nobody_approves_their_own_words_where_somebody_else_could(office: Office):
    words = office.save(user=office.editor)
    with pytest.raises(NotAllowedError, match="wrote this text yourself"):
        translate.approve(words, office.editor)
    assert translate.approve(words, office.second).approved_by == office.second


def test_a_person_alone_approves_their_own_words(office: Office):
    office.second.membership_set.all().delete()
    words = office.save(user=office.editor)
    assert translate.approve(words, office.editor).state == TranslationState.APPROVED


def test_a_translator_does_not_approve(office: Office):
    with pytest.raises(NotAllowedError, match="does not approve"):
        translate.approve(office.save(user=office.editor), office.translator)


def test_an_editor_of_another_organisation_does_not_approve(office: Office):
    with pytest.raises(NotAllowedError):
        translate.approve(office.save(), office.officer)


def test_a_text_without_its_link_is_not_approved(office: Office):
    with pytest.raises(NotAllowedError, match="Mend this first"):
        translate.approve(office.save("Soita 116 006."), office.editor)


def test_a_stale_text_is_not_approved_before_it_is_confirmed(office: Office):
    words = office.save()
    office.change_source()
    with pytest.raises(NotAllowedError, match="source has changed"):
        translate.approve(words, office.editor)


def test_what_changed_meanwhile_is_not_approved(office: Office):
    seen = office.save()
    office.save(f"{FINNISH} Aina.", based_on=1)
    with pytest.raises(ConflictError):
        translate.approve(seen, office.editor)


def test_a_draft_is_handed_in(office: Office):
    assert translate.submit(office.save(), office.translator).state == TranslationState.IN_REVIEW


def test_a_viewer_hands_nothing_in(office: Office):
    with pytest.raises(NotAllowedError):
        translate.submit(office.save(), factories.user(office.riku, Role.VIEWER))


def test_still_right_by_an_editor_keeps_the_approval(office: Office):
    words = translate.approve(office.save(), office.editor)
    office.change_source()
    confirmed = translate.still_right(words, office.editor)
    assert not translate.is_stale(confirmed)
    assert confirmed.state == TranslationState.APPROVED


def test_still_right_by_a_translator_goes_back_into_review(office: Office):
    words = translate.approve(office.save(), office.editor)
    office.change_source()
    assert translate.still_right(words, office.translator).state == TranslationState.IN_REVIEW


def test_still_right_about_a_source_that_changed_again_is_a_conflict(office: Office):
    words = office.save()
    office.change_source()
    with pytest.raises(ConflictError, match="changed again"):
        translate.still_right(words, office.translator, seen=1)


def test_sources_for_many_posts_are_one_query(office: Office, django_assert_num_queries):
    other = factories.post(office.post.campaign)
    with django_assert_num_queries(1):
        sources = translate.sources_for([office.post, other])
        assert sources[office.post.pk].words.full == SOURCE
    assert other.pk not in sources
