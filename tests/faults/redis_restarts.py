"""Redis killed, emptied and started again five times under load: publishing goes on within ten seconds of its return."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from networks.wall.store import stamp
from tests.faults.household import Household, Wish, household
from tests.faults.places import own_folder
from tests.faults.run import say, set_up_django
from tests.faults.saboteur import Saboteur

RESTARTS, AWAY, BETWEEN = 5, 12.0, 5.0
"""How often; the seconds for which it is away, longer than a drain so that no old wake-up works on; and between."""
BAR, LONGEST = 10.0, 60.0
"""Seconds until publishing must have resumed, and after which we stop waiting for it."""
A_SECOND = 6
"""Items that are due each second: well below what two busy cores carry."""


def run_redis_restarts(seed: int, database: str, keep: Path | None) -> dict[str, Any]:
    """The seconds from Redis' answer to the next acceptance, five times, and the usual verdict over everything."""
    with own_folder(keep) as places, household(Wish(database, seed, odds=0.0), places) as home:
        set_up_django(shipped_times=False)
        from tests.faults.world import Size, make

        seconds = RESTARTS * (AWAY + BETWEEN + BAR) + 15
        make(Size(int(A_SECOND * seconds), seconds, thread_every=1000), seed, home.network_url)
        home.start_workers()
        saboteur = Saboteur(home, seed)
        _first_after(saboteur, home, datetime.now(UTC))
        resumed = [_restart(saboteur, home) for _ in range(RESTARTS)]
        return _told(home, saboteur, resumed) | {"seed": seed, "database": database}


def _restart(saboteur: Saboteur, home: Household) -> float:
    saboteur.pass_time(BETWEEN)
    home.redis.kill()
    saboteur.pass_time(AWAY)
    home.redis.start()
    seconds = _first_after(saboteur, home, datetime.now(UTC))
    say(f"publishing again {seconds:.1f} s after Redis")
    return seconds


def _first_after(saboteur: Saboteur, home: Household, moment: datetime) -> float:
    began = time.monotonic()
    while time.monotonic() - began < LONGEST:
        with closing(sqlite3.connect(home.places.network / "wall.sqlite3", timeout=10)) as file:
            if file.execute("SELECT 1 FROM post WHERE at > ? LIMIT 1", (stamp(moment),)).fetchone():
                break
        saboteur.pass_time(0.1)
    return round(time.monotonic() - began, 1)


def _told(home: Household, saboteur: Saboteur, resumed: list[float]) -> dict[str, Any]:
    from scheduler.models import ScheduledItem
    from scheduler.states import State
    from tests.faults.evidence import collect, still_moving
    from tests.faults.oracle import judge

    end = time.monotonic() + 180
    # What is planned for later comes first: it would become due while the workers are being stopped.
    while (still_moving() or ScheduledItem.objects.filter(state=State.SCHEDULED).exists()) and time.monotonic() < end:
        saboteur.pass_time(1)
    restarts = {child.name: child.starts - 1 for child in home.supervisor.children.values()}
    home.supervisor.stop()
    verdict = judge(collect(home.places.network, ()))
    return {
        "scenario": "redis-restarts", "faults": RESTARTS, "resumed_after_seconds": resumed, "restarts": restarts,
        **verdict.numbers(), "holds": verdict.holds and max(resumed) <= BAR,
        "sentences": {name: found[:20] for name, found in verdict.faults.items() if found},
    }  # fmt: skip
