"""The campaign's pages: its posts, targets, links, pictures, and writing the source."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from campaign.models import Campaign, Link, Post, Target, TargetHandle, Visual
from campaign.services.translate import source_of
from tests import factories
from tests.personas import organisation_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Week:
    """VSE's campaign, in which Rikosuhripäivystys takes part and France Victimes does not."""

    campaign: Campaign
    post: Post
    picture: Visual

    def url(self, name: str, *rest: object, of: str = "vse") -> str:
        """A page of this campaign, as one organisation sees it."""
        return reverse(name, args=[of, self.campaign.slug, *rest])


@pytest.fixture
def week() -> Week:
    """The rows of these tests."""
    vse = organisation_of("vse")
    campaign = factories.campaign(vse, organisation_of("riku"))
    post = factories.post(campaign)
    factories.translation(post, vse, full="Call 116 006. {link:statement}", short="Call 116 006.")
    return Week(campaign, post, factories.picture(post))


def upload(content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    out = BytesIO()
    Image.new("RGB", (60, 40), "blue").save(out, "PNG")
    return SimpleUploadedFile("new.png", content or out.getvalue(), "image/png")


def test_a_member_reads_the_posts_with_pictures_and_what_is_missing(week: Week, editor_fi: Client):
    page = editor_fi.get(week.url("campaign_detail", of="riku")).content.decode()
    assert "One number" in page
    assert week.url("visual_file", week.picture.pk, of="riku") in page
    assert "fi: missing" in page
    assert week.url("post_edit", 1) not in page


def test_the_officer_reads_the_posts_with_a_way_to_edit_them(week: Week, officer: Client):
    page = officer.get(week.url("campaign_detail")).content.decode()
    assert week.url("post_edit", 1) in page
    assert "en: approved" in page


def test_the_campaign_page_asks_no_more_for_more_posts(week: Week, editor_fi: Client, django_assert_max_num_queries):
    for _ in range(5):
        factories.translation(factories.post(week.campaign), organisation_of("vse"))
    with django_assert_max_num_queries(20):
        assert editor_fi.get(week.url("campaign_detail", of="riku")).status_code == 200


@pytest.mark.parametrize("name", ["campaign_detail", "target_table", "link_list"])
def test_who_does_not_take_part_finds_nothing(week: Week, editor_fr: Client, name: str):
    assert editor_fr.get(week.url(name, of="france-victimes")).status_code == 404
    assert editor_fr.get(week.url(name, of="riku")).status_code == 404


def test_nobody_reads_without_signing_in(week: Week, anonymous: Client):
    assert anonymous.get(week.url("campaign_detail", of="riku")).status_code == 302


def test_targets_are_written_as_on_each_network(week: Week, editor_fi: Client):
    target = Target.objects.create(campaign=week.campaign, name="European Commission")
    TargetHandle.objects.create(target=target, network="x", handle="EU_Commission")
    TargetHandle.objects.create(target=target, network="bluesky", handle="old.example", valid_until=date(2020, 1, 1))
    page = editor_fi.get(week.url("target_table", of="riku")).content.decode()
    assert "@EU_Commission" in page
    assert "<s>@old.example</s>" in page


def test_another_organisations_own_target_is_not_shown(week: Week, editor_fi: Client):
    own = organisation_of("apav")
    Target.objects.create(campaign=week.campaign, organisation=own, name="A ministry elsewhere")
    assert b"A ministry elsewhere" not in editor_fi.get(week.url("target_table", of="riku")).content


def test_the_links_say_where_they_stand(week: Week, editor_fi: Client):
    Link.objects.create(campaign=week.campaign, slug="paper", title="Paper")
    page = editor_fi.get(week.url("link_list", of="riku")).content.decode()
    assert "not out yet" in page
    assert week.url("link_edit", "paper") not in page


def test_the_officer_fills_in_a_link_in_their_own_time(week: Week, officer: Client):
    answer = officer.post(
        week.url("link_edit", "statement"), {"url": "https://chorus.example/new", "available_from": "2026-07-01T10:00"}
    )
    link = week.campaign.links.get()
    assert answer.status_code == 302
    assert (link.url, link.available_from) == ("https://chorus.example/new", datetime(2026, 7, 1, 8, tzinfo=UTC))


def test_an_embargo_is_shown_in_the_form_as_it_was_typed(week: Week, officer: Client):
    week.campaign.links.update(available_from=datetime(2026, 7, 1, 8, tzinfo=UTC))
    assert b'value="2026-07-01T10:00"' in officer.get(week.url("link_edit", "statement")).content


def test_an_address_that_is_none_is_refused_and_kept_in_the_field(week: Week, officer: Client):
    answer = officer.post(week.url("link_edit", "statement"), {"url": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert b"javascript:alert(1)" in answer.content


def test_a_member_does_not_edit_links_or_posts(week: Week, editor_fi: Client):
    for name, rest in (("link_edit", "statement"), ("post_edit", 1)):
        assert editor_fi.get(week.url(name, rest, of="riku")).status_code == 403
        assert editor_fi.get(week.url(name, rest, of="vse")).status_code == 404


def test_a_picture_is_shown_to_who_takes_part(week: Week, editor_fi: Client):
    answer = editor_fi.get(week.url("visual_file", week.picture.pk, of="riku"))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Disposition"] == "inline"
    assert Image.open(BytesIO(answer.content)).size == (40, 30)


def test_a_picture_of_another_campaign_is_not_found(week: Week, editor_fi: Client):
    other = factories.picture(factories.post(factories.campaign(organisation_of("vse"))))
    assert editor_fi.get(week.url("visual_file", other.pk, of="riku")).status_code == 404


def words(**changed: object) -> dict[str, object]:
    """What the officer sends."""
    return {"revision": 1, "full": "New words", "short": "", "alt": "A white field", **changed}


def test_the_officer_saves_the_source(week: Week, officer: Client):
    assert officer.get(week.url("post_edit", 1)).status_code == 200
    answer = officer.post(week.url("post_edit", 1), words(alt="A field"))
    source = source_of(week.post)
    assert (answer.status_code, source.words.full, source.revision) == (302, "New words", 2)
    assert source.words.alts == {week.picture.digest: "A field"}


def test_the_officer_replaces_the_picture(week: Week, officer: Client):
    officer.post(week.url("post_edit", 1), words(picture=upload(), alt="A blue field"))
    visual = week.post.visuals.get()
    assert (visual.width, visual.alt_in("en")) == (60, "A blue field")


def test_a_broken_picture_saves_nothing_and_loses_no_words(week: Week, officer: Client):
    answer = officer.post(week.url("post_edit", 1), words(picture=upload(b"broken")))
    assert answer.status_code == 422
    assert b"not a picture" in answer.content
    assert b"New words" in answer.content
    assert source_of(week.post).revision == 1


def test_a_picture_needs_words_for_who_does_not_see_it(week: Week, officer: Client):
    answer = officer.post(week.url("post_edit", 1), words(picture=upload(), alt=""))
    assert answer.status_code == 422
    assert b"what the picture shows" in answer.content


def test_a_source_saved_meanwhile_is_a_conflict_with_both_texts(week: Week, officer: Client):
    factories.revise(source_of(week.post), "Words of somebody else")
    answer = officer.post(week.url("post_edit", 1), words())
    assert answer.status_code == 409
    assert b"Words of somebody else" in answer.content
    assert b"New words" in answer.content


def test_an_embargoed_link_says_so(week: Week, editor_fi: Client):
    week.campaign.links.update(available_from=datetime.now(UTC) + timedelta(days=1))
    assert b"embargo" in editor_fi.get(week.url("campaign_detail", of="riku")).content
