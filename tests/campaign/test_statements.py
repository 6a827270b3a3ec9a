"""Statements that are built once: they say what the queryset says, for whatever is given."""

import pytest
from django.db.models import BigAutoField, CharField

from campaign import statements
from campaign.models import Link, Post
from campaign.statements import Change, Given, Question, changed
from tests import factories

pytestmark = pytest.mark.django_db

POSTS = Question[Post](lambda: Post.objects.filter(campaign=Given("campaign", BigAutoField())).order_by("number"))
RENAME = Change(
    lambda: (Post.objects.filter(pk=Given("pk", BigAutoField())), {"title": Given("title", CharField())}),
)


@pytest.fixture
def world() -> factories.World:
    return factories.make_world()


def test_a_question_takes_new_values_each_time(world: factories.World):
    other = factories.make_world()
    assert [POSTS.objects(campaign=one.campaign.pk) for one in (world, other)] == [[world.post], [other.post]]


def test_values_come_back_as_python_values(world: factories.World):
    question = Question[Post](
        lambda: Post.objects.filter(pk=Given("pk", BigAutoField())).values_list("campaign__hashtags")
    )
    assert question.rows(pk=world.post.pk) == [(world.campaign.hashtags,)]


def test_nothing_found_is_none(world: factories.World):
    assert POSTS.first(campaign=0) is None
    assert POSTS.with_more(campaign=0) is None


def test_a_change_says_how_many_rows_it_met(world: factories.World):
    assert [RENAME.run(pk=world.post.pk, title="Other"), RENAME.run(pk=0, title="None")] == [1, 0]
    world.post.refresh_from_db()
    assert world.post.title == "Other"


def test_update_writes_the_named_fields_and_no_others(world: factories.World):
    world.post.title, world.post.number = "Named", 99
    statements.update(changed(world.post, "title"))
    world.post.refresh_from_db()
    assert (world.post.title, world.post.number) == ("Named", 1)


def test_insert_gives_each_row_its_own_key(world: factories.World):
    links = [Link(campaign=world.campaign, slug=slug, title=slug) for slug in ("one", "two")]
    statements.insert(*links)
    assert [Link.objects.get(pk=link.pk).slug for link in links] == ["one", "two"]


def test_what_is_not_given_is_written_into_the_statement_whatever_it_holds(world: factories.World):
    odd = "100 % 'sure', %s \\ %%"
    Post.objects.filter(pk=world.post.pk).update(title=odd)
    question = Question[Post](
        lambda: Post.objects.filter(title=odd, number__in=[1, 2], campaign=Given("campaign", BigAutoField()))
    )
    assert question.objects(campaign=world.campaign.pk) == [world.post]
    change = Change(lambda: (Post.objects.filter(pk=Given("pk", BigAutoField())), {"title": f"{odd}!"}))
    assert change.run(pk=world.post.pk) == 1
    world.post.refresh_from_db()
    assert world.post.title == f"{odd}!"


def test_changes_go_along_with_new_rows_and_with_a_question(world: factories.World):
    world.post.title, world.campaign.title = "Along", "Campaign"
    link = Link(campaign=world.campaign, slug="one", title="One")
    statements.insert(link, along=[changed(world.post, "title"), changed(world.campaign, "title")])
    assert Link.objects.get(pk=link.pk).slug == "one"
    world.post.number = 7
    assert len(POSTS.objects(changed(world.post, "number"), campaign=world.campaign.pk)) == 1
    stored = Post.objects.select_related("campaign").get(pk=world.post.pk)
    assert (stored.title, stored.number, stored.campaign.title) == ("Along", 7, "Campaign")
