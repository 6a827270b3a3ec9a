"""Who may approve: the page says it before anybody clicks."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from campaign.models import Post, Translation
from campaign.services.approval import approval_by
from tests import factories
from tests.personas import organisation_of, user_of

pytestmark = pytest.mark.django_db
SOURCE = "Call 116 006."


@pytest.fixture
def post() -> Post:
    """A post with a source in a campaign in which Rikosuhripäivystys takes part; its editor is alone."""
    vse = organisation_of("vse")
    user_of("editor_fi")
    made = factories.post(factories.campaign(vse, organisation_of("riku")))
    factories.translation(made, vse, full=SOURCE)
    return made


def written(post: Post, by: User | None) -> Translation:
    """A Finnish draft by this person."""
    made = factories.translation(post, organisation_of("riku"), "fi", "Soita 116 006.", state="draft")
    made.words.author = by
    made.words.save()
    return made


def second() -> User:
    """Another editor there."""
    other = factories.user(organisation_of("riku"))
    User.objects.filter(pk=other.pk).update(name="Second editor")
    return other


def rule(post: Post, who: User, words: Translation | None) -> str:
    """What the rule says to this person."""
    return approval_by(who, organisation_of("riku"), words).rule


def button(post: Post, client: Client) -> str:
    """The part of the page with the button and the sentence below it."""
    page = client.get(reverse("translation_edit", args=["riku", post.campaign.slug, "fi", post.number]))
    return page.content.decode().partition('value="save"')[2].partition("</form>")[0]


def test_somebody_alone_approves_their_own_words(post: Post, editor_fi: Client):
    words = written(post, user_of("editor_fi"))
    assert rule(post, user_of("editor_fi"), words) == "alone"
    assert "You are the only person here who approves" in button(post, editor_fi)
    assert " disabled" not in button(post, editor_fi)


def test_own_words_wait_for_the_other_who_is_named(post: Post, editor_fi: Client):
    second()
    words = written(post, user_of("editor_fi"))
    assert rule(post, user_of("editor_fi"), words) == "own-words"
    assert 'value="approve" aria-describedby="who-approves" disabled' in button(post, editor_fi)
    assert "You wrote this, so somebody else has to look at it before it goes out: Second editor." in button(
        post, editor_fi
    )


def test_the_words_of_somebody_else_are_theirs_to_approve(post: Post, editor_fi: Client):
    words = written(post, second())
    assert rule(post, user_of("editor_fi"), words) == "anothers-words"
    assert "Somebody else wrote this, so you may approve it." in button(post, editor_fi)
    assert " disabled" not in button(post, editor_fi)


def test_who_has_not_begun_is_told_who_will_look(post: Post, editor_fi: Client):
    second()
    assert rule(post, user_of("editor_fi"), None) == "nobodys-words"
    assert "What you write is looked at by somebody else" in button(post, editor_fi)


def test_a_translator_sees_no_button_and_who_has_one(post: Post, editor_fi: Client):
    second()
    Membership.objects.filter(user=user_of("editor_fi")).update(role=Role.TRANSLATOR)
    assert 'value="approve"' not in button(post, editor_fi)
    assert "This can be approved by: Second editor." in button(post, editor_fi)


def test_a_login_that_is_closed_is_nobody_to_wait_for(post: Post):
    other = second()
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert rule(post, user_of("editor_fi"), written(post, user_of("editor_fi"))) == "alone"
