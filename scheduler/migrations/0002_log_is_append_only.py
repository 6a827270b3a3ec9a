"""The publish log refuses UPDATE, DELETE, REPLACE and TRUNCATE in the database itself."""

from django.db import migrations

from scheduler.services import log_triggers


def install(apps, schema_editor):
    log_triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    log_triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
