"""What the campaign tells whoever schedules: something that goes out may have changed. Sent after the commit."""

from django.db import transaction
from django.dispatch import Signal

campaign_changed = Signal()
"""Keyword `campaign_id`. A link, a pause or a target changed; whatever is planned must be looked at again."""

translation_changed = Signal()
"""Keyword `translation_id`. A text, its approval or its source changed."""


def tell_campaign_changed(campaign_id: int) -> None:
    """Sends `campaign_changed` once the current transaction is committed."""
    transaction.on_commit(lambda: campaign_changed.send(sender=None, campaign_id=campaign_id))


def tell_translation_changed(translation_id: int) -> None:
    """Sends `translation_changed` once the current transaction is committed."""
    transaction.on_commit(lambda: translation_changed.send(sender=None, translation_id=translation_id))
