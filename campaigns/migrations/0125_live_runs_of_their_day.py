"""A live run acts upon what it finds, so it is as of the bank's day on which it is started, or of
the day before; with a day more for whatever zone the bank is in. Runs of earlier times stay."""

import datetime as dt

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import ExpressionWrapper, Q
from django.db.models.functions import TruncDate


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0120_text_authors_named")]

    operations = [
        AddConstraintNotValid(
            model_name="run",
            constraint=models.CheckConstraint(
                name="run_live_is_of_its_day",
                condition=~Q(kind="live")
                | Q(
                    on_date__gte=ExpressionWrapper(
                        TruncDate("started_at", tzinfo=dt.UTC) - dt.timedelta(days=2),
                        output_field=models.DateTimeField(),
                    )
                ),
            ),
        ),
    ]
