"""What the facts mean: each alarm with its sentence and what to do about it. docs/operations.md has a part for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduler.services.broker import Broker
from scheduler.services.frame import SILENCE
from scheduler.services.health import Beat, Facts, Signs
from scheduler.states import State

MAIL_WAITS = 900
"""Seconds after which an unsent mail is an alarm."""
LEAST_FREE = 0.1
"""The share of the disk under which there is too little room."""


@dataclass(frozen=True)
class Alarm:
    """`code` is its name for machines. `is_urgent`: posts do not go out, or the log is not safe; otherwise it can wait
    for the morning."""

    code: str
    sentence: str
    remedy: str
    is_urgent: bool = False


def not_ready(seen: Signs, broker: Broker) -> list[Alarm]:
    """Only what keeps posts from going out; for /readyz."""
    checks = (_publish_silent, _rest_silent, _overdue)
    return [*_broker(broker), *(alarm for check in checks if (alarm := check(seen)))]


Check = Callable[[Facts], Alarm | None]


def alarms(facts: Facts, broker: Broker) -> list[Alarm]:
    """Everything that somebody should know, the urgent first."""
    found = [*_broker(broker), *(alarm for check in CHECKS if (alarm := check(facts)))]
    return sorted(found, key=lambda alarm: not alarm.is_urgent)


@dataclass(frozen=True)
class Hand:
    """A kind of hand as the status page shows it: how long ago it answered (seconds), where, and what waits for it."""

    label: str
    beat: Beat
    seconds: int
    is_silent: bool
    waiting: int | None


def hands(facts: Signs, broker: Broker) -> list[Hand]:
    """The kinds of hand, in order; `waiting` is None where the broker does not say."""
    return [
        Hand(
            {"publish": _("Publishing"), "rest": _("Mail, read-back and care")}[name],
            beat,
            round(facts.age(beat.at)),
            _is_silent(facts, name),
            broker.waiting.get(name),
        )
        for name, beat in facts.beats.items()
    ]


def _broker(broker: Broker) -> Iterator[Alarm]:
    if broker.problem:
        remedy = _("Start it again. Nothing is lost: it only carries wake-ups.")
        yield Alarm("broker", broker.problem, remedy, is_urgent=True)


def _publish_silent(facts: Signs) -> Alarm | None:
    if not _is_silent(facts, "publish"):
        return None
    sentence = _("No worker that publishes has answered for a while: nothing goes out.")
    remedy = _("Look whether the services worker-publish and beat run, and start them.")
    return Alarm("publish-silent", sentence, remedy, is_urgent=True)


def _rest_silent(facts: Signs) -> Alarm | None:
    if not _is_silent(facts, "rest"):
        return None
    sentence = _("No worker for the rest has answered for a while: no mail is sent, and nothing unclear is looked up.")
    remedy = _("Look whether the services worker-rest and beat run, and start them.")
    return Alarm("rest-silent", sentence, remedy, is_urgent=True)


def _is_silent(facts: Signs, name: str) -> bool:
    at = facts.beats[name].at
    return at is None or facts.now - at > SILENCE


def _overdue(facts: Signs) -> Alarm | None:
    age = facts.age(facts.channels.oldest_turn)
    if age <= settings.DEAF_AFTER:
        return None
    sentence = ngettext(
        "A post has been due for a minute and no hand takes it.",
        "Posts have been due for %(minutes)s minutes and no hand takes them.",
        round(age / 60),
    ) % {"minutes": round(age / 60)}
    remedy = _("If the workers answer, there are too few hands: start more of them, and raise CHORUS_HANDS.")
    return Alarm("overdue", sentence, remedy, is_urgent=True)


def _lease_over(facts: Facts) -> Alarm | None:
    number = facts.items.lease_over
    if not number:
        return None
    sentence = ngettext(
        "One post is going out for longer than its worker may hold it.",
        "%(number)s posts are going out for longer than their workers may hold them.",
        number,
    ) % {"number": number}
    remedy = _("The worker for the rest takes them over within seconds when it runs: look at its log.")
    return Alarm("lease-over", sentence, remedy, is_urgent=True)


def _unguarded(facts: Facts) -> Alarm | None:
    if not facts.unguarded:
        return None
    sentence = _("The publish log is not guarded against changes: a trigger is missing in the database.")
    return Alarm("log-unguarded", sentence, _("Run manage.py migrate, then manage.py verify_log."), is_urgent=True)


def _disk(facts: Facts) -> Alarm | None:
    if facts.disk.share_free >= LEAST_FREE:
        return None
    sentence = _("The disk of the data folder is nearly full (%(free)s %% free).") % {
        "free": round(facts.disk.share_free * 100)
    }
    remedy = _("Make room: pictures, and outcomes that wait for the database, could no longer be kept.")
    return Alarm("disk", sentence, remedy, is_urgent=True)


def _spool(facts: Facts) -> Alarm | None:
    number = facts.disk.spooled
    if not number:
        return None
    sentence = ngettext(
        "One outcome waits in a file for the database.",
        "%(number)s outcomes wait in files for the database.",
        number,
    ) % {"number": number}
    remedy = _("They are written by themselves within a minute after it is back. If they stay, see the log.")
    return Alarm("spool", sentence, remedy)


def _restored(facts: Facts) -> Alarm | None:
    number = facts.items.restored
    if not number:
        return None
    sentence = ngettext(
        "One restored post waits for a word.", "%(number)s restored posts wait for a word.", number
    ) % {"number": number}  # fmt: skip
    remedy = _("Look on the networks what went out after the backup, then release the rest.")
    return Alarm("restored", sentence, remedy)


def _channels(facts: Facts) -> Alarm | None:
    number = facts.channels.reconnect
    if not number:
        return None
    sentence = ngettext(
        "One channel must be connected again.", "%(number)s channels must be connected again.", number
    ) % {"number": number}  # fmt: skip
    return Alarm("reconnect", sentence, _("Its organisation does that on its channels page; what is planned is held."))


def _unclear(facts: Facts) -> Alarm | None:
    number = sum(facts.items.by_state[state] for state in (State.UNCERTAIN, State.PARTIAL, State.UNRESOLVED))
    if not number:
        return None
    sentence = ngettext(
        "One post needs a look: it may be out.", "%(number)s posts need a look: they may be out.", number
    ) % {"number": number}  # fmt: skip
    return Alarm("unclear", sentence, _("The publish log has each of them, with what can be done."))


def _not_out(facts: Facts) -> Alarm | None:
    number = facts.items.by_state[State.FAILED] + facts.items.by_state[State.MISSED]
    if not number:
        return None
    sentence = ngettext(
        "One post failed or was missed.", "%(number)s posts failed or were missed.", number
    ) % {"number": number}  # fmt: skip
    return Alarm("not-out", sentence, _("Their organisations can give each of them another time, or cancel it."))


def _mail(facts: Facts) -> Alarm | None:
    if facts.age(facts.mail.oldest) <= MAIL_WAITS:
        return None
    sentence = _("Mails have waited in the outbox for more than a quarter of an hour.")
    return Alarm("mail", sentence, _("Look whether CHORUS_EMAIL_URL is right and the mail server answers."))


CHECKS: tuple[Check, ...] = (
    _publish_silent, _rest_silent, _overdue, _lease_over, _unguarded, _disk, _spool, _restored, _channels, _unclear,
    _not_out, _mail,
)  # fmt: skip
