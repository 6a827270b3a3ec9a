"""Backup and restore: everything comes back as it was, and nothing goes out before an admin has looked."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.actors import CHORUS
from accounts.crypto import decrypt, encrypt
from accounts.models import Organisation, OutboxMail, User
from accounts.services import outbox
from campaign.models import Visual
from scheduler import clock
from scheduler.models import Channel, PublishAttempt, PublishLogEntry, ScheduledItem, Segment
from scheduler.services import backup, claim, log, log_triggers, restore, restored, transition
from scheduler.services.publish import drain
from scheduler.services.reap import reap
from scheduler.services.schedule import Wish, schedule
from scheduler.states import HoldReason, State
from tests import factories
from tests.factories import World
from tests.scheduler.core.steps import make_due
from tests.server.compose import ROOT
from tests.server.installation import database as server_database
from tests.wall_process import Wall, start_wall

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def wall_of_the_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    started = start_wall(tmp_path_factory.mktemp("wall"))
    yield started
    started.stop()


@pytest.fixture
def world(wall_of_the_module: Wall) -> World:
    """A campaign with a picture, and a channel on the wall."""
    made = factories.make_world(base_url=wall_of_the_module.url)
    factories.picture(made.post)
    return made


def plan(world: World, channel: Channel | None = None) -> ScheduledItem:
    """The post on a channel (a new one if none is given), in an hour."""
    channel = channel or factories.channel(world.organisation, base_url=world.channel.base_url)
    wall_time = (clock.now() + timedelta(hours=1)).astimezone(world.organisation.zone)
    return schedule(Wish(world.post, channel, "en", wall_time.replace(tzinfo=None)), CHORUS)


def move(item: ScheduledItem, to: State, verb: str, **columns: object) -> None:
    with transition.locked(item.pk) as locked:
        transition.move(locked, to, verb, **columns)


def there_and_back(path: Path, settings: Settings, tmp_path: Path) -> restore.Summary:
    """Writes a backup, empties the installation, and restores it into an empty folder."""
    backup.write(path)
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "media-of-the-new-one"
    return restore.read(path)


def test_every_row_and_every_file_comes_back_as_it_was(world: World, settings: Settings, tmp_path: Path):
    published = plan(world)
    make_due(published)
    drain(20)
    outbox.post("key", "person@chorus.example", "Subject", "Body", clock.now())
    lines = list(PublishLogEntry.objects.order_by("pk").values())
    users, visual = list(User.objects.order_by("pk").values()), Visual.objects.get()
    content = visual.file.read()
    done = there_and_back(tmp_path / "b.zip", settings, tmp_path)
    assert done.files == 1
    assert list(PublishLogEntry.objects.filter(pk__lte=lines[-1]["id"]).order_by("pk").values()) == lines
    assert list(User.objects.order_by("pk").values()) == users
    assert Visual.objects.get().file.read() == content
    assert decrypt(Channel.objects.get(pk=published.channel_id).credentials)["token"] == "only-for-tests"
    assert OutboxMail.objects.get().key == "key"
    assert ScheduledItem.objects.get(pk=published.pk).state == State.PUBLISHED


def test_the_log_verifies_and_is_guarded_after_a_restore(world: World, settings: Settings, tmp_path: Path):
    plan(world)
    there_and_back(tmp_path / "b.zip", settings, tmp_path)
    assert (log.verify(), log_triggers.missing()) == ([], [])


def test_new_rows_get_new_numbers_after_a_restore(world: World, settings: Settings, tmp_path: Path):
    newest = Organisation.objects.order_by("-pk").values_list("pk", flat=True)[0]
    there_and_back(tmp_path / "b.zip", settings, tmp_path)
    assert factories.organisation(slug="afterwards").pk > newest


def test_what_is_not_out_is_held_after_a_restore(world: World, settings: Settings, tmp_path: Path):
    scheduled, waiting = plan(world), plan(world)
    held, claimed = plan(world), plan(world)
    with transition.locked(waiting.pk) as item:
        transition.move(item, State.PUBLISHING, "item:claimed", lease_until=clock.now())
    move(waiting, State.WAITING, "item:waiting")
    move(held, State.HELD, "item:held", hold_reason=HoldReason.LINK_EMPTY)
    make_due(claimed)
    assert claim.claim_next()
    there_and_back(tmp_path / "b.zip", settings, tmp_path)
    states = dict(ScheduledItem.objects.values_list("pk", "state"))
    assert states == dict.fromkeys([scheduled.pk, waiting.pk, held.pk, claimed.pk], State.HELD)
    assert set(ScheduledItem.objects.values_list("hold_reason", "is_restored")) == {(HoldReason.RESTORED, True)}
    assert not Channel.objects.filter(busy_item__isnull=False).exists()


def test_what_was_being_sent_is_looked_for_and_not_sent_again(world: World, settings: Settings, tmp_path: Path):
    item = plan(world)
    sending = {"sending_at": clock.now(), "lease_until": clock.now()}
    segment = Segment.objects.create(item=item, position=0, text="116 006", frozen_at=clock.now())
    PublishAttempt.objects.create(
        segment=segment, fence=1, host="h", boot_id="b", pid=1, started="1", sent_at=clock.now()
    )
    move(item, State.PUBLISHING, "item:claimed", fence=1, **sending)
    there_and_back(tmp_path / "b.zip", settings, tmp_path)
    item.refresh_from_db()
    assert (item.state, item.is_restored) == (State.UNCERTAIN, True)


def test_a_failed_item_cannot_be_sent_before_somebody_looked(world: World, settings: Settings, tmp_path: Path):
    item = plan(world)
    move(item, State.PUBLISHING, "item:claimed", lease_until=clock.now())
    move(item, State.FAILED, "item:failed")
    there_and_back(tmp_path / "b.zip", settings, tmp_path)
    item.refresh_from_db()
    assert (item.state, item.is_restored) == (State.FAILED, True)


def test_nothing_goes_out_by_itself_after_a_restore(
    world: World, settings: Settings, tmp_path: Path, wall_of_the_module: Wall
):
    before = len(wall_of_the_module.posts())
    item = plan(world)
    make_due(item)
    there_and_back(tmp_path / "b.zip", settings, tmp_path)
    drain(10)
    reap()
    assert len(wall_of_the_module.posts()) == before
    restored.release([item.pk], CHORUS)
    drain(10)
    item.refresh_from_db()
    assert item.state == State.PUBLISHED
    assert len(wall_of_the_module.posts()) == before + 1
    assert log.verify() == []


def test_an_item_whose_time_is_over_is_missed_when_it_is_released(world: World, settings: Settings, tmp_path: Path):
    item = plan(world)
    there_and_back(tmp_path / "b.zip", settings, tmp_path)
    make_due(item, clock.now() - timedelta(days=3))
    restored.release([item.pk], CHORUS)
    drain(10)
    item.refresh_from_db()
    assert item.state == State.MISSED


def test_an_installation_that_is_not_empty_is_left_alone(world: World, tmp_path: Path):
    backup.write(tmp_path / "b.zip")
    with pytest.raises(restore.RestoreError, match="not empty"):
        restore.read(tmp_path / "b.zip")


def test_a_backup_does_not_overwrite_one(world: World, tmp_path: Path):
    (tmp_path / "b.zip").write_text("an older one")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "an older one"


def test_the_keys_are_named_and_not_included(world: World, settings: Settings, tmp_path: Path):
    backup.write(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert backup.fingerprints()[0].encode() in archive.read("manifest.json")
    assert not any(key.encode() in everything for key in [*settings.ENCRYPTION_KEYS, settings.SECRET_KEY])
    assert b"only-for-tests" not in everything
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0


def test_without_the_right_keys_it_says_which_to_bring(world: World, settings: Settings, tmp_path: Path):
    Channel.objects.update(credentials=encrypt({"token": "t"}))
    old = backup.fingerprints()[0]
    backup.write(tmp_path / "b.zip")
    call_command("flush", interactive=False, verbosity=0)
    settings.ENCRYPTION_KEYS = ["YW5vdGhlci1rZXktb2YtdGhpcnR5LXR3by1ieXRlcy0="]
    settings.MEDIA_ROOT = tmp_path / "new"
    with pytest.raises(CommandError, match=old):
        call_command("restore", tmp_path / "b.zip")
    assert not Organisation.objects.exists()


def test_a_damaged_backup_restores_nothing(world: World, settings: Settings, tmp_path: Path):
    plan(world)
    backup.write(tmp_path / "whole.zip")
    with zipfile.ZipFile(tmp_path / "whole.zip") as whole, zipfile.ZipFile(tmp_path / "b.zip", "w") as damaged:
        for name in whole.namelist():
            content = whole.read(name)
            is_log = "publishlogentry" in name
            damaged.writestr(name, content.replace(b"item:scheduled", b"item:cancelled") if is_log else content)
    call_command("flush", interactive=False, verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "new"
    with pytest.raises(restore.RestoreError, match="does not verify"):
        restore.read(tmp_path / "b.zip")
    assert not Organisation.objects.exists()
    assert not (tmp_path / "new").exists()


@pytest.fixture
def empty_postgresql() -> Iterator[str]:
    """The address of an empty database of its own."""
    with server_database(f"chorus_restored_{os.getpid()}") as address:
        yield address


def manage(database: str, data: Path, *words: str) -> str:
    """A command of another installation."""
    given = {"DATABASE_URL": database, "CHORUS_TESTING": "1", "CHORUS_DATA": str(data)}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def into_another(database: str, world: World, tmp_path: Path) -> None:
    plan(world)
    call_command("backup", tmp_path / "b.zip")
    data = tmp_path / "other"
    manage(database, data, "migrate", "--verbosity=0")
    said = manage(database, data, "restore", str(tmp_path / "b.zip"))
    assert "1 post waits for an admin" in said
    assert "is whole" in manage(database, data, "verify_log")
    assert list((data / "media").rglob("*.png"))


def test_the_commands_bring_it_into_an_empty_sqlite(world: World, tmp_path: Path):
    into_another(f"sqlite:///{tmp_path / 'other.sqlite3'}", world, tmp_path)


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="needs PostgreSQL")
def test_the_commands_bring_it_into_an_empty_postgresql(world: World, tmp_path: Path, empty_postgresql: str):
    into_another(empty_postgresql, world, tmp_path)
