"""An organisation's account on a network, and when it is its turn."""

from django.db import models
from django.utils.translation import gettext_noop as _

from accounts.models import Organisation, User
from accounts.permissions import Action, actions_of, coordinated, memberships_of
from networks import registry
from networks.base import Network
from scheduler.clock import Now


class Transport(models.TextChoices):
    """How a post gets there."""

    API = "api", _("published by Chorus")
    WALL = "wall", _("on the wall (sandbox)")
    BY_HAND = "by_hand", _("posted by hand")


class Health(models.TextChoices):
    """Whether the credential works."""

    OK = "ok", _("connected")
    RECONNECT = "reconnect", _("connect again")
    DISCONNECTED = "disconnected", _("disconnected")


class ChannelQuerySet(models.QuerySet["Channel"]):
    """Questions about channels."""

    def visible_to(self, user: User) -> "ChannelQuerySet":
        """Own ones, and those of the organisations in campaigns that the person coordinates."""
        own = [m.organisation_id for m in memberships_of(user)]
        return self.filter(
            models.Q(organisation__in=own)
            | models.Q(organisation__participation__campaign__organiser__in=coordinated(user))
        ).distinct()

    def usable_by(self, user: User) -> "ChannelQuerySet":
        """Those the person may schedule on."""
        allowed = [m.organisation_id for m in memberships_of(user) if Action.SCHEDULE in actions_of(m)]
        return self.filter(organisation__in=allowed).exclude(health=Health.DISCONNECTED)

    def due(self, now: "models.Expression | None" = None) -> "ChannelQuerySet":
        """Free channels whose turn has come: the claim's own predicate, on the partial index."""
        return self.filter(busy_item=None, next_due__lte=now or Now())


class Channel(models.Model):
    """`next_due` is the earliest moment at which something of this channel may be claimed, empty if nothing is planned;
    only claim, move and the sweep write it. `credentials` is encrypted JSON (accounts/crypto.py), `expires_at` its end
    where it has one. `server_limits` is what the account's own server says of its limits (an instance of Mastodon), as
    of `limits_at`."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="channels")
    network = models.CharField(max_length=20)
    transport = models.CharField(max_length=8, choices=Transport)
    name = models.CharField(max_length=120)
    remote_id = models.CharField(max_length=200, blank=True)
    base_url = models.URLField(max_length=300, blank=True)
    credentials = models.TextField(blank=True)
    health = models.CharField(max_length=12, choices=Health, default=Health.OK)
    health_note = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    connected_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    connected_at = models.DateTimeField(null=True, blank=True)
    scopes = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    server_limits = models.JSONField(default=dict, blank=True)
    limits_at = models.DateTimeField(null=True, blank=True)

    not_before = models.DateTimeField(null=True, blank=True)
    busy_item = models.OneToOneField(
        "scheduler.ScheduledItem", models.SET_NULL, null=True, blank=True, related_name="busy_channel"
    )
    next_due = models.DateTimeField(null=True, blank=True)
    last_claimed_at = models.DateTimeField(null=True, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name", "network", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "network", "name"], name="channel_name_is_unique"),
            models.UniqueConstraint(
                fields=["network", "remote_id"],
                condition=~models.Q(remote_id="") & models.Q(transport=Transport.API),
                name="an_account_is_connected_once",
            ),
            models.CheckConstraint(condition=models.Q(transport__in=Transport.values), name="transport_is_known"),
            models.CheckConstraint(condition=models.Q(health__in=Health.values), name="health_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["next_due", "id"],
                condition=models.Q(busy_item=None, next_due__isnull=False),
                name="channel_free_in_turn",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({registry.get(self.network).name})"

    @property
    def rules(self) -> Network:
        """The network whose limits, counter and preview apply, with the limits of the account's own server."""
        return registry.get(self.network).with_limits(self.server_limits)
