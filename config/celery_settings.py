"""How Celery runs here, each with its reason."""

from config.environment import Environment

_env = Environment()

# REDIS_URL on a server; the demo's supervisor gives CHORUS_BROKER_URL (a private Redis, or a file).
CELERY_BROKER_URL = _env.str("CHORUS_BROKER_URL", _env.str("REDIS_URL", "redis://127.0.0.1:6379/0"))
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {}  # whatever stands here goes to SQLAlchemy's create_engine
    if CELERY_BROKER_URL.startswith("sqla+")
    else {
        "socket_timeout": 15,  # without it a producer waits for ever on a dead broker
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": _env.str("CHORUS_BROKER_PREFIX", "chorus:"),
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # a wake-up that is lost costs a second; one delivered twice costs nothing
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "rest"
CELERY_TASK_ROUTES = {
    "scheduler.tasks.tick": {"queue": "publish"},
    "scheduler.tasks.drain": {"queue": "publish"},
    "scheduler.tasks.beat_publish": {"queue": "publish"},
}
# Any number of beats may run: each task finds out by itself what there is to do. Each wake-up dies young,
# so that a worker that comes back after an hour does not find an hour of them.
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "scheduler.tasks.tick", "schedule": 1.0, "options": {"expires": 3}},
    "reap": {"task": "scheduler.tasks.reap", "schedule": 5.0, "options": {"expires": 10}},
    "look": {"task": "scheduler.tasks.look", "schedule": 5.0, "options": {"expires": 10}},
    "send_mail": {"task": "scheduler.tasks.send_mail", "schedule": 5.0, "options": {"expires": 10}},
    "sweep": {"task": "scheduler.tasks.sweep", "schedule": 20.0, "options": {"expires": 40}},
    "refresh_credentials": {
        "task": "scheduler.tasks.refresh_credentials",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "read_numbers": {"task": "scheduler.tasks.read_numbers", "schedule": 60.0, "options": {"expires": 50}},
    "beat_publish": {"task": "scheduler.tasks.beat_publish", "schedule": 10.0, "options": {"expires": 15}},
    "beat_rest": {"task": "scheduler.tasks.beat_rest", "schedule": 10.0, "options": {"expires": 15}},
}
# A worker that is told to stop finishes what its hands hold (Celery's warm shutdown, which SIGTERM asks for); nothing is
# ever given back to the broker, because a message is only a wake-up. So no soft shutdown and no REMAP_SIGTERM here.
CELERY_BEAT_SCHEDULE_FILENAME = _env.str("CHORUS_BEAT_FILE", "/tmp/chorus-beat")  # noqa: S108 - only last-run times
