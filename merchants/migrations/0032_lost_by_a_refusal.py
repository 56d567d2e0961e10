"""Talks are lost by a refusal of the tree of reasons, not by a root beside it. Losses that named a root
get a refusal at that root, in the words of their reason."""

import django.db.models.deletion
from django.db import migrations, models

GO_OVER = """
ALTER TABLE merchants_stagechange DISABLE TRIGGER stagechange_fixed;
DO $$
DECLARE
    lost record;
    recorded bigint;
BEGIN
    FOR lost IN SELECT c.*, n.partnership_id FROM merchants_stagechange c
                  JOIN merchants_negotiation n ON n.id = c.negotiation_id
                 WHERE c.to_stage = 'lost' ORDER BY c.id LOOP
        INSERT INTO merchants_refusal (partnership_id, reason_id, words, said_date, recorded_by_id,
                                       recorded_at, state, settled_why)
        SELECT lost.partnership_id, id, lost.reason, lost.on_date, lost.actor_id, lost.at, 'open', ''
          FROM merchants_refusalreason WHERE parent_id IS NULL AND root = lost.root
        RETURNING id INTO recorded;
        UPDATE merchants_stagechange SET refusal_id = recorded WHERE id = lost.id;
    END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE merchants_stagechange ENABLE TRIGGER stagechange_fixed;
"""
COME_BACK = """
ALTER TABLE merchants_stagechange DISABLE TRIGGER stagechange_fixed;
UPDATE merchants_stagechange c SET root = r.root
  FROM merchants_refusal f JOIN merchants_refusalreason r ON r.id = f.reason_id
 WHERE f.id = c.refusal_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE merchants_stagechange ENABLE TRIGGER stagechange_fixed;
"""
GUARD = """
CREATE FUNCTION merchants_lost_by_the_partner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM merchants_refusal f JOIN merchants_negotiation n
                       ON n.partnership_id = f.partnership_id
                    WHERE f.id = NEW.refusal_id AND n.id = NEW.negotiation_id
                      AND f.state = 'open') THEN
        RAISE EXCEPTION 'refusal % is none of the partner of negotiation %, or open no more',
            NEW.refusal_id, NEW.negotiation_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stage_change_lost_by BEFORE INSERT ON merchants_stagechange
    FOR EACH ROW WHEN (NEW.refusal_id IS NOT NULL)
    EXECUTE FUNCTION merchants_lost_by_the_partner();
"""
NO_GUARD = """
DROP TRIGGER stage_change_lost_by ON merchants_stagechange;
DROP FUNCTION merchants_lost_by_the_partner();
"""
NO_ROOT = models.CharField(max_length=12, blank=True, default="")


class Migration(migrations.Migration):
    dependencies = [("merchants", "0031_signed_and_ended")]
    operations = [
        migrations.RemoveConstraint("stagechange", "stage_change_lost_has_root"),
        migrations.RenameField("stagechange", "refusal", "root"),
        migrations.AlterField("stagechange", "root", NO_ROOT),
        migrations.AddField(
            "stagechange",
            "refusal",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="merchants.refusal",
            ),
        ),
        migrations.RunSQL(GO_OVER, COME_BACK),
        migrations.RemoveField("stagechange", "root"),
        migrations.AddConstraint(
            "stagechange",
            models.CheckConstraint(
                name="stage_change_lost_has_refusal",
                condition=models.Q(to_stage="lost", refusal__isnull=False)
                | (~models.Q(to_stage="lost") & models.Q(refusal=None)),
            ),
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
