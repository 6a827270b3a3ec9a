"""A short round with a fixed seed, on servers of its own. The long one: `python -m tests.faults --seed 1 --kills 200`."""

import json
import os
import subprocess
import sys

import pytest

from tests.faults.places import ROOT, what_is_missing
from tests.faults.table import MUST_BE_NONE

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="It runs once, with the run on PostgreSQL; its servers are its own."
)


def test_nothing_is_sent_twice_and_nothing_is_lost_in_a_short_round() -> None:
    if missing := what_is_missing("postgresql"):
        pytest.skip(missing)
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("CHORUS_", "DATABASE_", "REDIS_"))
    }
    words = ["--seed", "7", "--kills", "8", "--items", "150", "--pause", "1", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *words],
        cwd=ROOT, env=ours, capture_output=True, text=True, timeout=420, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert {name: told[name] for name in MUST_BE_NONE} == dict.fromkeys(MUST_BE_NONE, 0)
    assert told["faults"] >= 5
