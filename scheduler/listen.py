"""What the scheduler does when the campaign says that something changed."""

from typing import Any

from campaign.signals import campaign_changed, translation_changed
from scheduler.services import sweep


def on_campaign_changed(campaign_id: int, **_: Any) -> None:  # noqa: ANN401 - a signal's own arguments
    """A link, a pause or a target: held items may go on, planned ones may have to wait."""
    sweep.look_again_at_held(campaign=campaign_id)
    sweep.look_again_at_planned(campaign=campaign_id)


def on_translation_changed(translation_id: int, **_: Any) -> None:  # noqa: ANN401 - as above
    """A text or its approval: what is queued with it is held, or released."""
    sweep.look_again_at_held(revision__translation=translation_id)
    sweep.look_again_at_planned(revision__translation=translation_id)


def connect() -> None:
    """Called once, when the app is ready."""
    campaign_changed.connect(on_campaign_changed, dispatch_uid="scheduler")
    translation_changed.connect(on_translation_changed, dispatch_uid="scheduler")
