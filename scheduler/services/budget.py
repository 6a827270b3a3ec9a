"""What posts cost on a network that asks money, and the monthly budget that stops a channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from networks.content import Finding, Segment
from networks.prices import Price
from networks.registry import all_networks
from networks.spans import find_links
from scheduler import clock
from scheduler.models import Channel, ChannelBudget, Health, PublishAttempt, ScheduledItem, Transport
from scheduler.models import Segment as Row
from scheduler.states import Outcome

MONTHLY = Decimal("5.00")
"""The budget of a channel for which nobody set one: never none, since money that was not meant is not got back."""

USED_UP = gettext_noop(
    "This month's budget of the channel is used up: %(spent)s of %(monthly)s %(currency)s are spent. It goes on when the "
    "budget is raised, or with the next month."
)

NOTHING_PAID = (Outcome.NOT_SENT, Outcome.REFUSED, Outcome.RECONNECT, Outcome.LATER, Outcome.DUPLICATE)
"""Outcomes by which the network said that it made no post. What is unclear counts as paid."""


@dataclass(frozen=True)
class Cost:
    """What one post costs, for the page where it is confirmed. Amounts are in `price.currency`."""

    amount: Decimal
    spent: Decimal
    monthly: Decimal
    price: Price
    has_link: bool

    @property
    def left(self) -> Decimal:
        """What the month's budget still holds before this post."""
        return max(self.monthly - self.spent, Decimal(0))

    @property
    def is_over(self) -> bool:
        """Whether this month's budget does not pay for it any more."""
        return self.amount > self.left

    @property
    def sentence(self) -> str:
        """The cost in words, with its source."""
        facts = {
            "amount": number_format(self.amount, 3),
            "currency": self.price.currency,
            "plain": number_format(self.price.post, 3),
            "linked": number_format(self.price.post_with_link, 3),
            "alt": number_format(self.price.alt_text, 3),
            "spent": number_format(self.spent, 2),
            "monthly": number_format(self.monthly, 2),
            "read": date_format(self.price.read, "PLAIN_DAY_YEAR"),
        }
        return (
            _(
                "This costs %(amount)s %(currency)s: a post is %(plain)s without a link and %(linked)s with one, and each alt "
                "text is %(alt)s more (prices of %(read)s). Of this month's %(monthly)s %(currency)s, %(spent)s are spent."
            )
            % facts
        )


def paid_channels() -> QuerySet[Channel]:
    """Connected channels whose posts cost money, of all organisations."""
    priced = [network.slug for network in all_networks() if network.price]
    paid = Channel.objects.filter(transport=Transport.API, network__in=priced).exclude(health=Health.DISCONNECTED)
    return paid.select_related("organisation").defer("credentials").order_by("organisation__name", "name")


def price_of(channel: Channel) -> Price | None:
    """The prices that posts on this channel have; None where it costs nothing: by hand, on the wall, elsewhere."""
    return channel.rules.price if channel.transport == Transport.API else None


def cost(channel: Channel, segments: Sequence[Segment]) -> Cost | None:
    """What sending these parts on the channel costs now; None where it costs nothing."""
    price = price_of(channel)
    if price is None:
        return None
    monthly, _links = terms(channel)
    linked = any(find_links(segment.text) for segment in segments)
    return Cost(price.of_all(segments), spent(channel, clock.now()), monthly, price, linked)


def terms(channel: Channel) -> tuple[Decimal, bool]:
    """The channel's monthly budget, and whether its posts may hold links."""
    row = ChannelBudget.objects.filter(channel=channel).first()
    return (row.monthly, row.links) if row else (MONTHLY, True)


def agree(channel: Channel, monthly: Decimal, *, links: bool) -> ChannelBudget:
    """Sets the channel's budget and whether its posts may hold links."""
    return ChannelBudget.objects.update_or_create(channel=channel, defaults={"monthly": monthly, "links": links})[0]


def spent(channel: Channel, moment: datetime) -> Decimal:
    """What was sent on the channel in the calendar month (UTC) of `moment` cost, by today's prices. Read-backs are not
    in it: what they cost depends on how many posts they return."""
    price = price_of(channel)
    if price is None:
        return Decimal(0)
    tries = PublishAttempt.objects.filter(
        segment__item__channel=channel, sent_at__gte=_month(moment), sent_at__lt=_month(moment, after=1)
    ).exclude(outcome__in=NOTHING_PAID)
    return sum((_of_row(price, attempt.segment) for attempt in tries.select_related("segment")), Decimal(0))


def used_up(item: ScheduledItem) -> str:
    """The sentence of the gate where what is left of the month's budget does not pay for the item; empty where it is
    open. Reads the frozen parts that are not out yet; before there are any the gate is open unless nothing is left."""
    price = price_of(item.channel)
    if price is None:
        return ""
    month = max(item.due_at, clock.now())
    monthly, _links = terms(item.channel)
    gone = spent(item.channel, month)
    wanted = sum((_of_row(price, row) for row in item.segments.filter(published_at=None)), Decimal(0))
    if gone + max(wanted, price.post) <= monthly:
        return ""
    return USED_UP % {"spent": f"{gone:.2f}", "monthly": f"{monthly:.2f}", "currency": price.currency}


def link_findings(channel: Channel, segments: Sequence[Segment]) -> list[Finding]:
    """An error where the channel's posts may hold no links and one of these does."""
    price = price_of(channel)
    if price is None or terms(channel)[1] or not any(find_links(segment.text) for segment in segments):
        return []
    name, words = channel.rules.name, f"{price.post_with_link:.3f} instead of {price.post:.3f} {price.currency}"
    return [
        Finding(
            "error",
            "links-switched-off",
            f"Links are switched off for this channel: a post with one costs {words}. Write a text for {name} without a "
            "link, or switch them on.",
        )
    ]


def _of_row(price: Price, row: Row) -> Decimal:
    """What sending a frozen part costs."""
    return price.of_text(row.text, [picture["alt"] for picture in row.pictures])


def _month(moment: datetime, after: int = 0) -> datetime:
    """The first moment of a month, in UTC, `after` months later."""
    moment = moment.astimezone(UTC)
    years, month = divmod(moment.month - 1 + after, 12)
    return datetime(moment.year + years, month + 1, 1, tzinfo=UTC)
