"""Takes the pictures of the status page in docs/operations.md, in good and in bad times, from a real installation:

    DATABASE_URL=postgres://… REDIS_URL=redis://… python -m tools.status_pictures docs/pictures

It starts the services of docker-compose.yml as the tests do, with the sample campaign and a wall, on a database of its
own that is dropped afterwards. For the bad times it tells the wall to do wrong and the publishing worker to stop; what
the page then says is what Chorus found out. `--all FOLDER` takes them on a phone and in the dark as well, for a look.
"""

import sys
import tempfile
import time
from pathlib import Path

import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests.server.installation import Installation, Service, installation
from tests.wall_process import Wall, start_wall
from tools.pictures import CHROMIUM, OPTIONS, SIZES

EMAIL = "operator@vse.example"
HOST = {"CHORUS_ALLOWED_HOSTS": "127.0.0.1", "CHORUS_HTTPS": "false"}


def say(sentence: str) -> None:
    """For the person who waits."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def begin(server: Installation, wall: Wall) -> tuple[str, dict[str, Service]]:
    """The sample campaign, an operator, and every service; returns the operator's password and the services."""
    places = HOST | {"CHORUS_WALL_URL": wall.url, "CHORUS_PUBLIC_URL": f"http://127.0.0.1:{server.port}"}
    server.manage("load_sample", **places)
    password = server.manage("create_admin", EMAIL, **places).split()[-1]
    server.manage("collectstatic", "--no-input", "--verbosity=0")
    names = ("web", "worker-publish", "worker-rest", "beat")
    return password, {name: server.start(name, **places) for name in names}


def readiness(server: Installation) -> list[str]:
    """The codes of what keeps it from being ready; «web» while nothing answers."""
    try:
        told = requests.get(f"http://127.0.0.1:{server.port}/readyz", timeout=10).json()
    except requests.RequestException:
        return ["web"]
    return [reason["code"] for reason in told["reasons"]]


def go_wrong(server: Installation, wall: Wall, services: dict[str, Service]) -> None:
    """The network refuses, forgets a token, breaks off after accepting; then nobody publishes what is due."""
    for kind in ("refuse", "token", "half", "drop_after"):
        wall.fault(kind)
    server.run(sys.executable, "-m", "tests.server.world", wall.url, "6", "1", service="worker-rest")
    server.wait(
        lambda: not server.ask("SELECT 1 FROM scheduler_channel WHERE next_due < now()"), 90, "the hands are done"
    )
    services["worker-publish"].stop()
    server.run(sys.executable, "-m", "tests.server.world", wall.url, "3", "2", service="worker-rest")
    server.wait(lambda: {"publish-silent", "overdue"} <= set(readiness(server)), 180, "the alarms are raised")


def sign_in(page: Page, base: str, password: str) -> None:
    """By the form, as an operator would."""
    page.goto(f"{base}/account/login/")
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]:has-text('Sign in')")
    page.wait_for_load_state()


def take(
    browser: Browser, server: Installation, password: str, path: Path, size: str, scheme: str, page_of: str = "/status/"
) -> None:
    """One picture of the whole page."""
    width, start = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": start}, color_scheme=scheme)
    page, base = context.new_page(), f"http://127.0.0.1:{server.port}"
    sign_in(page, base, password)
    page.goto(base + page_of)
    page.wait_for_selector("main")
    # The frame is as high as the window: a window that holds the whole page shows it as it is on a large screen.
    height = int(page.evaluate("Math.ceil(document.documentElement.scrollHeight)"))
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=path)
    say(str(path))
    context.close()


def pictures(server: Installation, password: str, name: str, folder: Path, more: Path | None) -> None:
    """The one for the docs and, where asked, the others."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        take(browser, server, password, folder / f"status-{name}.png", "wide", "light")
        if more:
            for size, scheme in (("wide", "dark"), ("phone", "light"), ("phone", "dark")):
                take(browser, server, password, more / f"status-{name}-{size}-{scheme}.png", size, scheme)
        browser.close()


def restored(server: Installation, password: str, folder: Path) -> None:
    """The page on which restored posts are released, as after a failover that forgot something."""
    server.manage("mark_restored", **HOST)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for size in SIZES:
            take(browser, server, password, folder / f"restored-{size}.png", size, "light", "/status/restored/")
        browser.close()


def main() -> None:
    """Good times first."""
    folder = Path(sys.argv[1])
    more = Path(sys.argv[3]) if sys.argv[2:3] == ["--all"] else None
    for path in (folder, *([more] if more else [])):
        path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, installation(Path(place)) as server:
        wall = start_wall(Path(place) / "wall", faults=True)
        try:
            password, services = begin(server, wall)
            server.wait(lambda: not readiness(server), 120, "it is ready")
            time.sleep(5)  # the first signs of life have come round, and the page has something to show
            pictures(server, password, "good", folder, more)
            go_wrong(server, wall, services)
            pictures(server, password, "bad", folder, more)
            if more:
                restored(server, password, more)
        finally:
            wall.stop()


if __name__ == "__main__":
    main()
