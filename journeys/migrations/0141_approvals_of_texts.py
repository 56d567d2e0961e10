"""By which submission another person approved a wording stands beside it. Those from before name
none."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0140_days_of_messages"),
        ("portal", "0018_imports_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="messagetemplate",
            name="approved_in",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.submission",
            ),
        ),
    ]
