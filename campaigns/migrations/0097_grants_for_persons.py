"""A grant may be for a person whom the customer brought: once for that person in a campaign, and no
more of them for a customer than the plan allowed."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

GUARD = """
CREATE FUNCTION campaigns_grant_of_referrer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM inserted JOIN journeys_referral referral ON referral.id = inserted.referral_id
        WHERE referral.referrer_id <> inserted.customer_id
    ) THEN
        RAISE EXCEPTION 'a reward for a person is given to the one who brought him'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_of_its_referrer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grant_of_its_referrer AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT
    EXECUTE FUNCTION campaigns_grant_of_referrer();
"""
UNGUARD = """
DROP TRIGGER grant_of_its_referrer ON campaigns_grant;
DROP FUNCTION campaigns_grant_of_referrer();
"""
_SLOT = models.Q(
    ("slot", ""),
    ("slot", models.F("reward")),
    models.Q(
        ("place__isnull", False),
        (
            "slot",
            django.db.models.functions.text.Concat(
                models.F("reward"), models.Value(":"),
                django.db.models.functions.comparison.Cast("place", models.CharField()),
            ),
        ),
    ),
    _connector="OR",
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0096_brought_marked"), ("journeys", "0069_referral_guards")]
    operations = [
        migrations.AddField("grant", "referral", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journeys.referral")),
        migrations.AddField("grant", "place", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("grant", "most", models.PositiveSmallIntegerField(null=True)),
        migrations.AlterField("grant", "slot", models.CharField(blank=True, default="", max_length=46)),
        migrations.RemoveConstraint("grant", "grant_slot_is_its_tier"),
        migrations.AddConstraint("grant", models.CheckConstraint(condition=_SLOT, name="grant_slot_is_its_tier")),
        migrations.AddConstraint("grant", models.CheckConstraint(condition=models.Q(models.Q(("most", None), ("place", None), ("referral", None)), models.Q(("most__isnull", False), ("place__gte", 1), ("place__lte", models.F("most")), ("referral__isnull", False)), _connector="OR"), name="grant_for_person_within_most")),
        migrations.AddConstraint("grant", models.UniqueConstraint(condition=models.Q(("referral__isnull", False)), fields=("referral", "campaign"), name="grant_once_for_person")),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
