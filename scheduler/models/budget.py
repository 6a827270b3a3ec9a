"""What a channel may cost in a month, on a network that asks money for posts."""

from django.db import models

from scheduler.models.channel import Channel


class ChannelBudget(models.Model):
    """`monthly` is in the currency of the network's prices; `links` says whether posts may hold links, which cost far
    more on X. A channel without a row has the defaults of scheduler/services/budget.py."""

    channel = models.OneToOneField(Channel, models.CASCADE, related_name="budget")
    monthly = models.DecimalField(max_digits=9, decimal_places=2)
    links = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(monthly__gte=0), name="budget_is_not_negative")]

    def __str__(self) -> str:
        return f"{self.monthly} a month for {self.channel}"
