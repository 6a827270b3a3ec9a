"""Why an item stands where it stands, in a sentence for people."""

from scheduler.models import ScheduledItem


def why_held(item: ScheduledItem) -> str:
    """The sentence of the gate that holds the item, as it was when it closed; empty if it is not held."""
    return item.hold_detail or item.get_hold_reason_display()
