"""Marketing rests while a complaint is open; a pause is ended once, and never changed else."""

import django.db.models.deletion
from django.db import migrations, models


GUARD = """
CREATE FUNCTION journeys_guard_pause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.until IS NOT NULL OR NEW.until IS NULL
       OR (NEW.id, NEW.customer_id, NEW.kind, NEW.reference, NEW.since)
          IS DISTINCT FROM (OLD.id, OLD.customer_id, OLD.kind, OLD.reference, OLD.since)
    THEN
        RAISE EXCEPTION 'a pause is only ended: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER marketingpause_fixed BEFORE UPDATE OR DELETE ON journeys_marketingpause
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_pause();
"""
UNGUARD = """
DROP TRIGGER marketingpause_fixed ON journeys_marketingpause;
DROP FUNCTION journeys_guard_pause();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0007_stage_count_follows'),
    ]

    operations = [
        migrations.CreateModel(
            name='MarketingPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('complaint', 'Complaint')], max_length=12)),
                ('reference', models.CharField(max_length=40)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='marketing_pauses', to='journeys.customer')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('until', None)), fields=['customer'], name='pause_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='pause_ends_after_its_start'), models.CheckConstraint(condition=models.Q(('kind__in', ['complaint'])), name='pause_kind_known'), models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='pause_has_reference'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('kind', 'reference'), name='pause_open_once')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
