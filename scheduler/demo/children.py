"""What the demo starts, and the environment that all of it shares."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from scheduler.demo import local
from scheduler.demo.broker import Broker
from scheduler.demo.folder import Folder, encryption_key, signing_key
from scheduler.demo.ports import HOST
from scheduler.demo.process import Spec

HANDS = 4  # channels that are worked on at once


@dataclass(frozen=True)
class Options:
    """What a person chose on the command line."""

    port: int
    wall_port: int
    data: Path
    reset: bool = False
    broker: str = "auto"
    end_with_parent: bool = False
    networks: str = ""
    local_port: int = 8010

    @property
    def app(self) -> str:
        """The app's address."""
        return f"http://{HOST}:{self.port}"

    @property
    def wall(self) -> str:
        """The wall's address."""
        return f"http://{HOST}:{self.wall_port}"


def environment(options: Options, folder: Folder, broker: Broker) -> dict[str, str]:
    """What every child is told. What the person has set, wins; without DATABASE_URL it is SQLite in the folder."""
    wishes = {
        "CHORUS_SECRET_KEY": folder.secret("signing-key", signing_key),
        "CHORUS_ENCRYPTION_KEYS": folder.secret("encryption-key", encryption_key),
        "CHORUS_ALLOWED_HOSTS": f"{HOST},localhost",
        "CHORUS_PUBLIC_URL": options.app,
        "CHORUS_HANDS": str(HANDS),
    }
    fixed = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CHORUS_DEMO": "1",
        "CHORUS_DATA": str(folder.path),
        "CHORUS_WALL_URL": options.wall,
        "CHORUS_BROKER_URL": broker.url,
        "CHORUS_BEAT_FILE": str(folder.run / "beat"),
        "PYTHONUNBUFFERED": "1",
        **_local_servers(options),
    }
    return {name: os.environ.get(name) or value for name, value in wishes.items()} | fixed


def _local_servers(options: Options) -> dict[str, str]:
    """With NETWORKS=local: where each network is spoken to, and that this machine may be."""
    if options.networks != "local":
        return {}
    servers = ",".join(f"{slug}={address}" for slug, address in local.addresses(options.local_port).items())
    return {
        "CHORUS_NETWORK_SERVERS": servers,
        "CHORUS_INNER_HOSTS": HOST,
        "CHORUS_LOCAL_NETWORKS": "1",
        "CHORUS_X_API": "1",  # nothing here costs money or reaches anybody
    }


def preparation(shared: dict[str, str]) -> Spec:
    """Tables and the sample campaign, before anything else starts."""
    return Spec("preparation", (sys.executable, "-m", "scheduler.demo.prepare"), shared)


def children(options: Options, folder: Folder, shared: dict[str, str]) -> list[Spec]:
    """Local networks, wall, web, worker and beat, in the order in which they are started."""
    alive = folder.run / "worker.alive"
    python = sys.executable
    celery = (python, "-m", "celery", "-A", "config")
    worker = ("worker", "-P", "threads", "-c", str(HANDS), "-Q", "publish,rest", "--without-gossip", "--without-mingle")
    web = ("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "5")
    # The demo's wall can be told to do wrong, on its own page: a rehearsal of what people settle.
    wall = ("--data", str(folder.path / "wall"), "--port", str(options.wall_port), "--faults")
    listen = ("--bind", f"{HOST}:{options.port}", "--no-control-socket")
    networks = ("-m", local.MODULE, "--port", str(options.local_port))
    more = [Spec("networks", (python, *networks), shared, ends_last=True)] if options.networks == "local" else []
    return [
        *more,
        Spec("wall", (python, "-m", "networks.wall", *wall), shared, ends_last=True),
        Spec("web", (python, "-m", "gunicorn", "config.wsgi:application", *web, *listen), shared),
        Spec("worker", (*celery, *worker), shared | {"CHORUS_ALIVE_FILE": str(alive)}, alive_file=alive),
        Spec("beat", (*celery, "beat"), shared),
    ]
