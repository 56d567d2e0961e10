"""A place among the persons whom a customer brought is one of the campaign, whatever code a version
gives to the tier: so a new code makes no room for more persons than the plan allows."""

from django.db import migrations, models
from django.db.models import Q

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
