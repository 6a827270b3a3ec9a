"""Rotating the keys that credentials are encrypted with."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import call_command
from django.db import models
from pytest_django import Settings

from accounts.crypto import UnreadableCredentialsError, decrypt, encrypt
from networks.connecting import App
from scheduler.models import AppKey, Channel
from scheduler.services import app_keys, pending
from scheduler.services.rotation import COLUMNS, rotate_keys
from tests import factories
from tests.personas import organisation_of, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored() -> Channel:
    """A channel, an app and a journey, encrypted with today's key."""
    channel = factories.channel(organisation_of("vse"), "bluesky", "api")
    Channel.objects.update(credentials=encrypt({"token": "secret"}))
    app_keys.keep("facebook", App("id", "secret"))
    pending.start(user_of("officer"), channel.organisation, "facebook", "https://x.example", "s", "t", {"v": "kept"})
    return Channel.objects.get()


@pytest.fixture
def new_key(stored: Channel, settings: Settings) -> str:
    """A new key, put in front of the old one after everything was stored."""
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    return settings.ENCRYPTION_KEYS[0]


def test_everything_is_read_by_the_newest_key_alone_afterwards(stored: Channel, new_key: str, settings: Settings):
    assert rotate_keys().changed == 3
    settings.ENCRYPTION_KEYS = [new_key]
    stored.refresh_from_db()
    assert decrypt(stored.credentials) == {"token": "secret"}
    assert app_keys.app_of("facebook") == App("id", "secret")


def test_without_rotation_taking_the_old_key_out_loses_everything(stored: Channel, new_key: str, settings: Settings):
    settings.ENCRYPTION_KEYS = [new_key]
    with pytest.raises(UnreadableCredentialsError):
        decrypt(stored.credentials)


def test_a_second_run_changes_nothing(stored: Channel, new_key: str):
    rotate_keys()
    before = AppKey.objects.get().credentials
    done = rotate_keys()
    assert (done.changed, done.newest, AppKey.objects.get().credentials) == (0, 3, before)


def test_what_no_key_reads_is_named_and_left(stored: Channel, settings: Settings):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("rotate_keys", stdout=StringIO(), stderr=said)
    assert f"Channel {stored.pk}: none of the keys reads it" in said.getvalue()
    assert Channel.objects.get().credentials == stored.credentials


def test_the_command_says_how_many(stored: Channel, new_key: str):
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    assert said.getvalue() == "3 encrypted anew, 0 had the newest key already.\n"


def test_no_encrypted_column_is_forgotten():
    encrypted = {"credentials", "kept", "grants"}
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.TextField) and field.name in encrypted
    }
    assert found == set(COLUMNS)
