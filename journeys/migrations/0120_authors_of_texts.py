"""Who wrote a wording stands beside it: none of them may approve what is sent with it. For those
that are there, the audit trail says who it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Texts are only added to; the guard rests for this one column.
FILL = """
ALTER TABLE journeys_messagetemplate DISABLE TRIGGER template_fixed;
UPDATE journeys_messagetemplate text SET author_id = entry.actor_id
FROM portal_auditentry entry
WHERE entry.target_kind = 'journeys.messagetemplate' AND entry.target_key = text.id::text
  AND entry.action = 'template.added' AND entry.actor_id IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE journeys_messagetemplate ENABLE TRIGGER template_fixed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0118_calls_asked_for"),
        ("portal", "0015_more_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="messagetemplate",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
