"""The states of a scheduled item and the ways between them, as data.

    draft → scheduled ⇄ held → … missed          publishing → published · failed · waiting (by hand)
    scheduled → publishing                       publishing → uncertain → published · a person · unresolved
                                                 publishing → partial (a thread cut short)

`scheduler/services/transition.py` is the only code that writes a state.
"""

from django.db import models


def _(words: str) -> str:
    """Marks words for the catalogues; Django's own mark reads the settings, and states are asked for before there are
    any (tests/faults)."""
    return words


class State(models.TextChoices):
    """The word people read is the second one; it is the same in every page, mail and log line."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    HELD = "held", _("held")
    PUBLISHING = "publishing", _("going out")
    UNCERTAIN = "uncertain", _("needs a look")
    WAITING = "waiting", _("by hand")
    PUBLISHED = "published", _("published")
    PARTIAL = "partial", _("some parts are out")
    FAILED = "failed", _("failed")
    MISSED = "missed", _("missed")
    UNRESOLVED = "unresolved", _("may be out")
    CANCELLED = "cancelled", _("cancelled")


S = State

EDGES: dict[State, frozenset[State]] = {
    S.DRAFT: frozenset({S.DRAFT, S.SCHEDULED, S.CANCELLED}),
    # To itself: moved to another time.
    S.SCHEDULED: frozenset(
        {S.SCHEDULED, S.PUBLISHING, S.HELD, S.MISSED, S.DRAFT, S.CANCELLED, S.PARTIAL, S.UNRESOLVED}
    ),
    # To itself: held for another reason, or moved to another time.
    S.HELD: frozenset({S.HELD, S.SCHEDULED, S.MISSED, S.DRAFT, S.CANCELLED, S.PARTIAL, S.UNRESOLVED}),
    S.PUBLISHING: frozenset({S.PUBLISHED, S.WAITING, S.SCHEDULED, S.HELD, S.FAILED, S.PARTIAL, S.UNCERTAIN}),
    # To itself: a person asked to send it again, and it is looked for once more first.
    S.UNCERTAIN: frozenset({S.UNCERTAIN, S.PUBLISHED, S.PARTIAL, S.FAILED, S.HELD, S.SCHEDULED, S.UNRESOLVED}),
    S.WAITING: frozenset({S.PUBLISHED, S.SCHEDULED, S.CANCELLED}),
    S.PUBLISHED: frozenset(),
    S.PARTIAL: frozenset({S.SCHEDULED, S.PUBLISHED}),
    S.FAILED: frozenset({S.SCHEDULED, S.CANCELLED}),
    S.MISSED: frozenset({S.SCHEDULED, S.CANCELLED}),
    S.UNRESOLVED: frozenset({S.PUBLISHED, S.PARTIAL}),
    S.CANCELLED: frozenset(),
}

NEEDS_A_PERSON = frozenset({S.UNCERTAIN, S.PARTIAL, S.FAILED, S.MISSED, S.UNRESOLVED, S.WAITING})
"""States that end only by somebody's word (uncertain and unresolved also by a read-back)."""

NEEDS_A_LOOK = NEEDS_A_PERSON - {S.WAITING}
"""Of those, the ones that something went wrong with: what waits to be posted by hand has an inbox of its own."""

ENDED = frozenset({S.PUBLISHED, S.CANCELLED})
"""Nothing leaves these."""

UNSETTLED = frozenset({S.SCHEDULED, S.HELD, S.PUBLISHING, S.UNCERTAIN, S.PARTIAL, S.UNRESOLVED})
"""A later occurrence of the same post waits while an earlier one is in one of these."""


class HoldReason(models.TextChoices):
    """Why an item is held: the gate that is closed. The sentence people read stands in services/gates.py."""

    LINK_EMPTY = "link_empty", _("a link has no address yet")
    EMBARGO = "embargo", _("a link is under embargo")
    UNAPPROVED = "unapproved", _("the text is not approved")
    STALE = "stale", _("the source changed after this text was made")
    NEW_REVISION = "new_revision", _("the text changed after this was planned")
    EARLIER = "earlier", _("an earlier run of the same post is not settled")
    CAMPAIGN_PAUSED = "campaign_paused", _("the campaign is paused")
    ORGANISATION_PAUSED = "organisation_paused", _("the organisation is paused")
    NETWORK_PAUSED = "network_paused", _("the network is paused")
    RECONNECT = "reconnect", _("the channel must be connected again")
    CHECKS = "checks", _("the text does not fit any more")
    BUDGET = "budget", _("the channel's budget is used up")
    SIMILAR = "similar", _("it says almost the same as a post of another account")
    RESTORED = "restored", _("restored from a backup, to be confirmed")


WAITS_FOR_A_LINK = frozenset({HoldReason.LINK_EMPTY, HoldReason.EMBARGO})
"""While one of these holds an item its grace has not begun."""


class Outcome(models.TextChoices):
    """What became of one try at one segment."""

    PUBLISHED = "published", "published"
    NOT_SENT = "not_sent", "nothing was sent"
    REFUSED = "refused", "refused"
    RECONNECT = "reconnect", "the credential is dead"
    LATER = "later", "the network asked to wait"
    DUPLICATE = "duplicate", "the network has it already"
    UNCLEAR = "unclear", "no definite answer"


_REACHABLE = {state for edges in EDGES.values() for state in edges} | {S.DRAFT}
assert set(EDGES) == set(State), "every state has its line in EDGES"  # noqa: S101 - checked at import, on purpose
assert set(State) == _REACHABLE, "every state can be reached"  # noqa: S101 - as above
