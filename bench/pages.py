"""The pages beside a hundred thousand items: `python -m bench.pages --json`.

70 organisations, 420 channels, each item with a segment and three lines of the log; through gunicorn with a signed-in
session, each page beside a bare page with session and user on the same server, turn by turn.
"""

import argparse
import http.client
import json
import socket
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bench.ground import Ground, ground
from bench.running import alone

CHANNELS = 420
POSTS = 20
FEW = 1000
BAR = 10.0
"""How often the bare page's median a page may take, on PostgreSQL."""
OWN = "organisation-6"
PAGES = {
    "log": "/log/",
    "log, needs a look": "/log/?show=look",
    "log, failed": "/log/?show=failed",
    "log, far down": "/log/?before=5000",
    "coordinator's home": "/o/coordinator/",
    "coordinator's queue": "/o/coordinator/queue/",
    "one organisation's home": f"/o/{OWN}/",
    "one organisation's queue": f"/o/{OWN}/queue/",
    "one organisation's queue, done": f"/o/{OWN}/queue/?show=done",
}


@dataclass(frozen=True)
class Page:
    """One page. Medians in milliseconds; `times_bare` is its median over that of the bare page beside it."""

    database: str
    page: str
    queries_few: int
    queries: int
    bytes: int
    median: float
    bare: float
    times_bare: float


def main(words: Sequence[str] | None = None) -> int:
    """Measures; returns 1 where a page missed its bar."""
    options = _options(words)
    pages = [page for database in options.databases for page in alone(_measure, database, options)]
    missed = [word for page in pages for word in _missed(page)]
    for word in missed:
        print(f"missed: {word}")
    if options.json:
        print(json.dumps({"bench": "pages", "items": options.items, "pages": [asdict(p) for p in pages],
                          "missed": missed}))  # fmt: skip
    return 1 if missed else 0


def _measure(database: str, options: argparse.Namespace) -> list[Page]:
    with ground(database, DJANGO_SETTINGS_MODULE="bench.settings") as own:
        own.adopt()
        from bench import bulk, seed

        campaign = seed.make_campaign(POSTS)
        seed.make_channels(campaign, CHANNELS, "http://127.0.0.1:9")
        _channels_of_coordinator()
        keys = {"coordinator": _sign_in("coordinator"), "one": _sign_in(OWN)}
        bulk.mixed(campaign, FEW)
        bulk.one_to_look_at()
        bulk.analyse()
        few = {name: _queries(keys[_who(name)], path) for name, path in PAGES.items()}
        bulk.mixed(campaign, options.items - FEW)
        bulk.analyse()
        with _Server(own) as server:
            return [_page(database, server, name, keys[_who(name)], few[name], options) for name in PAGES]


def _who(name: str) -> str:
    return "one" if name.startswith("one ") else "coordinator"


def _channels_of_coordinator() -> None:
    """The last organisation's channels become the coordinator's, which leaves 70 organisations with six each."""
    from accounts.models import Organisation
    from bench.seed import CHANNELS_EACH
    from campaign.models import Participation
    from scheduler.models import Channel

    coordinator = Organisation.objects.get(slug="coordinator")
    last = Organisation.objects.get(slug=f"organisation-{CHANNELS - CHANNELS_EACH}")
    Channel.objects.filter(organisation=last).update(organisation=coordinator)
    Participation.objects.filter(organisation=last).update(organisation=coordinator)
    last.delete()
    Organisation.objects.update(time_zone="Europe/Helsinki")


def _sign_in(slug: str) -> str:
    """The session's key of an admin of this organisation."""
    from django.test import Client

    from accounts.models import Membership, Organisation, Role, User

    user = User.objects.create_user(f"{slug}@chorus.example", name="Admin")
    Membership.objects.create(user=user, organisation=Organisation.objects.get(slug=slug), role=Role.ADMIN)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.session.session_key)


def _queries(key: str, path: str) -> int:
    """How often the page asks the database."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    client.get(path)  # a connection that was kept asks first whether it still lives
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)  # noqa: S101
    return len(asked)


class _Server:
    """gunicorn as on a server, with two gthread workers."""

    def __init__(self, own: Ground) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [
            sys.executable, "-m", "gunicorn", "config.wsgi:application", "--worker-class", "gthread", "--workers", "2",
            "--threads", "4", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket",
        ]  # fmt: skip
        self._running = own.running(command, "web")

    def __enter__(self) -> "_Server":
        from bench import hands

        self._running.__enter__()
        hands.wait_for(self._answers, "the server", 60)
        return self

    def __exit__(self, *_error: object) -> None:
        self._running.__exit__(None, None, None)

    def _answers(self) -> bool:
        try:
            self.get("/account/login/", "")
        except OSError:
            return False
        return True

    def get(self, path: str, key: str) -> tuple[int, float, int]:
        """Status, milliseconds, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={key}"})
        answer = connection.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - began) * 1000
        connection.close()
        return answer.status, taken, len(body)


def _page(database: str, server: _Server, name: str, key: str, few: int, options: argparse.Namespace) -> Page:
    """The page and the bare page in turns, so that whatever else the machine does meets both."""
    path, size = PAGES[name], 0
    pages: list[float] = []
    bares: list[float] = []
    for turn in range(options.requests + 5):
        for address, taken in (("/bare/", bares), (path, pages)):
            status, milliseconds, size = server.get(address, key)
            assert status == 200, (address, status)  # noqa: S101
            if turn >= 5:
                taken.append(milliseconds)
    page, bare = statistics.median(pages), statistics.median(bares)
    found = Page(database, name, few, _queries(key, path), size, round(page, 2), round(bare, 2), round(page / bare, 2))
    print(f"{database}: {name}: {found.median} ms, {found.times_bare} times the bare page; {found.queries} queries")
    return found


def _missed(page: Page) -> list[str]:
    found = [] if page.queries == page.queries_few else [f"{page.database}, {page.page}: {page.queries} queries"]
    if page.database == "postgresql" and page.times_bare > BAR:
        found.append(f"{page.database}, {page.page}: {page.times_bare} times the bare page")
    return found


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40, help="requests of each page")
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"])
    parser.add_argument("--json", action="store_true", help="one JSON object on the last line")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
