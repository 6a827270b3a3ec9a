"""How gunicorn serves Chorus: `gunicorn --config python:config.gunicorn config.wsgi:application`."""

import tempfile
from pathlib import Path

from django.conf import settings

from config.environment import Environment

_env = Environment()

bind = _env.str("CHORUS_BIND", "127.0.0.1:8000")
workers = _env.int("CHORUS_WEB_WORKERS", 2)
threads = _env.int("CHORUS_WEB_THREADS", 8)
worker_class = "gthread"
timeout = 60  # seconds after which a silent worker is replaced
graceful_timeout = 25  # seconds that open requests get at a stop; less than the container's own grace
keepalive = 5  # seconds
# A worker's sign of life is a file that it touches: on a slow disk that can look like a hung worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()  # noqa: S108 - gunicorn makes its own file there
control_socket_disable = True
logconfig_dict = settings.LOGGING
