"""Filling in a link."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from campaign.models import Link
from campaign.services.errors import NotAllowedError
from campaign.services.links import fill
from campaign.signals import campaign_changed
from tests import factories

pytestmark = pytest.mark.django_db
URL = "https://chorus.example/paper"


@pytest.fixture
def link() -> Link:
    """A link without an address."""
    campaign = factories.campaign(factories.organisation(is_coordinator=True))
    return Link.objects.create(campaign=campaign, slug="paper", title="Paper")


def test_the_first_address_sets_the_moment(link: Link):
    before = timezone.now()
    filled = fill(link, URL, None, factories.user(link.campaign.organiser))
    assert filled.filled_at is not None
    assert before <= filled.filled_at <= timezone.now()


def test_a_corrected_address_keeps_the_moment(link: Link):
    officer = factories.user(link.campaign.organiser)
    first = fill(link, URL, None, officer).filled_at
    assert fill(link, f"{URL}-2", None, officer).filled_at == first


def test_an_emptied_link_forgets_the_moment(link: Link):
    officer = factories.user(link.campaign.organiser)
    fill(link, URL, None, officer)
    assert fill(link, "", None, officer).filled_at is None


def test_an_embargo_is_kept(link: Link):
    tomorrow = timezone.now() + timedelta(days=1)
    filled = fill(link, URL, tomorrow, factories.user(link.campaign.organiser))
    assert filled.open_since == tomorrow


def test_a_member_does_not_fill_links(link: Link):
    with pytest.raises(NotAllowedError):
        fill(link, URL, None, factories.user(factories.organisation()))


def test_filling_tells_after_the_commit(link: Link, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks):
    told = []

    def listen(campaign_id: int, **_: object) -> None:
        told.append(campaign_id)

    campaign_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        fill(link, URL, None, factories.user(link.campaign.organiser))
        assert told == []
    campaign_changed.disconnect(listen)
    assert told == [link.campaign_id]
