"""What waits of an origin that was stopped is cancelled batch by batch; how far that is only goes
on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

GUARD = """
CREATE FUNCTION journeys_guard_calling_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.done_at IS NOT NULL OR NEW.messages < OLD.messages
       OR NEW.calls_after < OLD.calls_after
       OR OLD.calls_after IS NULL AND NEW.calls_after IS NOT NULL
       OR (NEW.id, NEW.origin, NEW.reason, NEW.asked_by_id, NEW.asked_at) IS DISTINCT FROM
          (OLD.id, OLD.origin, OLD.reason, OLD.asked_by_id, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'calling off only goes on: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER callingoff_goes_on BEFORE UPDATE OR DELETE ON journeys_callingoff
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_calling_off();
"""
UNGUARD = """
DROP TRIGGER callingoff_goes_on ON journeys_callingoff;
DROP FUNCTION journeys_guard_calling_off();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0154_call_models"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallingOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=80, verbose_name="origin")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("calls_after", models.BigIntegerField(db_default=0, default=0, null=True)),
                ("messages", models.PositiveIntegerField(db_default=0, default=0)),
                ("done_at", models.DateTimeField(null=True)),
                ("asked_by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=Q(("done_at", None)), fields=("origin",), name="calling_off_open_once"),
                    models.CheckConstraint(condition=Q(Q(("reason", ""), _negated=True), Q(("origin", ""), _negated=True)), name="calling_off_has_reason"),
                    models.CheckConstraint(condition=Q(("done_at", None), Q(("calls_after__isnull", True), ("done_at__gte", F("asked_at"))), _connector="OR"), name="calling_off_done_whole"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
