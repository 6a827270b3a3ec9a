"""The baseline: bare Celery tasks, one message each, that do by hand-written SQL what publishing one item writes.

The same tables with their indexes and triggers, the same number of commits and of rows (bench/publishing.py compares
both runs by the database's own counters), and the same HTTP call; no states, no gates, no rendering, no reading.
"""

import json
import os
from datetime import UTC, datetime
from functools import cache
from threading import get_ident
from typing import Any
from urllib.parse import urlsplit

import django
from celery import Celery

django.setup()

import psycopg  # noqa: E402 - Django first: the settings say where everything is
from django.conf import settings  # noqa: E402

from networks.content import Prepared, Segment  # noqa: E402
from networks.wall.adapter import WallAdapter  # noqa: E402

app = Celery("bench")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_routes = {}
app.conf.task_default_queue = "bench"

TEXT = "Victims of crime can call 116 006. #116006helpline https://victim-support.eu/help item {item}"
HASH = "0" * 64
ADDRESS = "https://network.example.org/channel-100-1000"
FACTS = {
    "item:claimed": {"fence": 1},
    "segment:published": {"position": 0, "url": ADDRESS, "remote_id": "channel-100-1000", "digest": HASH},
    "item:published": {"url": ADDRESS},
}
"""As many bytes as ours, the same for every item."""
BODY = json.dumps({"text": TEXT, "pictures": []})
LOG = (
    "INSERT INTO scheduler_publishlogentry (item_id, number, at, verb, state_from, state_to, actor_role, organisation_id,"
    " campaign_id, channel_id, post_id, network, language, facts, payload_digest, previous_hash, hash)"
    " VALUES (%s, %s, %s, %s, %s, %s, '', %s, %s, %s, %s, 'mastodon', 'en', %s, %s, %s, %s) RETURNING id"
)


@app.task
def noop() -> None:
    """Nothing: what Celery itself costs."""


@app.task
def same_work(item: int, keys: tuple[int, int, int, int], url: str) -> None:
    """The writes of one published item in their order. `keys`: channel, organisation, campaign, post."""
    channel, *_ = keys
    database, now = _database(os.getpid(), get_ident()), datetime.now(UTC)
    with database.transaction():
        database.execute(LOG, _line(item, 1, now, "item:claimed", "scheduled", "publishing", keys))
        database.execute(
            "UPDATE scheduler_scheduleditem SET state = 'publishing', fence = fence + 1, version = version + 1,"
            " lease_until = %s, log_head = %s, log_count = 1 WHERE id = %s",
            [now, HASH, item],
        )
        database.execute(
            "UPDATE scheduler_channel SET busy_item_id = %s, last_claimed_at = %s WHERE id = %s", [item, now, channel]
        )
    segment = _one(  # one statement is a transaction by itself, as with us
        database,
        "INSERT INTO scheduler_segment (item_id, position, text, pictures, mentions, digest, frozen_at, prepared,"
        " prepare_tries, repeat_key, remote_id, url, ref, warning)"
        " VALUES (%s, 0, %s, '[]', '[]', %s, %s, '{}', 0, '', '', '', '{}', '') RETURNING id",
        [item, TEXT.format(item=item), HASH, now],
    )
    with database.transaction():
        database.execute(
            "UPDATE scheduler_scheduleditem SET sending_at = %s, lease_until = %s WHERE id = %s", [now, now, item]
        )
        database.execute("UPDATE scheduler_segment SET first_sent_at = %s WHERE id = %s", [now, segment])
        attempt = _one(
            database,
            "INSERT INTO scheduler_publishattempt (segment_id, fence, host, boot_id, pid, started, sent_at, outcome, code,"
            " remote_id) VALUES (%s, 1, 'host', 'boot', %s, '1', %s, '', '', '') RETURNING id",
            [segment, os.getpid(), now],
        )
    published = _send(f"channel-{channel}", TEXT.format(item=item), url)
    with database.transaction():
        database.execute(
            "UPDATE scheduler_publishattempt SET outcome = 'published', finished_at = %s, sender_done_at = %s WHERE id = %s",
            [now, now, attempt],
        )
        database.execute(
            "UPDATE scheduler_segment SET remote_id = %s, url = %s, published_at = %s WHERE id = %s",
            [*published, datetime.now(UTC), segment],
        )
        entry = _one(database, LOG, _line(item, 2, now, "segment:published", "publishing", "publishing", keys))
        database.execute(
            "INSERT INTO scheduler_logpayload (entry_id, salt, body) VALUES (%s, %s, %s)", [entry, HASH[:32], BODY]
        )
        database.execute(LOG, _line(item, 3, now, "item:published", "publishing", "published", keys))
        database.execute(
            "UPDATE scheduler_scheduleditem SET state = 'published', version = version + 1, lease_until = NULL,"
            " sending_at = NULL, log_head = %s, log_count = 3 WHERE id = %s",
            [HASH, item],
        )
        database.execute(
            "UPDATE scheduler_channel SET busy_item_id = NULL, next_due = %s WHERE id = %s", [now, channel]
        )


def _line(item: int, number: int, now: datetime, verb: str, before: str, after: str, keys: Any) -> list[Any]:  # noqa: ANN401
    channel, organisation, campaign, post = keys
    facts = json.dumps(FACTS[verb])
    return [item, number, now, verb, before, after, organisation, campaign, channel, post, facts, "", HASH, HASH]


def _one(database: "psycopg.Connection[Any]", statement: str, values: list[Any]) -> int:
    row = database.execute(statement, values).fetchone()
    assert row is not None  # noqa: S101 - RETURNING
    return int(row[0])


def _send(account: str, text: str, url: str) -> tuple[str, str]:
    adapter = WallAdapter(url, {"account": account, "author": "Bench", "token": "bench"}, "mastodon")
    published = adapter.publish(Segment(text=text, language="en"), Prepared(), None)
    return published.remote_id, published.url


@cache
def _database(process: int, thread: int) -> "psycopg.Connection[Any]":
    """One connection for each hand, opened after the fork."""
    given = settings.DATABASES["default"]
    parts = urlsplit(os.environ["DATABASE_URL"])
    return psycopg.connect(
        f"{parts.scheme}://{parts.netloc}/{given['NAME']}", autocommit=True, options=POSTGRES_OPTIONS
    )


POSTGRES_OPTIONS = settings.DATABASES["default"].get("OPTIONS", {}).get("options", "")
