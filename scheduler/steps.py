"""Named moments in the publishing of a segment, where the fault tests stop, slow or kill a worker."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

from django.conf import settings

BEFORE_CLAIM = "before-claim"
AFTER_CLAIM = "after-claim"
DURING_PREPARE = "during-prepare"
BEFORE_BEGIN_COMMIT = "between-begin-sending-and-its-commit"
AFTER_BEGIN = "after-begin-sending"
AFTER_ACCEPTED = "after-the-network-accepted"
AFTER_OUTCOME = "after-the-outcome"


def reached(step: str, item_id: int) -> None:
    """Tells the hook of settings.STEP_HOOK (`module:function`), if there is one, that `item_id` is at `step`."""
    if settings.STEP_HOOK:
        _hook(settings.STEP_HOOK)(step, item_id)


@cache
def _hook(path: str) -> Callable[[str, int], None]:
    module, _, name = path.partition(":")
    hook: Callable[[str, int], None] = getattr(import_module(module), name)
    return hook
