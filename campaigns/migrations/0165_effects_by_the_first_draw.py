"""Days of entry of which somebody was drawn to the other side later are counted once more: they
count where the first draw put them."""

from django.db import migrations

AGAIN = """
UPDATE campaigns_effectday AS day SET due_date = day.entered_date
WHERE day.control_percent > 0 AND EXISTS (
    SELECT FROM campaigns_effectentrant AS entrant
     WHERE entrant.campaign_id = day.campaign_id AND entrant.entered_date = day.entered_date
       AND entrant.crossed_date IS NOT NULL);
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0164_sleeping_warnings")]
    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
