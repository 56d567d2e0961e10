"""The policy that holds until the bank sets another; and the history of leads that were owned or
ended before there was one begins with how they stand. Who owns an open one is protected as if it
had come today."""

from django.db import migrations

FILL = """
INSERT INTO journeys_poolpolicy
    (effective_date, is_lifted, sight, claim_cap, protection_days, extension_days, longest_days,
     cooldown_days, source, set_at)
VALUES ('2000-01-01', false, 'branch', 100, 15, 10, 60, 7,
        '出厂设置，待本行确定 / As delivered', now());
INSERT INTO journeys_leadmove
    (lead_id, number, path, at, from_owner_id, to_owner_id, from_state, to_state, why, policy_id,
     protected_until)
SELECT lead.id, 1, 'import', now(), NULL, lead.owner_id, 'new', lead.state, '',
       CASE WHEN is_held THEN rule.id END,
       CASE WHEN is_held THEN now() + interval '15 days' END
  FROM journeys_lead AS lead CROSS JOIN journeys_poolpolicy AS rule
  CROSS JOIN LATERAL (
      SELECT lead.owner_id IS NOT NULL AND lead.state IN ('new', 'working') AS is_held) AS held
 WHERE lead.owner_id IS NOT NULL OR lead.state <> 'new';
UPDATE journeys_lead AS lead
   SET moved = 1, protected_until = move.protected_until,
       protected_at_most = CASE WHEN move.protected_until IS NOT NULL
                                THEN move.at + interval '60 days' END
  FROM journeys_leadmove AS move WHERE move.lead_id = lead.id;
"""
EMPTY = """
UPDATE journeys_lead SET moved = 0, protected_until = NULL, protected_at_most = NULL;
DELETE FROM journeys_leadmove;
DELETE FROM journeys_poolpolicy;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0148_lead_pool")]
    operations = [migrations.RunSQL(FILL, EMPTY)]
