"""`python -m tests.real`: installs, starts and ends real servers, and runs the adapters against them.

Exits with 0 only if every test ran and passed. What cannot run says «not run», loudly, and counts as a failure.
"""

import os
import sys
import time

import pytest

from networks import public_hosts
from tests.real.install import HERE, NotRunError, install
from tests.real.servers import running_pds
from tests.real.snac_server import running_snac, unpack

PDS_ADDRESS = "CHORUS_REAL_PDS"


def main() -> int:
    """0 if all of it ran and passed, 1 where a test failed, 2 where something could not run."""
    public_hosts.allow(["127.0.0.1"])
    wanted = sys.argv[1:] or list(PARTS)
    outcomes = [_part(name) for name in wanted]
    return max(outcomes, key=(0, 2, 1).index)


def _part(name: str) -> int:
    began = time.monotonic()
    try:
        outcome = PARTS[name]()
    except NotRunError as reason:
        say(f"{name} NOT RUN: {reason}")
        return 2
    outcome = min(outcome, 1)
    say(f"{name}: {'all of it ran' if outcome == 0 else 'NOT all of it passed'}, in {time.monotonic() - began:.0f} s")
    return outcome


def bluesky() -> int:
    """Bluesky's own PDS, from npm."""
    node, folder = install()
    with running_pds(node, folder) as address:
        say(f"a Bluesky PDS answers at {address}")
        os.environ[PDS_ADDRESS] = address
        return _tests("bluesky.py")


def mastodon() -> int:
    """snac, from its Debian package."""
    with running_snac(unpack()) as snac:
        say(f"snac answers at {snac.address}")
        os.environ |= {
            "CHORUS_REAL_SNAC": snac.address,
            "CHORUS_REAL_SNAC_ACCOUNT": snac.account,
            "CHORUS_REAL_SNAC_PASSWORD": snac.password,
        }
        return _tests("mastodon.py")


def counts() -> int:
    """No server: X's own counting library, from npm."""
    return _tests("counts.py")


PARTS = {"bluesky": bluesky, "mastodon": mastodon, "counts": counts}
"""By the name that may be given: `python -m tests.real mastodon`."""


def _tests(name: str) -> int:
    return int(pytest.main(["-p", "no:django", "-c", str(HERE / "pytest.ini"), str(HERE / name)]))


def say(words: str) -> None:
    sys.stdout.write(f"test-real: {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
