from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The index names the whole order in which channels have their turn, so that taking the first one sorts nothing,
    however many are due."""

    dependencies = [("scheduler", "0006_numbers")]

    operations = [
        migrations.AddIndex(
            model_name="channel",
            index=models.Index(
                fields=["next_due", "id"],
                condition=Q(busy_item=None, next_due__isnull=False),
                name="channel_free_in_turn",
            ),
        ),
        migrations.RemoveIndex(model_name="channel", name="channel_free_next_due"),
    ]
