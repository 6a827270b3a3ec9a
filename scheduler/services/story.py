"""What a line of the publish log says to people: what happened, what it means, what to do."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from networks import registry
from scheduler.models import PublishLogEntry
from scheduler.states import HoldReason, State

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SENTENCES: Mapping[str, "_StrPromise"] = {
    "item:drafted": gettext_lazy("It was kept as a draft. It does not go out until somebody schedules it."),
    "item:scheduled": gettext_lazy("It was scheduled. Chorus takes it up at its time."),
    "item:held": gettext_lazy("It is held%(because)s. It does not go out until that is settled."),
    "item:released": gettext_lazy("It is no longer held. Chorus takes it up at its time."),
    "item:restored": gettext_lazy("It came back from a backup. It does not go out until an admin has looked."),
    "item:not_out_since_backup": gettext_lazy("An admin said that it has not gone out since the backup."),
    "item:moved": gettext_lazy("It was given another time: %(to)s."),
    "item:cancelled": gettext_lazy("It was cancelled. It does not go out."),
    "item:confirmed": gettext_lazy(
        "A person said that its text is right as it is now. Chorus takes it up at its time."
    ),
    "item:claimed": gettext_lazy("A worker took it up and is preparing it."),
    "item:missed": gettext_lazy("Its time passed and it did not go out. Give it a new time, or cancel it."),
    "item:waiting": gettext_lazy("It was handed over to be posted by hand. It waits in the inbox until somebody has."),
    "item:published": gettext_lazy("It is out on %(network)s."),
    "item:failed": gettext_lazy(
        "It did not go out%(code)s, and we do not try again by ourselves. Change it, give it a new time, or cancel it."
    ),
    "item:uncertain": gettext_lazy(
        "We sent it and %(network)s gave no definite answer%(code)s. It may be out. "
        "We look for it and do not send it again by ourselves."
    ),
    "item:partial": gettext_lazy("Some parts are out and the rest is not%(code)s. Send the rest, or stop here."),
    "item:retry": gettext_lazy(
        "It did not go out this time%(code)s. We try again after %(wait)s; there is nothing to do."
    ),
    "item:reaped": gettext_lazy("The worker that had taken it up went silent. Nothing had been sent; we try again."),
    "item:looked": gettext_lazy(
        "We looked for it on %(network)s and did not find it. That does not prove it is not there."
    ),
    "item:settled_there": gettext_lazy("A person found it on %(network)s: it is out."),
    "item:settled_again": gettext_lazy("A person said it is not there. We look once more, and then send it again."),
    "item:settled_leave": gettext_lazy("A person left it as it is. It may be out, and we do not send it again."),
    "item:stopped_here": gettext_lazy("A person stopped it here. What is out stays out; the rest is not sent."),
    "segment:sent": gettext_lazy("Part %(part)s was sent to %(network)s; its answer was still to come."),
    "segment:published": gettext_lazy("Part %(part)s is out on %(network)s."),
    "segment:alert": gettext_lazy(
        "Part %(part)s may be out twice: %(network)s accepted it under a second id. Look there, and remove one by hand."
    ),
}
"""Verb → sentence. A verb that is not here is shown as it is."""

BY_FACT: Mapping[tuple[str, str], "_StrPromise"] = {
    ("item:failed", "lost_claims"): gettext_lazy(
        "Its worker went silent too many times, before anything was sent. Ask the operator, then give it a new time."
    ),
    ("item:looked", "found"): gettext_lazy("We looked for it on %(network)s and found it."),
    ("item:looked", "cannot_tell"): gettext_lazy(
        "We looked for it, and %(network)s does not let us tell if it is there."
    ),
    ("item:moved", "now"): gettext_lazy("A person asked for it to go out now."),
    ("item:published", "by_hand"): gettext_lazy("A person posted it on %(network)s by hand: it is out."),
    ("item:retry", "by_a_person"): gettext_lazy("We looked once more and did not find it. It is sent again, as asked."),
    ("item:retry", "harmless"): gettext_lazy(
        "It is sent again: %(network)s knows the repeat for what it is, so it cannot go out twice."
    ),
    ("item:retry", "rest"): gettext_lazy("What was sent is out. The rest of its parts follow."),
}
"""Verb and a fact that holds → the sentence, where the fact changes what it means."""

NOT_THE_PLAIN_WORD = frozenset({"item:cancelled", "item:failed", "item:missed"})
"""Verbs that say less than the truth where something of the item is out, or may be (see BY_STATE)."""

BY_STATE: Mapping[str, "_StrPromise"] = {
    State.UNRESOLVED: gettext_lazy(
        "Nothing more of it is sent. What was sent before may be out on %(network)s; we go on looking for a day."
    ),
    State.PARTIAL: gettext_lazy("Some of its parts are out on %(network)s; the rest is not sent by itself any more."),
}
"""What such a line says instead, by the state after it."""


def sentence(entry: PublishLogEntry) -> str:
    """What the entry says. A verb that has no sentence falls back to the verb itself."""
    if entry.verb in NOT_THE_PLAIN_WORD and entry.state_to in BY_STATE:
        return str(BY_STATE[entry.state_to]) % _Values(entry)
    by_fact = (BY_FACT[verb, fact] for verb, fact in BY_FACT if verb == entry.verb and entry.facts.get(fact))
    words = next(by_fact, None) or SENTENCES.get(entry.verb)
    return str(words) % _Values(entry) if words else entry.verb


def network_of(slug: str) -> tuple[str, str]:
    """The network's name and icon; a network that is gone keeps its slug."""
    try:
        network = registry.get(slug)
    except registry.UnknownNetworkError:
        return slug, "globe"
    return network.name, network.icon


@cache
def language_name(code: str) -> str:
    """The language's own name for itself («suomi»); an unknown tag (BCP 47) stays as it is."""
    try:
        return Locale.parse(code, sep="-").get_display_name() or code
    except (ValueError, UnknownLocaleError):
        return code


def wait_in_words(seconds: float) -> str:
    """A waiting time as people say it, rounded up: seconds under two minutes, else minutes."""
    if seconds < 120:
        return ngettext("%(count)d second", "%(count)d seconds", int(seconds)) % {"count": int(seconds)}
    minutes = -(-int(seconds) // 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


class _Values:
    """What the fields of a sentence stand for in this entry; most sentences have none or one of them."""

    def __init__(self, entry: PublishLogEntry) -> None:
        self._entry = entry

    def __getitem__(self, field: str) -> str:
        return VALUES[field](self._entry)


def _wait(entry: PublishLogEntry) -> str:
    wait = entry.facts.get("wait")
    return wait_in_words(wait) if isinstance(wait, int | float) else _("a while")


def _part(entry: PublishLogEntry) -> str:
    position = entry.facts.get("position")
    return str(position + 1) if isinstance(position, int) else "1"


def _code(entry: PublishLogEntry) -> str:
    code = entry.facts.get("code")
    return f" ({code})" if code else ""


def _because(entry: PublishLogEntry) -> str:
    """«, because a link has no address yet», or nothing where the reason is not known."""
    reason = str(entry.facts.get("reason") or entry.facts.get("hold_reason") or "")
    if reason not in HoldReason.values:
        return ""
    return _(", because %(reason)s") % {"reason": _(HoldReason(reason).label)}


def _time(entry: PublishLogEntry) -> str:
    """A fact's moment (ISO) as the wall time of the organisation that posts, with its place."""
    try:
        local = datetime.fromisoformat(str(entry.facts.get("to"))).astimezone(entry.organisation.zone)
    except ValueError:
        return _("a new one")
    return f"{date_format(local, 'DAY_TIME')} {entry.organisation.city}"


VALUES: dict[str, Callable[[PublishLogEntry], str]] = {
    "network": lambda entry: network_of(entry.network)[0],
    "wait": _wait,
    "part": _part,
    "to": _time,
    "code": _code,
    "because": _because,
}
"""Field of a sentence → what it stands for."""
