"""A try at one segment: written before the call, completed after it."""

from django.db import models

from scheduler.models.segment import Segment
from scheduler.states import Outcome


class PublishAttempt(models.Model):
    """The worker's four marks (host, boot, pid, its start) tell one process from every other, so that it can be seen
    gone. `sender_done_at` is the moment from which it is known that this call will not arrive any more."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="attempts")
    fence = models.PositiveIntegerField()
    host = models.CharField(max_length=120)
    boot_id = models.CharField(max_length=64)
    pid = models.PositiveIntegerField()
    started = models.CharField(max_length=40)
    sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    sender_done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    code = models.CharField(max_length=80, blank=True)
    remote_id = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["segment", "fence"]
        constraints = [
            models.UniqueConstraint(fields=["segment", "fence"], name="one_attempt_a_claim"),
            models.CheckConstraint(condition=models.Q(outcome__in=["", *Outcome.values]), name="outcome_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["host"], condition=models.Q(outcome="", sender_done_at=None), name="attempt_sender_unknown"
            )
        ]

    def __str__(self) -> str:
        return f"Try {self.fence} at {self.segment}"
