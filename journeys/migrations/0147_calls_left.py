"""Calls of messages are found by their message and by turn, not read all; and a call that somebody is
on says that its person is out of the plan."""

from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Mod

_MESSAGE = Cast(
    Func(F("number"), Value(r"^M-([0-9]{1,18})-[0-9a-f]{16}$"), function="substring"),
    models.BigIntegerField(),
)
_IS_OPEN_CALL = Q(number__startswith="M-", state__in=["new", "working"])


class Migration(migrations.Migration):
    dependencies = [("journeys", "0146_days_in_order")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="left_at",
            field=models.DateTimeField(null=True, verbose_name="out of the plan since"),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=Q(left_at=None) | Q(number__startswith="M-"),
                name="lead_left_is_of_message",
            ),
        ),
        migrations.RemoveIndex(model_name="lead", name="lead_free_call"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(_MESSAGE, name="lead_open_call", condition=_IS_OPEN_CALL),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                Mod(_MESSAGE, 60), "call_before", name="lead_call_turn", condition=_IS_OPEN_CALL
            ),
        ),
    ]
