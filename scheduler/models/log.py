"""The publish log: append-only lines, each with the hash of the one before it in its item."""

from django.db import models

from accounts.models import Organisation, User
from accounts.permissions import coordinated, memberships_of
from campaign.models import Campaign, Post
from scheduler.models.channel import Channel
from scheduler.models.item import ScheduledItem
from scheduler.states import State


class PublishLogEntryQuerySet(models.QuerySet["PublishLogEntry"]):
    """Questions about the log."""

    def visible_to(self, user: User) -> "PublishLogEntryQuerySet":
        """Own lines, and all of the campaigns the person coordinates."""
        seen = models.Q(organisation__in=[m.organisation_id for m in memberships_of(user)])
        if leads := coordinated(user):  # who leads nothing needs no look at whose campaign it is
            seen |= models.Q(campaign__organiser__in=leads)
        return self.filter(seen)

    def for_lists(self) -> "PublishLogEntryQuerySet":
        """With everything one line of a page shows, and no more: the rows it points to are wide."""
        own = ("item", "at", "verb", "state_from", "state_to", "network", "language", "facts")
        theirs = ("organisation__name", "organisation__time_zone", "channel__name", "post__number")
        return self.select_related("organisation", "channel", "post").only(*own, *theirs)


class PublishLogEntry(models.Model):
    """What happened to an item. No names: `actor_id` is a user's opaque id. What may have to be forgotten one day
    (texts, the network's words, a person's reason) is in LogPayload; its digest stands here."""

    item = models.ForeignKey(ScheduledItem, models.PROTECT, related_name="log")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    state_from = models.CharField(max_length=12, blank=True)
    state_to = models.CharField(max_length=12, choices=State)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_role = models.CharField(max_length=12, blank=True)
    actor_organisation_id = models.BigIntegerField(null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    network = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    facts = models.JSONField(default=dict)
    payload_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = PublishLogEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="log_number_is_unique")]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="log_organisation"),
            models.Index(fields=["campaign", "-id"], name="log_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}.{self.number} {self.verb}"


class LogPayload(models.Model):
    """The part of an entry that can be forgotten: `body` becomes empty, the entry keeps its digest, the chain holds.
    `salt` keeps a short message from being guessed from the digest."""

    entry = models.OneToOneField(PublishLogEntry, models.PROTECT, related_name="payload")
    salt = models.CharField(max_length=32)
    body = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Payload of {self.entry}"
