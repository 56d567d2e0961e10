"""What campaigns promise about whom they contact, for the auditor, in plain SQL: each returns those
of the contacts `made` by which it was broken (`journeys.outreach.queries.breaches`).

Told once more, apart from whatever sends, by what stands in the frozen version that a contact names
as its origin.
"""

from django.utils.translation import gettext_lazy as _

from journeys.customers.rules import PLACES, place_sql
from portal.kit.personal import ERASED
from portal.kit.registry import BreachRule

_EARLIER = "make_interval(secs => %(grace)s)"
_OF_CAMPAIGNS = "is_asked AND starts_with(made.origin, 'campaign:')"
_NAMED = """campaigns_campaign AS campaign JOIN campaigns_campaignversion AS version
    ON version.campaign_id = campaign.id"""
_IS_NAMED = """campaign.code = split_part(made.origin, ':', 2)
    AND 'v' || version.number = split_part(made.origin, ':', 3)"""
_AS_SERVICE = f"SELECT * FROM made WHERE {_OF_CAMPAIGNS} AND purpose <> 'marketing'"
_NOT_APPROVED = f"""
SELECT * FROM made WHERE {_OF_CAMPAIGNS} AND NOT EXISTS (
    SELECT FROM {_NAMED} WHERE {_IS_NAMED} AND version.first_approved_at <= made.at
)
"""
# A stop that was lifted since is known by its trail alone.
_STOPPED = f"""
SELECT made.* FROM made JOIN campaigns_campaign AS campaign
    ON campaign.code = split_part(made.origin, ':', 2)
WHERE {_OF_CAMPAIGNS} AND message_id IS NOT NULL AND campaign.stopped_at <= made.at - {_EARLIER}
"""
# Those that draw by the person; by the number they did before, with another hash. By the ID number
# as it is now: who was given one since may have been on the other side then, and who was erased has
# none any more.
_HELD_OUT = f"""
SELECT made.* FROM made JOIN {_NAMED} ON {_IS_NAMED}
JOIN journeys_customer AS own ON own.id = made.customer_id
WHERE {_OF_CAMPAIGNS} AND campaign.control_by = 'person' AND own.name <> '{ERASED}'
  AND {place_sql("convert_to('control:' || campaign.code || ':', 'UTF8')", "own")}
      < (version.content ->> 'control_percent')::int * {PLACES // 100}
"""
# A sweep notes who has left with the instant at which it began; none may take an hour.
_LEFT = f"""
SELECT made.* FROM made JOIN campaigns_enrolment AS stay
    ON stay.customer_id = made.customer_id
    AND stay.campaign_id::text = split_part(made.dedup_key, ':', 2)
    AND stay.rotation::text = split_part(made.dedup_key, ':', 4)
WHERE is_asked AND message_id IS NOT NULL AND starts_with(made.dedup_key, 'touch:')
  AND stay.left_because IN ('goal', 'exit', 'uncovered')
  AND stay.left_at <= made.at - {_EARLIER} - interval '1 hour'
"""
_OF_STEPS = f"""
SELECT made.*, campaign.code AS campaign, step, text.code AS text
FROM made JOIN {_NAMED} ON {_IS_NAMED}
JOIN journeys_messagetemplate AS text ON text.id = made.template_id
LEFT JOIN LATERAL (
    SELECT found AS step
    FROM jsonb_array_elements(version.content -> 'touches' -> 'steps') AS found
    WHERE found ->> 'code' = split_part(made.dedup_key, ':', 3)
) AS named ON true
WHERE {_OF_CAMPAIGNS} AND starts_with(made.dedup_key, 'touch:')
"""
_OTHER_TEXT = f"""
SELECT * FROM ({_OF_STEPS}) AS told
WHERE step IS NULL OR text <> CASE WHEN step -> 'variants' IS NULL THEN step ->> 'template' ELSE
    coalesce((SELECT one ->> 'template' FROM jsonb_array_elements(step -> 'variants') AS one
              WHERE one ->> 'code' = told.variant), '') END
"""
_PLACE = place_sql(
    "convert_to(concat_ws(':', 'variant', told.campaign, step ->> 'code', one ->> 'code', ''),"
    " 'UTF8')",
    "own",
)
# Of each variant the person has a place between 0 and 1, and the highest ln(place) / share wins.
# By the ID number as it is now, as above.
_OTHER_VARIANT = f"""
SELECT told.* FROM ({_OF_STEPS}) AS told
JOIN journeys_customer AS own ON own.id = told.customer_id
WHERE step -> 'variants' IS NOT NULL AND own.name <> '{ERASED}' AND told.variant <> (
    SELECT one ->> 'code' FROM jsonb_array_elements(step -> 'variants') AS one
    ORDER BY ln(({_PLACE} + 0.5)::float8 / {PLACES}) / (one ->> 'share')::int DESC, one ->> 'code'
    LIMIT 1)
"""

BREACHES = (
    BreachRule("purpose", _("sent by a campaign, and not as marketing"), _AS_SERVICE),
    BreachRule("version", _("caused by a campaign version that was not approved"), _NOT_APPROVED),
    BreachRule("stopped", _("sent after its campaign was stopped"), _STOPPED),
    BreachRule(
        "held_out", _("contacted though left out by its campaign for comparison"), _HELD_OUT
    ),
    BreachRule("left", _("sent after the person had left the touch plan"), _LEFT),
    BreachRule("plan_text", _("sent with a text that its touch plan does not name"), _OTHER_TEXT),
    BreachRule("variant", _("sent in a variant that was not drawn for the person"), _OTHER_VARIANT),
)
