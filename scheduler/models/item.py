"""One post, one language, one channel, one moment."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.functional import cached_property

from accounts.models import User
from accounts.permissions import Action, actions_of, can_anywhere, coordinated, memberships_of
from campaign.models import Campaign, Post, TranslationRevision
from scheduler.models.channel import Channel
from scheduler.states import HoldReason, State

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from scheduler.models.log import LogPayload, PublishLogEntry
    from scheduler.models.segment import Segment


class ScheduledItemQuerySet(models.QuerySet["ScheduledItem"]):
    """Questions about scheduled items."""

    def visible_to(self, user: User) -> "ScheduledItemQuerySet":
        """Own ones, and all of the campaigns the person coordinates."""
        seen = models.Q(channel__organisation__in=[m.organisation_id for m in memberships_of(user)])
        if leads := coordinated(user):  # who leads nothing needs no look at whose campaign it is
            seen |= models.Q(campaign__organiser__in=leads)
        return self.filter(seen)

    def writable_by(self, user: User) -> "ScheduledItemQuerySet":
        """Those the person may move, cancel, publish now, mark as posted."""
        allowed = [m.organisation_id for m in memberships_of(user) if Action.SCHEDULE in actions_of(m)]
        return self.filter(channel__organisation__in=allowed)

    def settleable_by(self, user: User) -> "ScheduledItemQuerySet":
        """Those the person may settle: their own, and a coordinator's admin every one they see."""
        if can_anywhere(user, Action.SETTLE_EVERYWHERE):
            return self.visible_to(user)
        return self.writable_by(user)

    def of_channel_in_turn(self, channel: "Channel | models.Expression") -> "ScheduledItemQuerySet":
        """The channel's scheduled items, the one whose turn is first in front."""
        return self.filter(channel=channel, state=State.SCHEDULED).order_by("next_try_at", "pk")

    def for_lists(self) -> "ScheduledItemQuerySet":
        """With everything one line of a list shows."""
        return self.select_related("channel__organisation", "post", "campaign", "revision")

    def for_rows(self) -> "ScheduledItemQuerySet":
        """With what a row of the queue shows, and no more: an item and the rows it points to have eighty columns."""
        own = ("language", "occurrence", "state", "hold_reason", "hold_detail", "due_at", "version", "last_error")
        theirs = (
            *("channel__name", "channel__network", "channel__transport", "channel__server_limits"),
            *("post__number", "post__title", "campaign__source_language", "revision__full", "revision__warning"),
        )
        return self.select_related("channel", "post", "campaign", "revision").only(*own, *theirs)


class ScheduledItem(models.Model):
    """Its columns are those of the lifecycle: `fence` grows with each claim, `version` with each change people see,
    `due_at` (UTC) stands beside the wall time and zone that a person chose."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="items")
    post = models.ForeignKey(Post, models.PROTECT, related_name="items")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="items")
    language = models.CharField(max_length=12)
    occurrence = models.PositiveSmallIntegerField(default=1)
    revision = models.ForeignKey(TranslationRevision, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    hold_reason = models.CharField(max_length=24, choices=HoldReason, blank=True)
    hold_detail = models.CharField(max_length=300, blank=True)

    due_at = models.DateTimeField()
    due_wall = models.DateTimeField(help_text="The wall time as chosen, stored without its zone.")
    due_zone = models.CharField(max_length=64)
    due_local_date = models.DateField()
    next_try_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    fence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    lease_until = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    lost_claims = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    looks = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True, blank=True)
    send_again = models.BooleanField(default=False, help_text="A person said «not there»: look once more, then send.")
    may_repeat = models.BooleanField(default=False, help_text="That last look found nothing: one repeat is allowed.")
    confirmed = models.BooleanField(default=False, help_text="A person said that its unclear end is settled for them.")
    accepted_warnings = models.CharField(max_length=300, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    is_restored = models.BooleanField(default=False)
    log_head = models.CharField(max_length=64, blank=True)
    log_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    scheduled_by = models.UUIDField(null=True, blank=True)

    if TYPE_CHECKING:
        segments: RelatedManager[Segment]
        log: RelatedManager[PublishLogEntry]

    objects = ScheduledItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "post", "language", "occurrence"],
                condition=~models.Q(state=State.CANCELLED),
                name="once_per_channel",
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="state_is_known"),
            models.CheckConstraint(
                condition=~models.Q(state=State.HELD) | ~models.Q(hold_reason=""), name="held_says_why"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.PUBLISHING) | models.Q(lease_until__isnull=False),
                name="publishing_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at", "id"],
                condition=models.Q(state=State.SCHEDULED),
                name="item_turn_in_channel",
            ),
            models.Index(fields=["lease_until"], condition=models.Q(state=State.PUBLISHING), name="item_lease"),
            models.Index(fields=["next_look_at"], condition=models.Q(next_look_at__isnull=False), name="item_look"),
            models.Index(fields=["channel", "due_local_date"], name="item_day"),
            models.Index(fields=["state", "due_at"], name="item_state_due"),
        ]

    def __str__(self) -> str:
        return f"Post {self.post.number}, {self.language}, on {self.channel}"

    @cached_property
    def new_lines(self) -> "list[tuple[PublishLogEntry, LogPayload | None]]":
        """Lines of the log that the running transaction has said and not stored yet (services/log.py)."""
        return []
