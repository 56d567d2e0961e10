"""Messages have a priority; what is due next is found by channel in the order of it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("journeys", "0106_referral_withdrawal_guards")]

    operations = [
        migrations.AddField(
            "message",
            "priority",
            models.PositiveSmallIntegerField(default=50, db_default=50, verbose_name="priority"),
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=models.Q(("priority__lt", 100)), name="message_priority_in_range"
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("state", "queued")),
                fields=["channel", "priority", "not_before", "id"],
                name="message_next",
            ),
        ),
        migrations.RemoveIndex("message", "message_due"),
    ]
