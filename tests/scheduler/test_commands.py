"""The commands around publishing and the log."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from scheduler.models import PublishLogEntry
from scheduler.services import log_triggers, sample

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    said = StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


def broken_log() -> str:
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log", stdout=said)
    assert ended.value.code == 1
    return said.getvalue()


def test_a_log_that_is_whole_is_said_to_be():
    sample.load()
    assert run("verify_log") == f"The log of {len(sample.PLANNED)} items is whole.\n"


def test_a_changed_line_is_named_with_its_item():
    sample.load()
    log_triggers.remove()
    entry = PublishLogEntry.objects.order_by("pk")[0]
    PublishLogEntry.objects.filter(pk=entry.pk).update(verb="item:cancelled")
    log_triggers.install()
    assert f"Item {entry.item_id} (Post 2, en, on Victim Support Europe (page)" in broken_log()


def test_a_missing_trigger_is_named():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER publish_log_no_delete" + on_table())
    assert "The trigger publish_log_no_delete is missing" in broken_log()


def on_table() -> str:
    return "" if connection.vendor == "sqlite" else f" ON {log_triggers.TABLE}"


def test_with_nothing_due_publishing_once_handles_nothing():
    assert run("publish_due", "--once") == "0 items handled.\n"


@pytest.mark.django_db(transaction=True)
def test_the_log_can_be_emptied_after_a_test_and_is_guarded_again():
    sample.load()
    call_command("flush", interactive=False, verbosity=0)
    assert not PublishLogEntry.objects.exists()
    assert log_triggers.missing() == []
