"""What was known of a call when its lead was given: from it, and not from what is known today, past
calls of the portal are made."""

from django.db import migrations, models

_GUARD = """
CREATE OR REPLACE FUNCTION journeys_lead_hold_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
       OR (NEW.id, NEW.lead_id, NEW.holder_id, NEW.taken_at, NEW.reasons{new})
          IS DISTINCT FROM (OLD.id, OLD.lead_id, OLD.holder_id, OLD.taken_at, OLD.reasons{old}) THEN
        RAISE EXCEPTION 'a hold only ends, once: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0175_lead_scores")]
    operations = [
        migrations.AddField(
            model_name="leadhold", name="known", field=models.JSONField(null=True)
        ),
        migrations.AddIndex(
            model_name="leadhold",
            index=models.Index(
                name="lead_hold_called_on", fields=["called_at"],
                condition=models.Q(called_at__isnull=False),
            ),
        ),
        migrations.RunSQL(
            _GUARD.replace("{new}", ", NEW.known").replace("{old}", ", OLD.known"),
            _GUARD.replace("{new}", "").replace("{old}", ""),
        ),
    ]  # fmt: skip
