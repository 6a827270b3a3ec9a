"""The facts for Prometheus. They are read from the database, so every web process answers the same."""

from collections.abc import Iterator

from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from scheduler.services.broker import Broker
from scheduler.services.health import Facts

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Collector:
    """One reading, as metrics."""

    def __init__(self, facts: Facts, broker: Broker) -> None:
        self._facts, self._broker = facts, broker

    def collect(self) -> Iterator[Metric]:
        """Each of them once; ages are in seconds, sizes in bytes."""
        yield from _hands(self._facts, self._broker)
        yield from _items(self._facts)
        yield from _keeping(self._facts)


def text(facts: Facts, broker: Broker) -> bytes:
    """The page that Prometheus reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(facts, broker))
    return generate_latest(registry)


def _hands(facts: Facts, broker: Broker) -> Iterator[Metric]:
    beats = GaugeMetricFamily("chorus_heartbeat_age_seconds", "Since a kind of hand last answered.", labels=["hands"])
    for name, beat in facts.beats.items():
        beats.add_metric([name], facts.age(beat.at) if beat.at else float("inf"))
    yield beats
    yield _gauge("chorus_broker_up", "Whether the broker answers.", not broker.problem)
    waiting = GaugeMetricFamily("chorus_broker_messages", "Wake-ups that wait in the broker.", labels=["queue"])
    for queue, number in broker.waiting.items():
        waiting.add_metric([queue], number)
    yield waiting
    yield _gauge("chorus_hands", "Channels that may be worked on at once.", settings.PUBLISH_HANDS)
    yield _gauge("chorus_channels_busy", "Channels that are worked on now.", facts.channels.busy)
    yield _gauge("chorus_channels_due", "Free channels whose turn has come.", facts.channels.due)
    yield _gauge("chorus_channels_reconnect", "Channels to be connected again.", facts.channels.reconnect)
    oldest = facts.age(facts.channels.oldest_turn)
    yield _gauge("chorus_oldest_turn_seconds", "How long the first free channel has waited for a hand.", oldest)


def _items(facts: Facts) -> Iterator[Metric]:
    items = GaugeMetricFamily(
        "chorus_items", "Planned posts by state, without those that have ended.", labels=["state"]
    )
    for state, number in facts.items.by_state.items():
        items.add_metric([state.value], number)
    yield items
    held = GaugeMetricFamily("chorus_items_held", "Held posts by reason.", labels=["reason"])
    for reason, number in facts.items.held.items():
        held.add_metric([reason.value], number)
    yield held
    oldest = facts.age(facts.items.oldest_due)
    yield _gauge("chorus_oldest_due_seconds", "How late the latest of the scheduled posts is.", oldest)
    yield _gauge("chorus_items_lease_over", "Posts whose worker holds them for too long.", facts.items.lease_over)
    yield _gauge("chorus_items_restored", "Restored posts that wait for a word.", facts.items.restored)
    day = facts.items.published_in_a_day
    yield _gauge("chorus_items_published_day", "Posts due in the last 24 hours that are out.", day)


def _keeping(facts: Facts) -> Iterator[Metric]:
    yield CounterMetricFamily("chorus_attempts", "Tries at publishing, ever.", value=facts.attempts)
    yield CounterMetricFamily("chorus_log_lines", "Lines of the publish log, ever.", value=facts.log_lines)
    yield _gauge("chorus_log_guarded", "Whether the database refuses changes of the log.", not facts.unguarded)
    yield _gauge("chorus_outbox_unsent", "Mails that wait to be sent.", facts.mail.unsent)
    yield _gauge("chorus_outbox_oldest_seconds", "How long the first of them has waited.", facts.age(facts.mail.oldest))
    yield _gauge("chorus_spooled_outcomes", "Outcomes in files of this host.", facts.disk.spooled)
    yield _gauge("chorus_disk_free_bytes", "Room on the data folder's disk.", facts.disk.free)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
