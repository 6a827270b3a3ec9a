"""Takes the README's pictures from a running demo: `python tools/pictures.py http://127.0.0.1:8000 docs/pictures`.

Needs the development tools (`make sync`) and Debian's Chromium.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {"wide": (1440, 900), "phone": (390, 844)}


@dataclass(frozen=True)
class Shot:
    """`login` is the e-mail address of a sample login, empty for nobody."""

    name: str
    login: str
    path: str


SHOTS = [
    Shot("sign-in", "", "/account/login/"),
    Shot("officer-home", "officer@vse.example", "/"),
    Shot("officer-campaign", "officer@vse.example", "/o/vse/campaigns/helpline-week/"),
    Shot("officer-queue", "officer@vse.example", "/o/vse/queue/"),
    Shot("officer-channels", "officer@vse.example", "/o/vse/channels/"),
    Shot("officer-inbox", "officer@vse.example", "/o/vse/inbox/"),
    Shot("officer-links", "officer@vse.example", "/o/vse/campaigns/helpline-week/links/"),
    Shot("officer-targets", "officer@vse.example", "/o/vse/campaigns/helpline-week/targets/"),
    Shot("member-home", "editor@riku.example", "/"),
    Shot("member-translations", "editor@riku.example", "/o/riku/campaigns/helpline-week/translate/"),
    Shot("member-translate", "editor@riku.example", "/o/riku/campaigns/helpline-week/translate/fi/8/"),
    Shot("member-queue", "editor@france-victimes.example", "/o/france-victimes/queue/"),
    Shot("member-schedule", "editor@france-victimes.example", "/o/france-victimes/posts/2/schedule/"),
    Shot("admin-log", "admin@vse.example", "/log/"),
    Shot("admin-story", "admin@vse.example", "/log/items/1/"),
]


def take(browser: Browser, base: str, folder: Path, shot: Shot, size: str, scheme: str) -> None:
    """One picture, and a line that says what the page answered."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    if shot.login:
        page.goto(f"{base}/account/login/")
        page.locator(f'form:has(input[value="{shot.login}"]) button').click()
        page.wait_for_load_state()
    answer = page.goto(base + shot.path)
    name = f"{shot.name}-{size}{'-dark' if scheme == 'dark' else ''}.png"
    page.screenshot(path=folder / name)
    sys.stdout.write(f"{answer.status if answer else '-'} {name}\n")
    context.close()


def main() -> None:
    """Every page, wide and on a phone; the home page in the dark too."""
    base, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    only = sys.argv[3:]
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for shot in SHOTS:
            if only and shot.name not in only:
                continue
            for size in SIZES:
                take(browser, base, folder, shot, size, "light")
            if shot.name == "member-home":
                take(browser, base, folder, shot, "wide", "dark")
        browser.close()


if __name__ == "__main__":
    main()
