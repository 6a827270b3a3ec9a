"""`python -m tests.faults --seed 1 --kills 200 --json`: breaks everything around the publishing core and compares.

Every server that is killed or emptied is one that the run has started itself. The exit code is 1 where something does
not hold that must, 2 where the run cannot take place on this machine.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tests.faults.places import what_is_missing
from tests.faults.run import Options, run
from tests.faults.table import table


def main(words: list[str] | None = None) -> int:
    """Runs and tells."""
    given = _parse(words)
    if missing := what_is_missing(given.database):
        sys.stderr.write(missing + "\n")
        return 2
    told = _redis_restarts(given) if given.scenario == "redis-restarts" else _mixed(given)
    sys.stdout.write(table(told) + "\n")
    if given.json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0 if told["holds"] else 1


def _mixed(given: argparse.Namespace) -> dict[str, Any]:
    return run(
        Options(
            seed=given.seed, kills=given.kills, items=given.items, database=given.database, pause=given.pause,
            people=not given.without_people, shipped_times=given.shipped_times, keep=given.keep, longest=given.longest,
        )
    )  # fmt: skip


def _redis_restarts(given: argparse.Namespace) -> dict[str, Any]:
    from tests.faults.redis_restarts import run_redis_restarts

    return run_redis_restarts(given.seed, given.database, given.keep)


def _parse(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=200, help="how many faults, of all kinds")
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--scenario", choices=["mixed", "redis-restarts"], default="mixed")
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two faults, on average")
    parser.add_argument("--longest", type=float, default=3600.0, help="seconds after which no new fault is begun")
    parser.add_argument("--without-people", action="store_true")
    parser.add_argument("--shipped-times", action="store_true", help="a lease of 90 s and calls of 30 s: takes hours")
    parser.add_argument("--keep", type=Path, help="a folder for logs and files, kept")
    parser.add_argument("--json", action="store_true", help="the numbers as JSON on the last line")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
