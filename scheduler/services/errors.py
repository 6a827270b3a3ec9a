"""What keeps a person's wish from being done, in words for that person."""

from django.utils.translation import gettext as _

from scheduler.models import ScheduledItem


class ScheduleError(Exception):
    """`message` belongs next to the form's field `field` (empty: to the whole form). Answered with 422."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class AlreadyPlannedError(ScheduleError):
    """The same post stands on that channel already; `item` is the one that does."""

    def __init__(self, item: ScheduledItem) -> None:
        super().__init__(
            _("This post is already planned on this channel. Open it, or repeat it deliberately as a second run."),
            "channel",
        )
        self.item = item


class ConflictError(Exception):
    """Somebody or something was first: the page shows the fresh state. Answered with 409."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LostLeaseError(Exception):
    """The claim is not this worker's any more; whoever holds it now goes on, this one stops without a trace."""
