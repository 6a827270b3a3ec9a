"""What connecting an account needs to remember: the operator's app keys, and journeys to a consent page."""

from django.db import models

from accounts.models import Organisation, User


class AppKey(models.Model):
    """An app at a network, which the operator put in, or that Chorus registered by itself at the server `base_url`
    (empty otherwise). `credentials` is encrypted JSON (accounts/crypto.py) and never leaves the server."""

    network = models.CharField(max_length=20)
    base_url = models.CharField(max_length=300, blank=True)
    credentials = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "base_url"], name="one_app_for_a_server")]

    def __str__(self) -> str:
        return f"the app at {self.base_url or self.network}"


class PendingConnection(models.Model):
    """Somebody has been sent to a consent page. Only digests of the state and of the session are kept; `kept` (what
    the connector needs again) and `grants` (accounts to choose from) are encrypted. Used once, for ten minutes."""

    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64)
    user = models.ForeignKey(User, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.CASCADE)
    network = models.CharField(max_length=20)
    base_url = models.CharField(max_length=300)
    kept = models.TextField()
    grants = models.TextField(blank=True)
    started_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation} at {self.base_url}"
