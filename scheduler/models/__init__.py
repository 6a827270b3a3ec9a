"""When and where it is said: channels, scheduled items, segments, attempts, the publish log, heartbeats."""

from scheduler.models.attempt import PublishAttempt
from scheduler.models.budget import ChannelBudget
from scheduler.models.channel import Channel, Health, Transport
from scheduler.models.connecting import AppKey, PendingConnection
from scheduler.models.heartbeat import Heartbeat
from scheduler.models.item import ScheduledItem
from scheduler.models.log import LogPayload, PublishLogEntry
from scheduler.models.network_switch import NetworkSwitch
from scheduler.models.numbers import SegmentNumbers
from scheduler.models.segment import Segment
from scheduler.models.similar import SimilarBand, SimilarText

__all__ = [
    "AppKey",
    "Channel",
    "ChannelBudget",
    "Health",
    "Heartbeat",
    "LogPayload",
    "NetworkSwitch",
    "PendingConnection",
    "PublishAttempt",
    "PublishLogEntry",
    "ScheduledItem",
    "Segment",
    "SegmentNumbers",
    "SimilarBand",
    "SimilarText",
    "Transport",
]
