"""From a plan to the wall and the log."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest

from accounts.actors import CHORUS
from accounts.models import OutboxMail
from campaign.models import Campaign, Link, Translation
from campaign.services.merge import has_stand_in
from networks.base import Adapter
from scheduler import clock
from scheduler.models import Channel, Health, PublishAttempt, Transport
from scheduler.services import claim, look, settle, sweep
from scheduler.services.errors import AlreadyPlannedError, ConflictError
from scheduler.services.log import verify
from scheduler.services.publish import drain, publish_claimed
from scheduler.states import HoldReason, Outcome, State
from tests.factories import World, make_world, revise, user
from tests.scheduler.core.steps import make_due, on_the_wall, planned, published
from tests.wall_process import Wall


def test_a_due_post_is_published_once_and_the_log_says_so(world: World, wall: Wall) -> None:
    item = published(planned(world))
    assert item.state == State.PUBLISHED
    assert on_the_wall(wall, world) == [item.segments.get().text]
    verbs = list(item.log.order_by("number").values_list("verb", flat=True))
    assert verbs == ["item:scheduled", "item:claimed", "segment:published", "item:published"]
    assert verify() == []


def test_the_same_post_twice_on_one_channel_is_refused(world: World) -> None:
    planned(world)
    with pytest.raises(AlreadyPlannedError):
        planned(world)


def test_an_empty_link_holds_the_item_and_filling_it_in_releases_it(world: World) -> None:
    Link.objects.filter(campaign=world.campaign).update(url="")
    revise(world.source, "Read it: {link:statement} {hashtags}")
    item = planned(world)
    assert (item.state, item.hold_reason) == (State.HELD, HoldReason.LINK_EMPTY)
    Link.objects.filter(campaign=world.campaign).update(url="https://chorus.example/s", filled_at=clock.now())
    sweep.look_again_at_held()
    item.refresh_from_db()
    assert item.state == State.SCHEDULED


def test_a_link_under_embargo_does_not_go_out(world: World, wall: Wall) -> None:
    revise(world.source, "Read it: {link:statement}")
    item = planned(world)
    Link.objects.filter(campaign=world.campaign).update(available_from=clock.now() + timedelta(days=1))
    published(item)
    assert (item.state, item.hold_reason) == (State.HELD, HoldReason.EMBARGO)
    assert on_the_wall(wall, world) == []


def test_a_gate_that_closes_between_claim_and_begin_sending_stops_the_call(
    world: World, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = planned(world)
    pause = partial(Campaign.objects.filter(pk=world.campaign.pk).update, paused=True)
    monkeypatch.setattr("scheduler.services.publish.adapter_for", _once_frozen(pause))
    published(item)
    assert (item.state, item.hold_reason) == (State.HELD, HoldReason.CAMPAIGN_PAUSED)
    assert on_the_wall(wall, world) == []
    assert not PublishAttempt.objects.exists()


def test_a_link_that_comes_under_embargo_when_the_text_is_frozen_does_not_go_out(
    world: World, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    revise(world.source, "Read it: {link:statement}")
    item = planned(world)
    embargo = partial(Link.objects.update, available_from=clock.now() + timedelta(days=1))
    monkeypatch.setattr("scheduler.services.publish.adapter_for", _once_frozen(embargo))
    published(item)
    assert "https://" in item.segments.get().text
    assert (item.state, item.hold_reason) == (State.HELD, HoldReason.EMBARGO)
    assert on_the_wall(wall, world) == []
    assert not PublishAttempt.objects.exists()


def _once_frozen(deed: Callable[[], object]) -> Callable[[Channel], Adapter]:
    """Stands for the making of an adapter, which comes after the freezing, and does the deed first."""
    from scheduler.services.adapters import adapter_for

    def making(channel: Channel) -> Adapter:
        deed()
        return adapter_for(channel)

    return making


def test_a_closed_link_that_a_text_does_not_name_holds_up_nothing(world: World, wall: Wall) -> None:
    Link.objects.create(campaign=world.campaign, slug="later", title="Later", url="")
    revise(world.source, "Read it: {link:statement}")
    assert published(planned(world)).state == State.PUBLISHED
    assert len(on_the_wall(wall, world)) == 1


def test_a_new_revision_holds_what_was_planned_with_the_old_one(world: World) -> None:
    item = planned(world)
    revise(world.source, "Other words {hashtags}")
    published(item)
    assert item.hold_reason == HoldReason.NEW_REVISION


def test_a_text_that_is_not_approved_is_held(world: World) -> None:
    Translation.objects.update(state="draft")
    assert planned(world).hold_reason == HoldReason.UNAPPROVED


def test_a_refusal_ends_in_failed_with_the_networks_words(world: World, wall: Wall) -> None:
    wall.fault("refuse")
    item = published(planned(world))
    assert item.state == State.FAILED
    assert item.last_error


def test_a_dead_token_holds_the_item_and_marks_the_channel(world: World, wall: Wall) -> None:
    wall.fault("token")
    item = published(planned(world))
    world.channel.refresh_from_db()
    assert (item.state, item.hold_reason, world.channel.health) == (State.HELD, HoldReason.RECONNECT, Health.RECONNECT)


def test_a_rate_limit_makes_the_whole_channel_wait_as_long_as_the_network_says(world: World, wall: Wall) -> None:
    wall.fault("limit")
    item = published(planned(world))
    world.channel.refresh_from_db()
    assert item.state == State.SCHEDULED
    assert world.channel.not_before > clock.now() + timedelta(seconds=50)
    assert drain(1) == 0
    with clock.shifted(timedelta(seconds=62)):
        assert published(item).state == State.PUBLISHED
    assert len(on_the_wall(wall, world)) == 1


def test_a_dropped_answer_is_uncertain_and_is_settled_by_reading_back(world: World, wall: Wall) -> None:
    wall.fault("drop_after")
    item = published(planned(world))
    assert item.state == State.UNCERTAIN
    assert look.look_at_due() == 0, "the first look comes after 30 s"
    with clock.shifted(timedelta(seconds=31)):
        assert look.look_at_due() == 1
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert len(on_the_wall(wall, world)) == 1


def test_what_was_not_accepted_stays_uncertain_and_is_never_sent_again_by_itself(world: World, wall: Wall) -> None:
    wall.fault("html")
    item = published(planned(world))
    for later in (31, 200, 1000, 5000, 90_000):
        with clock.shifted(timedelta(seconds=later)):
            look.look_at_due()
            drain(1)
    item.refresh_from_db()
    assert item.state == State.UNCERTAIN
    assert on_the_wall(wall, world) == []
    assert PublishAttempt.objects.count() == 1


def test_send_again_reads_back_first_and_does_not_send_what_is_there(world: World, wall: Wall) -> None:
    wall.fault("drop_after")
    item = published(planned(world))
    settle.send_again(item.pk, item.version, CHORUS)
    look.look_at_due()
    published(item)
    assert item.state == State.PUBLISHED
    assert len(on_the_wall(wall, world)) == 1


def test_send_again_sends_once_when_it_is_not_there(world: World, wall: Wall) -> None:
    wall.fault("html")
    item = published(planned(world))
    settle.send_again(item.pk, item.version, CHORUS)
    look.look_at_due()
    make_due(item)
    assert published(item).state == State.PUBLISHED
    assert len(on_the_wall(wall, world)) == 1


def test_send_again_is_refused_while_the_sender_may_still_be_sending(world: World, wall: Wall) -> None:
    wall.fault("html")
    item = published(planned(world))
    PublishAttempt.objects.update(sender_done_at=None, host="another-host")
    with pytest.raises(ConflictError):
        settle.send_again(item.pk, item.version, CHORUS)


def test_unresolved_is_read_back_for_a_day(world: World, wall: Wall) -> None:
    wall.fault("drop_after")
    item = published(planned(world))
    settle.leave_it(item.pk, "Nobody can tell today.", item.version, CHORUS)
    item.refresh_from_db()
    assert item.state == State.UNRESOLVED
    with clock.shifted(timedelta(hours=20)):
        look.look_at_due()
    item.refresh_from_db()
    assert item.state == State.PUBLISHED


def test_an_acceptance_after_a_person_settled_is_an_alert(world: World, wall: Wall) -> None:
    from networks.content import Published
    from scheduler.services import outcome

    wall.fault("html")
    item = published(planned(world))
    settle.it_is_there(item.pk, "https://chorus.example/by-a-person", item.version, CHORUS)
    attempt = PublishAttempt.objects.get()
    outcome.record(attempt, Published("another", "https://chorus.example/another"), item.fence)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert item.log.filter(verb="segment:alert").count() == 1


def test_a_second_occurrence_waits_for_the_first(world: World) -> None:
    first = planned(world)
    second = planned(world, occurrence=2)
    assert second.hold_reason == HoldReason.EARLIER
    published(first)
    sweep.look_again_at_held()
    second.refresh_from_db()
    assert second.state == State.SCHEDULED


def test_what_is_too_late_is_missed_and_does_not_go_out(world: World, wall: Wall) -> None:
    item = planned(world)
    with clock.shifted(timedelta(hours=7)):
        published(item)
    assert item.state == State.MISSED
    assert on_the_wall(wall, world) == []


def test_by_hand_waits_with_a_mail_and_ends_with_the_address(db: None) -> None:
    world = make_world("linkedin", Transport.BY_HAND)
    user(world.organisation)
    item = published(planned(world))
    assert item.state == State.WAITING
    assert OutboxMail.objects.count() == 1
    settle.posted_by_hand(item.pk, "https://www.linkedin.com/feed/update/1", item.version, CHORUS)
    item.refresh_from_db()
    assert (item.state, item.segments.get().url) == (State.PUBLISHED, "https://www.linkedin.com/feed/update/1")


def test_a_worker_that_slept_past_its_lease_sends_nothing(world: World, wall: Wall) -> None:
    item = planned(world)
    taken = claim.claim_next()
    assert taken is not None
    with clock.shifted(timedelta(minutes=5)):
        from scheduler.services.reap import reap

        assert reap() == 1
        publish_claimed(taken)
    item.refresh_from_db()
    assert item.state == State.SCHEDULED
    assert on_the_wall(wall, world) == []


def test_a_claim_that_is_lost_after_sending_is_uncertain(world: World, wall: Wall) -> None:
    item = planned(world)
    claim.claim_next()
    type(item).objects.update(sending_at=clock.now())
    with clock.shifted(timedelta(minutes=5)):
        from scheduler.services.reap import reap

        reap()
    item.refresh_from_db()
    assert item.state == State.UNCERTAIN


def test_five_lost_claims_are_a_failure_with_its_reason(world: World) -> None:
    from scheduler.services.reap import reap

    item = planned(world)
    for lost in range(5):
        with clock.shifted(timedelta(minutes=10 * lost)):
            make_due(item)
            claim.claim_next()
        with clock.shifted(timedelta(minutes=10 * lost + 5)):
            reap()
    item.refresh_from_db()
    assert (item.state, item.lost_claims) == (State.FAILED, 4)


def test_a_timeout_on_every_call_makes_one_call_ever(world: World, wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("networks.wall.adapter.SEND_TIMEOUT", 1.0)
    wall.fault("hang_after", times=5)
    item = published(planned(world))
    assert item.state == State.UNCERTAIN
    for later in (100, 1000, 10_000):
        with clock.shifted(timedelta(seconds=later)):
            drain(1)
    assert len(on_the_wall(wall, world)) == 1
    assert PublishAttempt.objects.get().outcome == Outcome.UNCLEAR


def test_a_network_that_always_says_sixty_seconds_is_never_called_sooner(world: World, wall: Wall) -> None:
    wall.fault("limit", times=5)
    item = planned(world)
    for later in range(0, 240, 10):
        with clock.shifted(timedelta(seconds=later)):
            drain(1)
    sent = list(PublishAttempt.objects.order_by("pk").values_list("sent_at", flat=True))
    assert len(sent) == 4
    assert all(later - earlier >= timedelta(seconds=60) for earlier, later in pairwise(sent))
    item.refresh_from_db()
    assert item.state == State.SCHEDULED


def test_a_claim_with_nothing_left_to_send_ends_as_published(world: World, wall: Wall) -> None:
    """A late answer to an earlier try came while the item waited for its repeat."""
    wall.fault("limit")
    item = published(planned(world))
    item.segments.update(published_at=clock.now(), remote_id="1", url="https://chorus.example/1")
    with clock.shifted(timedelta(seconds=62)):
        assert published(item).state == State.PUBLISHED
    assert on_the_wall(wall, world) == []


def test_a_link_that_closes_between_claim_and_freezing_is_never_sent_as_a_stand_in(world: World, wall: Wall) -> None:
    revise(world.source, "Read it: {link:statement}")
    item = planned(world)
    taken = claim.claim_next()
    assert taken is not None
    Link.objects.update(url="")
    publish_claimed(taken)
    item.refresh_from_db()
    assert (item.state, item.hold_reason) == (State.HELD, HoldReason.LINK_EMPTY)
    assert on_the_wall(wall, world) == []
    assert not any(has_stand_in(segment.text) for segment in item.segments.all())
