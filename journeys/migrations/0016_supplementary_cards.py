"""A supplementary card is linked to its primary card."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

# Checked at the end of the transaction: an import first writes its cards, then the links.
GUARD = """
CREATE FUNCTION journeys_primary_card_is_primary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM journeys_card s JOIN journeys_card p ON p.id = s.primary_id
        WHERE (s.id = NEW.id OR p.id = NEW.id)
            AND (NOT p.is_primary OR p.reference <> s.primary_reference)
    ) THEN
        RAISE EXCEPTION 'a supplementary card hangs on the primary card that it names'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'card_hangs_on_a_primary';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER card_hangs_on_a_primary
    AFTER INSERT OR UPDATE ON journeys_card DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.primary_id IS NOT NULL)
    EXECUTE FUNCTION journeys_primary_card_is_primary();
CREATE CONSTRAINT TRIGGER card_stays_a_primary
    AFTER UPDATE ON journeys_card DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (OLD.is_primary AND NOT NEW.is_primary OR OLD.reference <> NEW.reference)
    EXECUTE FUNCTION journeys_primary_card_is_primary();
"""
UNGUARD = """
DROP TRIGGER card_hangs_on_a_primary ON journeys_card;
DROP TRIGGER card_stays_a_primary ON journeys_card;
DROP FUNCTION journeys_primary_card_is_primary();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0015_documents_supplemented")]
    operations = [
        migrations.AddField(
            "card", "primary_reference",
            models.CharField(
                blank=True, db_default="", default="", max_length=40,
                verbose_name="reference of the primary card",
            ),
        ),
        migrations.AddField(
            "card", "primary",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="supplementary", to="journeys.card",
            ),
        ),
        migrations.AddConstraint(
            "card",
            models.CheckConstraint(
                name="card_primary_has_no_primary",
                condition=Q(is_primary=False) | Q(primary_reference="", primary=None),
            ),
        ),
        migrations.AddConstraint(
            "card",
            models.CheckConstraint(
                name="card_primary_is_named",
                condition=Q(primary=None) | ~Q(primary_reference=""),
            ),
        ),
        migrations.AddConstraint(
            "card",
            models.CheckConstraint(
                name="card_is_not_its_own_primary",
                condition=~Q(primary_reference=F("reference")),
            ),
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                name="card_by_primary", fields=["primary_reference"],
                condition=~Q(primary_reference=""),
            ),
        ),
        migrations.AddIndex(
            "card",
            models.Index(
                name="card_supplementary", fields=["primary"], condition=Q(primary__isnull=False)
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
