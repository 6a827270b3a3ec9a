"""Handing a post over to a person: to the inbox, with a mail."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Membership, Role
from accounts.services import outbox
from scheduler import clock
from scheduler.models import ScheduledItem
from scheduler.services import transition
from scheduler.services.claim import Claim
from scheduler.states import State


def hand_over(claim: Claim) -> None:
    """Moves the claimed item to waiting and puts the mails into the outbox, in one transaction. No attempt: Chorus
    sends nothing here."""
    with transition.locked(claim.item_id) as item:
        if item.fence != claim.fence or item.state != State.PUBLISHING:
            return
        transition.move(item, State.WAITING, "item:waiting")
        for membership in _who_posts(item):
            _mail(item, membership)


def _who_posts(item: ScheduledItem) -> list[Membership]:
    members = Membership.objects.filter(organisation=item.channel.organisation, role__in=[Role.EDITOR, Role.ADMIN])
    return list(members.select_related("user"))


def _mail(item: ScheduledItem, membership: Membership) -> None:
    organisation = item.channel.organisation
    address = settings.PUBLIC_URL + reverse("inbox", args=[organisation.slug])
    local = item.due_at.astimezone(organisation.zone)
    outbox.post(
        key=f"waiting:{item.pk}:{item.fence}:{membership.user_id}",
        to=membership.user.email,
        subject=f"To post by hand: post {item.post.number} on {item.channel.rules.name}",
        body=(
            f"Post {item.post.number} ({item.language}) is due on {item.channel} at {local:%H:%M} {organisation.city}.\n\n"
            f"The text to copy, the pictures and the way to {item.channel.rules.name} are in your inbox:\n{address}\n\n"
            "When you have posted it, press «I posted it» there, so that everybody sees that it is out.\n"
        ),
        now=clock.now(),
    )
