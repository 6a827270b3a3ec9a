"""All settings, from the environment. With nothing set this is the embedded demo on SQLite."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.celery_settings import *  # noqa: F403 - Celery reads them from here by their prefix
from config.celery_settings import CELERY_BROKER_URL
from config.environment import Environment, fernet_keys, listed
from config.logs import logging_config, redact
from config.version import version

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

VERSION = version(BASE_DIR)
REVISION = env.str("CHORUS_REVISION", "")
PRODUCT_NAME = env.str("CHORUS_NAME", "Chorus")
DEMO = env.bool("CHORUS_DEMO", False)
TESTING = env.bool("CHORUS_TESTING", False)  # set by tests/run.py: a test may use PostgreSQL without a server's secrets
EMBEDDED = "DATABASE_URL" not in env
DATA_DIR = Path(env.str("CHORUS_DATA", str(BASE_DIR / "demo-data")))
WALL_URL = env.str("CHORUS_WALL_URL", "http://127.0.0.1:8001")


ON_A_SERVER = not (EMBEDDED or DEMO or TESTING)


def needed(name: str, what: str, embedded: str) -> str:
    """The variable `name`; `embedded` stands in only for the demo and the tests, never on a server."""
    value: str = env.str(name, "" if ON_A_SERVER else embedded)
    if not value or (ON_A_SERVER and value == embedded):
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE) to {what}: see .env.example.")
    return value


# The two stand-ins are worthless on purpose: they sign and encrypt only a demo's or a test's own data.
SECRET_KEY = needed(
    "CHORUS_SECRET_KEY",
    "a long random text that stays the same, made by tools/make_secrets.py",
    "only-for-the-embedded-demo-and-the-tests-0000000000",
)
ENCRYPTION_KEYS = fernet_keys(
    needed(
        "CHORUS_ENCRYPTION_KEYS",
        "the key that channels' credentials are encrypted with, made by tools/make_secrets.py",
        "ZW1iZWRkZWQtZGVtby1hbmQtdGVzdHMtb25seS0wMDA=",
    )
)
ALLOWED_HOSTS = listed(
    needed(
        "CHORUS_ALLOWED_HOSTS", "the host names people open, with commas between them", "127.0.0.1,localhost,testserver"
    )
)
DEBUG = False
HTTPS = env.bool("CHORUS_HTTPS", ON_A_SERVER)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "accounts",
    "campaign",
    "scheduler",
]
MIDDLEWARE = [
    "config.middleware.alive",
    "config.middleware.traced",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scheduler.context.frame",
            ],
        },
    }
]

# SQLite needs IMMEDIATE: a deferred transaction that turns into a writer fails at once, whatever the timeout.
# synchronous=FULL: an attempt that was committed must survive a power cut, or a post could go out twice.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
}
# Who falls asleep between a statement and its commit loses the transaction (milliseconds). The server keeps the plans
# of statements that come again and again, which halves its work for an item (docs/performance.md).
POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "options": "-c idle_in_transaction_session_timeout=10000 -c lock_timeout=15000 -c timezone=UTC",
    "server_side_binding": True,
    "prepare_threshold": 3,
}
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{DATA_DIR / 'chorus.sqlite3'}")}
if password := env.str("CHORUS_DATABASE_PASSWORD", ""):
    DATABASES["default"]["PASSWORD"] = password  # so that only the password is a secret, not the whole address
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, not memory: the tests start real workers, and those open the same database.
    DATABASES["default"]["TEST"] = {"NAME": env.str("CHORUS_TEST_SQLITE", str(BASE_DIR / ".cache" / "test.sqlite3"))}
else:
    DATABASES["default"]["OPTIONS"] = POSTGRES_OPTIONS
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["TEST"] = {"NAME": env.str("CHORUS_TEST_POSTGRES", "chorus_test")}
SILENCED_SYSTEM_CHECKS = [
    "models.W047",  # SQLite has no index that takes two empty values for the same; PostgreSQL, which servers use, has
    "security.W008",  # the proxy in front sends people to https; the sign-in page explains itself over http
    "security.W005",  # whether the domain's other hosts speak https only is not ours to decide,
    "security.W021",  # nor whether browsers are to be told so for good
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People: sign-in by e-mail, sign-up closed (somebody is invited, nobody walks in).
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_ADAPTER = "accounts.signin.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{PRODUCT_NAME}] "
MFA_ADAPTER = "accounts.signin.EncryptingMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = PRODUCT_NAME
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up; the address is the one that an admin wrote
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fi", "suomi"), ("fr", "français"), ("pt", "português")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("CHORUS_STATIC", str(BASE_DIR / "staticfiles"))) if ON_A_SERVER else None
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
if STATIC_ROOT is None:
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = False
else:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# No page asks another host for anything, and no script or style stands in a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's stylesheet draws its arrows and ticks as data: pictures
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy in front does this; the sign-in page explains a missing cookie
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = listed(env.str("CHORUS_ORIGINS", ""))

EMAIL_CONFIG = env.email_url("CHORUS_EMAIL_URL", "filemail://" if EMBEDDED or DEMO else "consolemail://")
vars().update(EMAIL_CONFIG)
if EMBEDDED or DEMO:
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")  # the demo writes its mails into a folder
DEFAULT_FROM_EMAIL = env.str("CHORUS_MAIL_FROM", "chorus@localhost")
# Where a network is spoken to, if not at its own address: «mastodon=http://127.0.0.1:9001». The local demo says so.
NETWORK_SERVERS = env.dict("CHORUS_NETWORK_SERVERS", default={})
# Servers that a member names (Mastodon, Bluesky) must be on the public internet, except these of the operator's own
# network: names or addresses, with a port or without, which are then taken over plain http too.
INNER_HOSTS = env.list("CHORUS_INNER_HOSTS", default=["127.0.0.1"] if TESTING else [])
PUBLIC_URL = env.str("CHORUS_PUBLIC_URL", "http://127.0.0.1:8000")

# X by its API: off unless the operator says so, who carries what scheduler/services/x_guard.py says about it.
X_API = env.bool("CHORUS_X_API", False)

# Publishing. All in seconds.
PUBLISH_HANDS = env.int("CHORUS_HANDS", 4)  # how many channels may be worked on at once
PUBLISH_LEASE = env.int("CHORUS_LEASE", 90)  # longer than SEND_TIMEOUT with room for a slow commit
PUBLISH_DRAIN = 10  # how long one wake-up goes on claiming
ALIVE_FILE = env.str("CHORUS_ALIVE_FILE", "")  # touched each second by a worker; the demo's supervisor looks at it
SPOOL_DIR = Path(env.str("CHORUS_SPOOL", str(DATA_DIR / "spool")))  # outcomes kept while the database is away
WATCHDOG = env.int("CHORUS_WATCHDOG", 90)  # a worker that took no message for so long, while some wait, ends itself
DEAF_AFTER = 60  # how old the sign of life of publishing may be while something is due
STEP_HOOK = env.str("CHORUS_STEP_HOOK", "")  # the fault tests' dotted path; empty everywhere else

METRICS_TOKEN = env.str("CHORUS_METRICS_TOKEN", "")  # who shows it may read /metrics; empty: nobody
LOGGING = logging_config(
    env.str("CHORUS_LOGS", "json" if ON_A_SERVER else "plain"), env.str("CHORUS_LOG_LEVEL", "INFO")
)
if ON_A_SERVER:  # a demo's worthless stand-ins are no secrets, and its words would be hidden in vain
    passwords = [DATABASES["default"].get("PASSWORD"), EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD")]
    secrets = [SECRET_KEY, *ENCRYPTION_KEYS, METRICS_TOKEN, env.str("DATABASE_URL", "")]
    redact.hide([*secrets, *passwords, urlsplit(CELERY_BROKER_URL).password])
