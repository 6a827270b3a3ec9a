"""Deploying without stopping: workers are told to stop one after the other, under load, and started anew."""

import os
import sys
import threading
import time

import pytest

from tests.server.installation import Installation, Service
from tests.wall_process import Wall

pytestmark = pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL and Redis")

CHANNELS, POSTS, SECONDS = 40, 5, 0.4
ITEMS = CHANNELS * POSTS
GRACE = 75.0
"""What docker-compose.yml gives a worker."""


def restart(worker: Service, figures: list[str], wall: Wall) -> None:
    """Tells it to stop while it has its hands full, waits for it, and starts its successor."""
    before, started = len(wall.posts()), time.monotonic()
    code = worker.stop(GRACE)
    took = time.monotonic() - started
    figures.append(f"{worker.name}: ended in {took:.1f} s with {code}, {len(wall.posts()) - before} posts meanwhile")
    assert code == 0
    worker.start_again()


def test_a_rolling_restart_under_load_sends_nothing_twice_and_loses_nothing(
    server: Installation, wall: Wall, capsys: pytest.CaptureFixture[str]
):
    wall.fault("accept_slowly", times=100_000, seconds=SECONDS)
    server.run(sys.executable, "-m", "tests.server.world", wall.url, str(CHANNELS), str(POSTS))
    hands = {"CHORUS_HANDS": "8"}
    workers = [server.start("worker-publish", name, **hands) for name in ("publish-a", "publish-b")]
    server.start("worker-rest", **hands)
    server.start("beat", **hands)
    figures: list[str] = []
    wall.wait_for_posts(10, 240)
    started = time.monotonic()
    for worker in workers:
        restart(worker, figures, wall)
        _until_it_has_taken_something_up(server, worker)
    server.wait(lambda: server.states() == {"published": ITEMS}, 600, "all are published")
    posts = [(post["account"], post["text"]) for post in wall.posts()]
    figures.append(f"{ITEMS} items, {len(posts)} accepted, {len(posts) - len(set(posts))} twice, "
                   f"{time.monotonic() - started:.1f} s from the first restart to the last post")  # fmt: skip
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(figures) + "\n")
    assert (len(posts), len(set(posts))) == (ITEMS, ITEMS)
    assert _unclear(server) == 0
    assert "is whole" in server.manage("verify_log")


def _until_it_has_taken_something_up(server: Installation, worker: Service) -> None:
    """The successor works before the next one is told to stop, as a rolling deployment waits for it."""
    lines = len(worker.lines())
    done = threading.Event()

    def works() -> bool:
        said = worker.lines()[lines:]
        return done.is_set() or any(line["logger"] == "chorus.item" for line in said) or _all_out(server)

    server.wait(works, 240, f"{worker.name} takes something up")


def _all_out(server: Installation) -> bool:
    return server.states() == {"published": ITEMS}


def _unclear(server: Installation) -> int:
    """Tries whose end nobody knew: a worker that was told to stop leaves none."""
    unclear = "SELECT 1 FROM scheduler_publishattempt WHERE outcome <> 'published'"
    return len(server.ask(unclear))


def test_a_worker_that_is_told_to_stop_has_given_back_everything_when_it_ends(server: Installation, wall: Wall):
    wall.fault("accept_slowly", times=1000, seconds=1.0)
    server.run(sys.executable, "-m", "tests.server.world", wall.url, "6", "2")
    worker, beat = server.start("worker-publish"), server.start("beat")
    wall.wait_for_posts(2, 240)
    beat.close()
    assert worker.stop(GRACE) == 0
    assert server.states().keys() <= {"published", "scheduled"}
    assert server.ask("SELECT 1 FROM scheduler_channel WHERE busy_item_id IS NOT NULL") == []
    assert server.states().get("published", 0) == len(wall.posts())
