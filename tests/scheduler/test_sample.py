"""The sample campaign, loaded into the database."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from accounts.crypto import decrypt
from accounts.models import Membership, Organisation, User
from campaign.models import (
    Asset,
    Campaign,
    Link,
    Participation,
    Post,
    TargetHandle,
    Translation,
    TranslationRevision,
    Visual,
)
from scheduler import clock
from scheduler.models import Channel, PublishLogEntry, ScheduledItem, Transport
from scheduler.services import log, sample
from scheduler.states import HoldReason, State

pytestmark = pytest.mark.django_db

MODELS = [
    Asset, Campaign, Channel, Link, Membership, Organisation, Participation, Post, PublishLogEntry, ScheduledItem,
    TargetHandle, Translation, TranslationRevision, User, Visual,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _loaded(_files_of_its_own: None, db: None) -> None:
    assert sample.load()


def test_the_sample_has_nine_posts_in_four_organisations():
    assert Post.objects.count() == 9
    assert Organisation.objects.count() == 4


def test_loading_twice_changes_nothing():
    before = {model: list(model.objects.order_by("pk").values()) for model in MODELS}
    assert not sample.load()
    assert {model: list(model.objects.order_by("pk").values()) for model in MODELS} == before


def test_what_people_changed_survives_loading_again():
    Campaign.objects.update(title="Our week")
    sample.load()
    assert Campaign.objects.get().title == "Our week"


def test_nobody_of_the_sample_has_a_password():
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_a_login_is_called_by_its_role():
    assert User.objects.get(email="officer@vse.example").name == "Communications officer"


def test_the_campaign_began_yesterday_and_runs():
    campaign = Campaign.objects.get()
    today = clock.now().astimezone(campaign.organiser.zone).date()
    assert campaign.starts_on == today - timedelta(days=1)
    assert campaign.ends_on == today + timedelta(days=5)


def test_post_8_keeps_both_revisions_of_its_source_and_the_finnish_text_is_stale():
    texts = Translation.objects.filter(post__number=8)
    source = texts.get(is_source=True)
    assert [revision.number for revision in source.revisions.order_by("number")] == [1, 2]
    assert source.words.number == 2
    assert texts.get(language="fi").source_revision == 1


def test_each_post_has_a_stored_picture_described_in_its_languages():
    for visual in Visual.objects.all():
        assert visual.size == visual.file.size
        assert visual.alt_in("en")


def test_each_wall_account_has_a_token_of_its_own():
    tokens = [decrypt(channel.credentials)["token"] for channel in Channel.objects.filter(transport=Transport.WALL)]
    assert len(set(tokens)) == len(tokens) == 13


def test_channels_by_hand_keep_no_credentials():
    assert not Channel.objects.filter(transport=Transport.BY_HAND).exclude(credentials="").exists()


def test_the_first_post_goes_out_within_half_a_minute():
    item = ScheduledItem.objects.filter(state=State.SCHEDULED).order_by("due_at")[0]
    assert item.channel.network == "facebook"
    assert item.due_at - clock.now() < timedelta(seconds=30)


def test_post_1_is_held_until_the_statement_is_out():
    held = ScheduledItem.objects.filter(post__number=1)
    assert {(item.state, item.hold_reason) for item in held} == {(State.HELD, HoldReason.EMBARGO)}


def test_nothing_but_post_1_is_held():
    assert not ScheduledItem.objects.exclude(post__number=1).exclude(state=State.SCHEDULED).exists()


def test_the_log_of_the_sample_is_whole():
    assert log.verify() == []


def test_the_command_says_what_it_did():
    said = StringIO()
    call_command("load_sample", stdout=said)
    assert said.getvalue() == "The sample campaign is there already.\n"


def test_the_channels_on_the_wall_follow_it_to_another_port(settings: Settings):
    settings.WALL_URL = "http://127.0.0.1:9001"
    strayed = sample.follow_the_wall()
    addresses = set(Channel.objects.filter(transport=Transport.WALL).values_list("base_url", flat=True))
    assert (addresses, strayed > 0, sample.follow_the_wall()) == ({"http://127.0.0.1:9001"}, True, 0)
