"""Which version of its campaign was the newest when a draft was begun: one that came since is said to
its author before it is handed in."""

from django.db import migrations, models
from django.db.models import Q

# Nothing tells what there was when these began: what came after the version they edit is shown.
FILL = """
UPDATE campaigns_draft draft SET seen_number = version.number
FROM campaigns_campaignversion version WHERE version.id = draft.based_on_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0088_version_in_force")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="seen_number",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=Q(("based_on", None), ("seen_number", None))
                | Q(("based_on__isnull", False), ("seen_number__isnull", False)),
                name="draft_edit_has_seen",
            ),
        ),
    ]
