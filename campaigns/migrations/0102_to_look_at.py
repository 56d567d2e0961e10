"""What may have been undone by a refund: noted by triggers in the transaction that writes the refund
or the grants, and gone once it was looked at."""

from django.db import migrations, models
from django.db.models import F, Q

FORWARD = """
CREATE FUNCTION campaigns_note_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_tolookat (card_id, due_date)
    SELECT DISTINCT card_id, posted_date FROM come WHERE amount < 0;
    RETURN NULL;
END $$;
CREATE TRIGGER refunds_noted_insert AFTER INSERT ON journeys_transaction
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION campaigns_note_refunds();
CREATE TRIGGER refunds_noted_update AFTER UPDATE ON journeys_transaction
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION campaigns_note_refunds();

CREATE FUNCTION campaigns_note_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_tolookat (first_grant, last_grant, due_date)
    SELECT min(id), max(id), min(granted_date) FROM come HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_noted_insert AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION campaigns_note_grants();

-- All that was granted so far is looked at once more, a span at a time.
INSERT INTO campaigns_tolookat (first_grant, last_grant, due_date)
SELECT min(id), max(id), min(granted_date) FROM campaigns_grant GROUP BY id / 1000 ORDER BY 1;
"""
BACKWARD = """
DROP TRIGGER grants_noted_insert ON campaigns_grant;
DROP FUNCTION campaigns_note_grants();
DROP TRIGGER refunds_noted_update ON journeys_transaction;
DROP TRIGGER refunds_noted_insert ON journeys_transaction;
DROP FUNCTION campaigns_note_refunds();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0101_parties_carry_more"),
        ("journeys", "0060_case_pauses"),
    ]
    operations = [
        migrations.CreateModel(
            name='ToLookAt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('card_id', models.BigIntegerField(null=True)),
                ('first_grant', models.BigIntegerField(null=True)),
                ('last_grant', models.BigIntegerField(null=True)),
                ('stopped_campaign', models.BigIntegerField(null=True)),
                ('due_date', models.DateField()),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(
                        condition=Q(card_id__isnull=False, first_grant=None, last_grant=None)
                        | Q(card_id=None, first_grant__isnull=False, last_grant__gte=F('first_grant')),
                        name='to_look_at_card_or_grants',
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
