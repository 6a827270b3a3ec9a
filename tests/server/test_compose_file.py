"""docker-compose.yml: read by the real docker-compose, and the promises that the issue and the docs make about it."""

import subprocess
from pathlib import Path

import pytest

from networks.base import SEND_TIMEOUT
from tests.server import compose

OURS = ("migrate", "web", "worker-publish", "worker-rest", "beat", "wall")
LONG_RUNNING = ("postgres", "redis", "web", "worker-publish", "worker-rest", "beat")


@pytest.fixture(scope="module")
def binary() -> Path:
    try:
        return compose.docker_compose()
    except compose.NotToBeHadError as error:
        pytest.skip(str(error))


def read(binary: Path, text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What docker-compose says of a file; it needs no engine for that."""
    file = folder / "docker-compose.yml"
    file.write_text(text)
    command = [binary, "--file", file, "config", "--quiet"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def seconds(length: str) -> float:
    return float(length.removesuffix("s"))


def test_docker_compose_takes_the_file_without_a_word(binary: Path, tmp_path: Path):
    answer = read(binary, compose.text(), tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_docker_compose_would_refuse_a_wrong_word(binary: Path, tmp_path: Path):
    answer = read(binary, compose.text().replace("depends_on:", "depends_onn:", 1), tmp_path)
    assert answer.returncode != 0


def test_the_services_are_those_of_a_server():
    assert set(compose.services()) == {*OURS, "postgres", "redis"}


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_what_ends_is_started_again(name: str):
    assert compose.services()[name]["restart"] == "always"


@pytest.mark.parametrize("name", ["web", "worker-publish", "worker-rest", "beat"])
def test_nothing_starts_before_the_tables_are_there(name: str):
    service = compose.services()[name]
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_migrating_is_done_once_and_waits_for_the_database():
    migrate = compose.services()["migrate"]
    assert migrate["restart"] == "no"
    assert migrate["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", OURS)
def test_ours_run_without_rights_on_a_file_system_that_is_not_written(name: str):
    service = compose.services()[name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - the container's own
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_does_not_run_as_root():
    lines = (compose.ROOT / "Dockerfile").read_text().splitlines()
    assert lines.index("USER chorus") > max(at for at, line in enumerate(lines) if line.startswith("RUN"))


@pytest.mark.parametrize("name", ["worker-publish", "worker-rest"])
def test_a_worker_gets_longer_to_stop_than_a_send_lasts(name: str):
    assert seconds(compose.services()[name]["stop_grace_period"]) > SEND_TIMEOUT + 30


@pytest.mark.parametrize("name", ["postgres", "redis", "web", "worker-publish", "worker-rest"])
def test_each_server_and_worker_says_whether_it_is_well(name: str):
    assert compose.services()[name]["healthcheck"]["test"][0] == "CMD"


def test_no_secret_stands_in_the_environment():
    given = compose.services()["web"]["environment"]
    for name in ("CHORUS_SECRET_KEY", "CHORUS_ENCRYPTION_KEYS", "CHORUS_DATABASE_PASSWORD", "CHORUS_METRICS_TOKEN"):
        assert name not in given
        assert given[f"{name}_FILE"].startswith("/run/secrets/")


def test_the_makers_of_secrets_and_the_file_agree(tmp_path: Path):
    import yaml

    from tools.make_secrets import make

    assert set(make(tmp_path / "secrets")) == set(yaml.safe_load(compose.text())["secrets"])
    assert make(tmp_path / "secrets") == []


def test_publishing_and_the_rest_are_different_hands():
    assert "--queues=publish" in compose.command_of("worker-publish")
    assert "--queues=rest" in compose.command_of("worker-rest")
