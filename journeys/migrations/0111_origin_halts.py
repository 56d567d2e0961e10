"""The messages of an origin are paused or stopped; a pause is ended once, and never changed else.
Paused messages have a state of their own, so that no claim walks over them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE FUNCTION journeys_guard_halt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.kind = 'stop' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR (NEW.id, NEW.origin, NEW.kind, NEW.reason, NEW.halted_by_id, NEW.halted_at)
          IS DISTINCT FROM
          (OLD.id, OLD.origin, OLD.kind, OLD.reason, OLD.halted_by_id, OLD.halted_at)
    THEN
        RAISE EXCEPTION 'a halt is only ended, and a stop never: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER originhalt_fixed BEFORE UPDATE OR DELETE ON journeys_originhalt
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_halt();
"""
UNGUARD = """
DROP TRIGGER originhalt_fixed ON journeys_originhalt;
DROP FUNCTION journeys_guard_halt();
"""
STATES = [
    ("queued", "Waiting"), ("held", "Paused"), ("sending", "Being sent"), ("sent", "Sent"),
    ("failed", "Failed"), ("in_doubt", "In doubt"), ("parked", "Set aside"),
    ("cancelled", "Cancelled"),
]  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0110_message_priority"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("message", "message_state_known"),
        migrations.AlterField(
            "message",
            "state",
            models.CharField(
                choices=STATES, default="queued", max_length=10, verbose_name="state"
            ),
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=models.Q(("state__in", [code for code, _words in STATES])),
                name="message_state_known",
            ),
        ),
        migrations.CreateModel(
            name="OriginHalt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=80, verbose_name="origin")),
                ("kind", models.CharField(choices=[("pause", "Paused"), ("stop", "Stopped for good")], max_length=8, verbose_name="kind")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("halted_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("halted_at", models.DateTimeField(verbose_name="halted at")),
                ("ended_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-halted_at", "-id"], name="halt_latest")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("origin",), name="halt_open_once"),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["pause", "stop"])), name="halt_kind_known"),
                    models.CheckConstraint(condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("origin", ""), _negated=True)), name="halt_has_reason"),
                    models.CheckConstraint(condition=models.Q(models.Q(("ended_at", None), ("ended_by", None)), models.Q(("ended_at__gte", models.F("halted_at")), ("ended_by__isnull", False)), _connector="OR"), name="halt_ends_whole"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
