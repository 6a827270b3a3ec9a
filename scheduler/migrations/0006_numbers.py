from django.db import migrations, models
from django.db.models import CASCADE, Q


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0005_x_guards")]

    operations = [
        migrations.CreateModel(
            name="SegmentNumbers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("likes", models.PositiveBigIntegerField(blank=True, null=True)),
                ("shares", models.PositiveBigIntegerField(blank=True, null=True)),
                ("replies", models.PositiveBigIntegerField(blank=True, null=True)),
                ("views", models.PositiveBigIntegerField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("next_read_at", models.DateTimeField(blank=True, null=True)),
                ("code", models.CharField(blank=True, max_length=80)),
                (
                    "segment",
                    models.OneToOneField(on_delete=CASCADE, related_name="numbers", to="scheduler.segment"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["next_read_at"], condition=Q(next_read_at__isnull=False), name="numbers_next_reading"
                    )
                ]
            },
        ),
        migrations.AddIndex(
            model_name="segment",
            index=models.Index(
                fields=["published_at"], condition=Q(published_at__isnull=False), name="segment_published_at"
            ),
        ),
    ]
