"""A place among the persons whom a customer brought is one of the campaign, whatever code a version
gives to the tier: so a new code makes no room for more persons than the plan allows.

What was given before stays: a version that renamed the tier may have given a place anew after it was
taken back, or twice. The grants of a place are numbered anew, in the order in which they were
given; where two of them stand, both do, and a warning names them."""

import logging

from django.db import migrations, models
from django.db.models import Q

logger = logging.getLogger(__name__)

# The last one first, so that no number is taken when a grant comes to it.
_IN_ORDER = """
ALTER TABLE campaigns_grant DISABLE TRIGGER grant_fixed;
DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT id, number FROM (
            SELECT id, round, row_number() OVER (
                PARTITION BY customer_id, campaign_id, place ORDER BY id) AS number
            FROM campaigns_grant WHERE place IS NOT NULL
        ) counted WHERE number <> round ORDER BY number DESC
    LOOP
        UPDATE campaigns_grant SET round = given.number WHERE id = given.id;
    END LOOP;
END $$;
ALTER TABLE campaigns_grant ENABLE TRIGGER grant_fixed;
"""
_BOTH_STAND = """
SELECT campaign.code, string_agg(twice.ids, '; ' ORDER BY twice.first)
FROM (
    SELECT given.campaign_id, min(given.id) AS first,
           string_agg(given.id::text, ' and ' ORDER BY given.id) AS ids
    FROM campaigns_grant given
    WHERE given.place IS NOT NULL
      AND NOT EXISTS (SELECT FROM campaigns_grantreversal back WHERE back.grant_id = given.id)
    GROUP BY given.customer_id, given.campaign_id, given.place HAVING count(*) > 1
) twice JOIN campaigns_campaign campaign ON campaign.id = twice.campaign_id
GROUP BY campaign.code ORDER BY campaign.code
"""


def count_places_anew(apps, schema_editor):
    """This will number the grants of each place in their order, and tell which of them stand
    beside each other."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_IN_ORDER)
        cursor.execute(_BOTH_STAND)
        for code, ids in cursor.fetchall():
            logger.warning(
                "Campaign %s gave the same place among the persons brought twice, by a tier that a "
                "version renamed. What was given stands; no further one is given for the place. "
                "Look at these grants together and settle what was paid too much: %s.", code, ids,
            )

# The round before is that of the same place where the gift is for a person, else of the same slot.
_GUARD = """
CREATE OR REPLACE FUNCTION campaigns_grant_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaigns_grant before
        JOIN campaigns_grantreversal reversal ON reversal.grant_id = before.id
        WHERE before.customer_id = NEW.customer_id AND before.campaign_id = NEW.campaign_id
          AND {same} AND before.round = NEW.round - 1
    ) THEN
        RAISE EXCEPTION 'the reward granted before was not taken back' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'grant_after_reversal';
    END IF;
    RETURN NEW;
END $$;
"""
_NOW = """CASE WHEN NEW.place IS NULL THEN before.slot = NEW.slot
                   ELSE before.place = NEW.place END"""
_BEFORE = "before.slot = NEW.slot"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0138_steps_wait_again")]

    operations = [
        migrations.RunPython(count_places_anew, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=Q(("place__isnull", False)),
                fields=("customer", "campaign", "place", "round"),
                name="grant_once_for_place",
            ),
        ),
        migrations.RunSQL(_GUARD.replace("{same}", _NOW), _GUARD.replace("{same}", _BEFORE)),
    ]
