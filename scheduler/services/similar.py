"""Near-duplicates on X across accounts: X forbids «substantially similar» posts by one app on several accounts
(developer policy, read 2026-11-23). Only what goes out on X by its API is looked at: a person who posts by hand
answers for it alone.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from networks.content import Finding
from scheduler.models import Channel, ScheduledItem, SimilarBand, SimilarText, Transport
from scheduler.services.signature import ALIKE, band_keys, likeness, plain_words
from scheduler.states import State

TOO_SIMILAR = gettext_noop(
    "This says almost the same as a post of %(account)s, and X forbids that for posts from one app on several accounts. "
    "Write it in your own words, share theirs, or post it by hand."
)

GONE = frozenset({State.DRAFT, State.CANCELLED, State.FAILED, State.MISSED})
"""States of an item whose text did not go out and will not by itself."""


@dataclass(frozen=True)
class Near:
    """A text of another account that says almost the same; `likeness` is the share of common shingles, 0 to 1."""

    item: ScheduledItem
    likeness: float

    @property
    def sentence(self) -> str:
        """What people read. It names the account, whose posts are public; not the words that are only planned."""
        return TOO_SIMILAR % {"account": self.item.channel.name}


def concerns(channel: Channel) -> bool:
    """Whether posts of this channel are compared at all."""
    return channel.network == "x" and channel.transport == Transport.API


def remember(item: ScheduledItem, text: str) -> None:
    """Keeps what the item says in the index. A changed text goes to the end of the line."""
    if not concerns(item.channel):
        return
    words = plain_words(text)
    with transaction.atomic():
        if SimilarText.objects.filter(item=item, channel=item.channel_id, words=words).exists():
            return
        SimilarText.objects.filter(item=item).delete()
        kept = SimilarText.objects.create(item=item, channel=item.channel, words=words)
        keys = band_keys(words, item.language)
        SimilarBand.objects.bulk_create(SimilarBand(text=kept, key=key) for key in keys)


def nearest(channel: Channel, language: str, text: str) -> Near | None:
    """The text of another X account that is most like `text` in this language, where one is alike; None otherwise."""
    if not concerns(channel):
        return None
    return _nearest(channel.pk, plain_words(text), band_keys(plain_words(text), language), before=None)


def finding(channel: Channel, language: str, text: str) -> Finding | None:
    """The same as a finding, for a text that is not planned yet."""
    near = nearest(channel, language, text)
    return Finding("error", "too-similar", near.sentence) if near else None


def too_similar(item: ScheduledItem) -> str:
    """The sentence of the gate where an earlier text of another account says almost the same; empty where it is open.
    Of two that were planned at once the earlier row goes first, so that never both wait for each other."""
    if not concerns(item.channel):
        return ""
    own = SimilarText.objects.filter(item=item).first()
    if own is None:
        return ""
    near = _nearest(own.channel_id, own.words, band_keys(own.words, item.language), before=own.pk)
    return near.sentence if near else ""


def _nearest(channel_id: int, words: str, keys: list[int], before: int | None) -> Near | None:
    """Reads by the index only texts that share a key, then compares those exactly."""
    sharing = SimilarBand.objects.filter(key__in=keys).exclude(text__channel=channel_id)
    if before is not None:
        sharing = sharing.filter(text__lt=before)
    found = SimilarText.objects.filter(pk__in=sharing.values("text")).exclude(item__state__in=GONE)
    alike = [(likeness(words, theirs), item_id) for theirs, item_id in found.values_list("words", "item_id")]
    share, item_id = max(alike, default=(0.0, 0))
    if share < ALIKE:
        return None
    return Near(ScheduledItem.objects.select_related("channel").get(pk=item_id), share)
