"""The numbers of leads in hand are shown or handed over to be dialled: counted, within a limit that
compliance sets beside that of reveals, and for the one who has the lead alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

GUARDS = """
CREATE FUNCTION journeys_lead_dial_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told text[] := ARRAY['taken_at', 'reference', 'began_at', 'ended_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.on_date IS DISTINCT FROM (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
           OR NEW.allowed IS DISTINCT FROM (
               SELECT dials_per_day FROM journeys_revealrule
               WHERE effective_date <= NEW.on_date ORDER BY effective_date DESC LIMIT 1) THEN
            RAISE EXCEPTION 'the limit of that day is another one' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'lead_dial_within_rule';
        END IF;
        PERFORM FROM journeys_leadhold
        WHERE id = NEW.hold_id AND holder_id = NEW.asked_by_id AND ended_at IS NULL
          AND taken_at <= NEW.at
        FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody dials a lead that is not in hand' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'lead_dial_of_lead_in_hand';
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - told = to_jsonb(OLD) - told
       AND (OLD.taken_at IS NULL OR NEW.taken_at = OLD.taken_at)
       AND (OLD.reference = '' OR NEW.reference = OLD.reference)
       AND (OLD.began_at IS NULL OR NEW.began_at = OLD.began_at)
       AND (OLD.ended_at IS NULL OR NEW.ended_at = OLD.ended_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was dialled stays: % refused', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'lead_dial_stays';
END $$;
CREATE TRIGGER lead_dial_in_hand AFTER INSERT ON journeys_leaddial
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_dial_guard();
CREATE TRIGGER lead_dial_stays BEFORE UPDATE OR DELETE ON journeys_leaddial
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_dial_guard();
"""
NO_GUARDS = """
DROP TRIGGER lead_dial_stays ON journeys_leaddial;
DROP TRIGGER lead_dial_in_hand ON journeys_leaddial;
DROP FUNCTION journeys_lead_dial_guard();
"""
WAYS = [("shown", "Shown to the caller"), ("system", "Handed to the telephone system")]


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0156_product_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="revealrule",
            name="dials_per_day",
            field=models.PositiveSmallIntegerField(
                db_default=300, default=300,
                help_text="With 0 no number of a lead is shown to be dialled.",
                verbose_name="numbers of leads to dial, per person and day",
            ),
        ),
        migrations.CreateModel(
            name="LeadDial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("on_date", models.DateField()),
                ("number_of_day", models.PositiveSmallIntegerField()),
                ("allowed", models.PositiveSmallIntegerField()),
                ("way", models.CharField(choices=WAYS, max_length=6)),
                ("taken_at", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, default="", max_length=60)),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("asked_by", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("hold", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="dials", to="journeys.leadhold")),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(way="system", taken_at=None), fields=["at"], name="lead_dial_waits"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("asked_by", "on_date", "number_of_day"), name="lead_dial_number_once"),
                    models.CheckConstraint(condition=Q(number_of_day__gte=1, number_of_day__lte=F("allowed")), name="lead_dial_within_limit"),
                    models.CheckConstraint(condition=Q(way__in=[code for code, _name in WAYS]), name="lead_dial_way_known"),
                    models.CheckConstraint(
                        condition=Q(taken_at=None)
                        | Q(taken_at__isnull=False, taken_at__gte=F("at"), way="system"),
                        name="lead_dial_taken_by_system",
                    ),
                    models.CheckConstraint(
                        condition=Q(began_at=None, ended_at=None)
                        | Q(began_at__isnull=False, began_at__gte=F("at"), ended_at=None)
                        | Q(began_at__isnull=False, began_at__gte=F("at"))
                        & Q(ended_at__isnull=False, ended_at__gte=F("began_at")),
                        name="lead_dial_in_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
