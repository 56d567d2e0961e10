"""What the own cards have against those of rivals: facts with their source and end, approved by
another person, replaced or withdrawn and never changed."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

ASPECTS = [
    ("annual_fee", "Annual fee"), ("free_days", "Days without interest"),
    ("points", "Points and cash back"), ("instalments", "Instalments"), ("cash", "Cash advances"),
    ("abroad", "Payments abroad"), ("travel", "Travel and lounges"), ("cover", "Insurance"),
    ("service", "Service"), ("other", "Something else"),
]  # fmt: skip
STATES = [
    ("proposed", "Waits for approval"), ("approved", "Approved"), ("refused", "Not approved"),
    ("replaced", "Replaced by a newer one"), ("withdrawn", "Withdrawn"),
]  # fmt: skip
STAFF = {
    "on_delete": django.db.models.deletion.PROTECT, "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}  # fmt: skip
SLOT = ("product", "rival_issuer", "rival_product", "aspect")
# What a row says at first stays. That it was approved is told by a submission: by its maker, decided
# by the one who is named. Days are the bank's.
GUARDS = """
CREATE FUNCTION journeys_product_fact_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM journeys_cardproduct WHERE id = NEW.product_id AND is_own) THEN
        RAISE EXCEPTION 'the card is not our own' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'product_fact_of_own_product';
    END IF;
    IF NEW.source_date > (NEW.proposed_at AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'the source lies ahead' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'product_fact_source_is_there';
    END IF;
    IF (NEW.valid_until AT TIME ZONE 'Asia/Shanghai')::date > NEW.source_date + 366 THEN
        RAISE EXCEPTION 'the source is older than a year by then' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'product_fact_is_of_its_time';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER product_fact_begins AFTER INSERT ON journeys_productfact
    FOR EACH ROW EXECUTE FUNCTION journeys_product_fact_begins();
CREATE FUNCTION journeys_product_fact_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM portal_submission AS asked
    JOIN portal_submissiondecision AS decided
      ON decided.submission_id = asked.id AND decided.verdict = 'approve'
    WHERE asked.kind = 'product_fact' AND asked.target_key = NEW.id::text
      AND asked.state = 'approved' AND asked.maker_id = NEW.proposed_by_id
      AND decided.checker_id = NEW.settled_by_id
    FOR SHARE OF asked;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody approved fact %', NEW.id USING
            ERRCODE = 'check_violation', CONSTRAINT = 'product_fact_is_approved';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER product_fact_is_approved AFTER INSERT OR UPDATE ON journeys_productfact
    FOR EACH ROW WHEN (NEW.state = 'approved')
    EXECUTE FUNCTION journeys_product_fact_is_approved();
CREATE FUNCTION journeys_product_fact_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
    RAISE EXCEPTION 'a fact about a product is replaced or withdrawn, not changed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'product_fact_stays';
END $$;
CREATE TRIGGER product_fact_stays BEFORE UPDATE OR DELETE ON journeys_productfact
    FOR EACH ROW EXECUTE FUNCTION journeys_product_fact_stays();
"""
NO_GUARDS = """
DROP TRIGGER product_fact_stays ON journeys_productfact;
DROP FUNCTION journeys_product_fact_stays();
DROP TRIGGER product_fact_is_approved ON journeys_productfact;
DROP FUNCTION journeys_product_fact_is_approved();
DROP TRIGGER product_fact_begins ON journeys_productfact;
DROP FUNCTION journeys_product_fact_begins();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0155_callings_off"),
        ("portal", "0019_parts_of_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="ProductFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rival_issuer", models.CharField(max_length=80, verbose_name="rival")),
                ("rival_product", models.CharField(max_length=80, verbose_name="card of the rival")),
                ("aspect", models.CharField(choices=ASPECTS, max_length=12, verbose_name="aspect")),
                ("ours", models.CharField(max_length=200, verbose_name="what ours has")),
                ("ours_en", models.CharField(max_length=200, verbose_name="the same in English")),
                ("theirs", models.CharField(max_length=200, verbose_name="what theirs has")),
                ("theirs_en", models.CharField(max_length=200, verbose_name="the same in English")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("source_date", models.DateField(verbose_name="day of the source")),
                ("valid_until", models.DateTimeField(verbose_name="valid until")),
                ("state", models.CharField(choices=STATES, default="proposed", max_length=9, verbose_name="state")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                ("withdrawn_why", models.CharField(blank=True, default="", max_length=200, verbose_name="why it was withdrawn")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="journeys.cardproduct")),
                ("proposed_by", models.ForeignKey(**STAFF)),
                ("settled_by", models.ForeignKey(null=True, **STAFF)),
                ("withdrawn_by", models.ForeignKey(null=True, **STAFF)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(aspect__in=[code for code, _name in ASPECTS])
                        & ~Q(rival_issuer="") & ~Q(rival_product="") & ~Q(ours="")
                        & ~Q(ours_en="") & ~Q(theirs="") & ~Q(theirs_en="") & ~Q(source=""),
                        name="product_fact_is_sourced",
                    ),
                    models.CheckConstraint(
                        condition=Q(valid_until__gt=F("proposed_at"))
                        & Q(valid_until__lte=F("proposed_at") + datetime.timedelta(days=366)),
                        name="product_fact_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="proposed", settled_by=None, settled_at=None)
                        | Q(state="refused", settled_at__isnull=False)
                        | Q(state__in=["approved", "replaced", "withdrawn"])
                        & Q(settled_by__isnull=False, settled_at__isnull=False)
                        & ~Q(settled_by=F("proposed_by")),
                        name="product_fact_settled",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="withdrawn")
                        & Q(withdrawn_by=None, withdrawn_at=None, withdrawn_why="")
                        | Q(state="withdrawn", withdrawn_by__isnull=False)
                        & Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
                        name="product_fact_withdrawn_whole",
                    ),
                    models.UniqueConstraint(
                        condition=Q(state="proposed"), fields=SLOT, name="product_fact_one_proposed"
                    ),
                    models.UniqueConstraint(
                        condition=Q(state="approved"), fields=SLOT, name="product_fact_one_approved"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
