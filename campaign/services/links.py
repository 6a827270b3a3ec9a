"""Filling in a link: from that moment the posts that name it can go out."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Action, can
from campaign.models import Link
from campaign.services.errors import NotAllowedError
from campaign.signals import tell_campaign_changed


@transaction.atomic
def fill(link: Link, url: str, available_from: datetime | None, user: User) -> Link:
    """Gives the link its address (empty takes it away) and the end of its embargo (aware UTC, None: no embargo).

    `filled_at` is the moment it got an address; a corrected address keeps it. Raises NotAllowedError.
    """
    fresh = Link.objects.select_for_update(of=("self",)).select_related("campaign__organiser").get(pk=link.pk)
    if not can(user, Action.EDIT_CAMPAIGN, fresh.campaign.organiser):
        raise NotAllowedError(_("Only the people who run this campaign fill in its links."))
    if not url:
        fresh.filled_at = None
    elif not fresh.url:
        fresh.filled_at = timezone.now()
    fresh.url, fresh.available_from = url, available_from
    fresh.save()
    tell_campaign_changed(fresh.campaign_id)
    return fresh
