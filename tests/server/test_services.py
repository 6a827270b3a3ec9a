"""The very commands of docker-compose.yml, as processes on PostgreSQL and Redis."""

import os
import re
import sys
from collections.abc import Mapping

import pytest
import requests

from tests.server import compose
from tests.server.installation import HOST, Installation, Service
from tests.wall_process import Wall

pytestmark = pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL and Redis")
SERVICES = ("web", "worker-publish", "worker-rest", "beat")


def get(server: Installation, path: str, **headers: str) -> requests.Response:
    given: Mapping[str, str] = {"Host": HOST, "X-Forwarded-Proto": "https", **headers}
    return requests.get(f"http://127.0.0.1:{server.port}{path}", headers=given, timeout=10, allow_redirects=False)


def answers(server: Installation) -> bool:
    try:
        return get(server, "/healthz").ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def services(server: Installation, wall: Wall) -> dict[str, Service]:
    """Everything that stays up, started as compose would, with a world that is due."""
    server.manage("collectstatic", "--no-input", "--verbosity=0")
    server.run(sys.executable, "-m", "tests.server.world", wall.url, "4", "3")
    started = {name: server.start(name) for name in SERVICES}
    server.wait(lambda: answers(server), 240, "the web answers")
    return started


def test_they_publish_what_is_due_and_say_that_they_are_well(
    server: Installation, services: dict[str, Service], wall: Wall
):
    wall.wait_for_posts(12, 240)
    server.wait(lambda: server.states() == {"published": 12}, 120, "all are down as published")
    assert len({(post["account"], post["text"]) for post in wall.posts()}) == 12
    server.wait(lambda: get(server, "/readyz").ok, 240, "/readyz says that it is ready")
    for name in ("worker-publish", "worker-rest"):
        words = compose.services()[name]["healthcheck"]["test"][1:]
        assert "is well" in server.run(*words, service=name)
    assert "is whole" in server.manage("verify_log")
    _the_web_serves_what_a_server_needs(server)
    _the_logs_tell_it_without_secrets(server, services)


def _the_web_serves_what_a_server_needs(server: Installation) -> None:
    page = get(server, "/account/login/")
    assert (page.status_code, page.headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
    style = next(iter(re.findall(r'href="(/static/[^"]+\.css)"', page.text)))
    assert "max-age=315360000" in get(server, style).headers["Cache-Control"]
    assert get(server, "/metrics").status_code == 401
    token = (server.folder / "secrets" / "metrics_token").read_text().strip()
    told = get(server, "/metrics", Authorization=f"Bearer {token}").text
    assert "chorus_broker_up 1.0" in told
    assert "chorus_attempts_total 12.0" in told
    # The container's own check knows no host name.
    assert requests.get(f"http://127.0.0.1:{server.port}/healthz", timeout=10).ok


def _the_logs_tell_it_without_secrets(server: Installation, services: dict[str, Service]) -> None:
    said = [line for line in services["worker-publish"].lines() if line["logger"] == "chorus.item"]
    published = next(line for line in said if line["message"] == "item:published")
    assert published["task"] == "drain"
    of_one = [line["message"] for line in said if line["item"] == published["item"]]
    assert of_one[0] == "item:claimed"
    assert of_one[-1] == "item:published"
    written = "".join(service.log.read_text() for service in services.values())
    secrets = [path.read_text().strip() for path in (server.folder / "secrets").iterdir()]
    assert [secret for secret in secrets if secret in written] == []


def test_settings_refuse_to_start_a_service_without_its_secrets(server: Installation):
    (server.folder / "secrets" / "secret_key").chmod(0o644)
    (server.folder / "secrets" / "secret_key").write_text("")
    with pytest.raises(AssertionError, match="Set CHORUS_SECRET_KEY"):
        server.manage("check")
