"""Scripts of calls: versions with variants, approved by another person, replaced or withdrawn and
never changed; and which of them were on the screen of which call."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

STAGES = [
    ("opening", "Opening"), ("needs", "What the person needs"), ("offer", "The offer"),
    ("objection", "Objections"), ("closing", "Closing"),
]  # fmt: skip
SEGMENTS = [
    ("customer", "Customers of ours"), ("person", "Persons who are no customers yet"),
    ("company", "Companies"),
]  # fmt: skip
MOODS = [
    ("friendly", "Friendly"), ("hurried", "In a hurry"), ("doubtful", "Doubtful"),
    ("angry", "Angry"),
]  # fmt: skip
STATES = [
    ("proposed", "Waits for approval"), ("approved", "Approved"), ("refused", "Not approved"),
    ("replaced", "Replaced by a newer one"), ("withdrawn", "Withdrawn"),
]  # fmt: skip
STAFF = {
    "on_delete": django.db.models.deletion.PROTECT, "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}  # fmt: skip
SLOT = ("product", "stage", "segment", "mood")
GUARDS = """
CREATE FUNCTION journeys_call_script_variants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    codes text[];
    whole int;
BEGIN
    IF jsonb_typeof(NEW.variants) = 'array' THEN
        SELECT array_agg(one ->> 'code' ORDER BY one ->> 'code'),
               sum(CASE WHEN (one ->> 'share')::int BETWEEN 1 AND 100
                         AND length(one ->> 'body') BETWEEN 1 AND 1000
                         AND length(one ->> 'body_en') BETWEEN 1 AND 1000
                   THEN (one ->> 'share')::int ELSE -1000 END)
          INTO codes, whole FROM jsonb_array_elements(NEW.variants) AS one;
    END IF;
    IF whole IS DISTINCT FROM 100
       OR codes IS NULL OR codes NOT IN (ARRAY['a'], ARRAY['a', 'b'], ARRAY['a', 'b', 'c']) THEN
        RAISE EXCEPTION 'one to three variants, whose shares add up to 100' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'call_script_variants_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER call_script_variants AFTER INSERT ON journeys_callscript
    FOR EACH ROW EXECUTE FUNCTION journeys_call_script_variants();
CREATE FUNCTION journeys_call_script_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM portal_submission AS asked
    JOIN portal_submissiondecision AS decided
      ON decided.submission_id = asked.id AND decided.verdict = 'approve'
    WHERE asked.kind = 'call_script' AND asked.target_key = NEW.id::text
      AND asked.state = 'approved' AND asked.maker_id = NEW.proposed_by_id
      AND decided.checker_id = NEW.settled_by_id
    FOR SHARE OF asked;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody approved script %', NEW.id USING
            ERRCODE = 'check_violation', CONSTRAINT = 'call_script_is_approved';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER call_script_is_approved AFTER INSERT OR UPDATE ON journeys_callscript
    FOR EACH ROW WHEN (NEW.state = 'approved')
    EXECUTE FUNCTION journeys_call_script_is_approved();
CREATE FUNCTION journeys_call_script_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decision text[] := ARRAY['state', 'settled_by_id', 'settled_at'];
    ending text[] := ARRAY['state', 'withdrawn_by_id', 'withdrawn_at', 'withdrawn_why'];
BEGIN
    IF TG_OP = 'UPDATE' AND (
        OLD.state = 'proposed' AND NEW.state IN ('approved', 'refused')
        AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision
        OR OLD.state = 'approved' AND NEW.state IN ('replaced', 'withdrawn')
        AND to_jsonb(NEW) - ending = to_jsonb(OLD) - ending
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a script is replaced or withdrawn, not changed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'call_script_stays';
END $$;
CREATE TRIGGER call_script_stays BEFORE UPDATE OR DELETE ON journeys_callscript
    FOR EACH ROW EXECUTE FUNCTION journeys_call_script_stays();
CREATE TRIGGER scriptuse_fixed BEFORE UPDATE OR DELETE ON journeys_scriptuse
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER scriptuse_fixed ON journeys_scriptuse;
DROP TRIGGER call_script_stays ON journeys_callscript;
DROP FUNCTION journeys_call_script_stays();
DROP TRIGGER call_script_is_approved ON journeys_callscript;
DROP FUNCTION journeys_call_script_is_approved();
DROP TRIGGER call_script_variants ON journeys_callscript;
DROP FUNCTION journeys_call_script_variants();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0157_lead_dials"),
        ("portal", "0019_parts_of_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CallScript",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(choices=STAGES, max_length=9, verbose_name="part of the call")),
                ("segment", models.CharField(blank=True, choices=SEGMENTS, default="", max_length=8, verbose_name="for whom")),
                ("mood", models.CharField(blank=True, choices=MOODS, default="", max_length=8, verbose_name="in which mood")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("variants", models.JSONField()),
                ("evidence", models.CharField(blank=True, default="", max_length=300, verbose_name="evidence")),
                ("state", models.CharField(choices=STATES, default="proposed", max_length=9, verbose_name="state")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                ("withdrawn_why", models.CharField(blank=True, default="", max_length=200, verbose_name="why it was withdrawn")),
                ("product", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="scripts", to="journeys.cardproduct")),
                ("proposed_by", models.ForeignKey(**STAFF)),
                ("settled_by", models.ForeignKey(null=True, **STAFF)),
                ("withdrawn_by", models.ForeignKey(null=True, **STAFF)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(stage__in=[code for code, _name in STAGES])
                        & Q(segment__in=["", *(code for code, _name in SEGMENTS)])
                        & Q(mood__in=["", *(code for code, _name in MOODS)]),
                        name="call_script_place_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="proposed", settled_by=None, settled_at=None)
                        | Q(state="refused", settled_at__isnull=False)
                        | Q(state__in=["approved", "replaced", "withdrawn"])
                        & Q(settled_by__isnull=False, settled_at__isnull=False)
                        & ~Q(settled_by=F("proposed_by")),
                        name="call_script_settled",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="withdrawn")
                        & Q(withdrawn_by=None, withdrawn_at=None, withdrawn_why="")
                        | Q(state="withdrawn", withdrawn_by__isnull=False)
                        & Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                        name="call_script_withdrawn_whole",
                    ),
                    models.UniqueConstraint(fields=(*SLOT, "number"), name="call_script_number_once", nulls_distinct=False),
                    models.UniqueConstraint(condition=Q(state="proposed"), fields=SLOT, name="call_script_one_proposed", nulls_distinct=False),
                    models.UniqueConstraint(condition=Q(state="approved"), fields=SLOT, name="call_script_one_approved", nulls_distinct=False),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScriptUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("hold", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="script_uses", to="journeys.leadhold")),
                ("script", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="journeys.callscript")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("hold", "script"), name="script_use_once"),
                    models.CheckConstraint(condition=Q(variant__in=["a", "b", "c"]), name="script_use_variant_known"),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
