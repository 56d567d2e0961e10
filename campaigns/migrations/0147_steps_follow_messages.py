"""A step says what became of its message: where that reached nobody, the step is `unsent`, with the
outbox's word for why, or waits again to go by another channel, which `tried` keeps. Steps of
messages that were over before are set so, too. Calls that wait in the pool are found by an index."""

from django.db import migrations, models

STEPS = """
DROP TRIGGER touch_step_moves ON campaigns_touchstep;
CREATE TRIGGER touch_step_moves BEFORE UPDATE ON campaigns_touchstep
    FOR EACH ROW WHEN (OLD.state <> 'waiting' AND NOT (
        OLD.state = 'sent' AND NEW.state = 'left' AND NEW.answer = 'called_back')
        AND NOT (OLD.state = 'sent' AND NEW.state = 'waiting' AND NEW.answer = ''){unless})
    EXECUTE FUNCTION campaigns_touch_step_moves();
"""
UNSENT = """
        AND NOT (OLD.state = 'sent' AND NEW.state = 'unsent')"""
# The latest message of each step that counts as written. What was called off since its reward was
# taken back is left to the marks.
FOLLOW = """
WITH latest AS (
    SELECT DISTINCT ON (step.id) step.id, message.state, message.failure
    FROM campaigns_touchstep step
    JOIN campaigns_enrolment stay ON stay.id = step.enrolment_id
    JOIN journeys_message message ON message.customer_id = step.customer_id
     AND (message.dedup_key = concat('touch:', stay.campaign_id, ':', step.code, ':', stay.rotation)
          OR starts_with(message.dedup_key,
                 concat('touch:', stay.campaign_id, ':', step.code, ':', stay.rotation, ':')))
    WHERE step.state = 'sent' ORDER BY step.id, message.id DESC
)
UPDATE campaigns_touchstep step
SET state = 'unsent', answer = split_part(latest.failure, ':', 1), due_at = NULL, next_free = NULL
FROM latest
WHERE latest.id = step.id AND latest.state IN ('cancelled', 'failed')
  AND latest.failure NOT IN ('replaced', 'left')
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0146_sender_names"), ("journeys", "0143_own_addresses")]

    operations = [
        migrations.AddField(
            model_name="touchstep",
            name="tried",
            field=models.CharField(blank=True, db_default="", default="", max_length=48),
        ),
        migrations.AlterField(
            model_name="touchstep",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"), ("sent", "Message written"), ("skipped", "Skipped"),
                    ("left", "Left before it"), ("unsent", "Reached nobody"),
                ],
                default="waiting", max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="touchstep", name="touch_step_sent_has_channel"),
        migrations.AddConstraint(
            model_name="touchstep",
            constraint=models.CheckConstraint(
                name="touch_step_sent_has_channel",
                condition=~models.Q(state__in=["sent", "unsent"]) | ~models.Q(channel=""),
            ),
        ),
        migrations.AddConstraint(
            model_name="touchstep",
            constraint=models.CheckConstraint(
                name="touch_step_tries_another",
                condition=models.Q(channel="")
                | ~models.Q(state="sent")
                | ~models.Q(tried__contains=models.F("channel")),
            ),
        ),
        migrations.AddIndex(
            model_name="touchstep",
            index=models.Index(
                condition=models.Q(("channel", "phone"), ("state", "sent")),
                fields=["valid_until"],
                name="touch_step_calls",
            ),
        ),
        migrations.RunSQL(STEPS.format(unless=UNSENT), STEPS.format(unless="")),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
    ]
