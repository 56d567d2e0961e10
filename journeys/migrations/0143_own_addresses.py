"""Own addresses of staff to which wordings are sent as tests: confirmed by a code, and sealed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHANNELS = [
    ("sms", "SMS"), ("email", "E-mail"), ("phone", "Telephone"), ("push", "Push message"),
    ("on_site", "Message in mobile bank"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0142_texts_are_approved"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(choices=CHANNELS, max_length=8, verbose_name="channel")),
                ("address_sealed", models.BinaryField(null=True)),
                ("address_masked", models.CharField(max_length=60, verbose_name="to")),
                ("code_hash", models.BinaryField(max_length=16)),
                ("code_sent_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                ("ended_at", models.DateTimeField(null=True)),
                ("staff", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["staff", "code_sent_at"], name="own_address_codes")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("staff", "channel"), name="own_address_once"),
                    models.CheckConstraint(condition=models.Q(("channel__in", ["sms", "push"])), name="own_address_by_sms_or_push"),
                    models.CheckConstraint(condition=models.Q(models.Q(("address_sealed__isnull", False), ("ended_at", None)), models.Q(("address_sealed", None), ("ended_at__isnull", False)), _connector="OR"), name="own_address_held_until_its_end"),
                ],
            },
        ),
    ]
