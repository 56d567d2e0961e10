"""Answers from phones that nobody is on file with are found by the hash of the phone: for whoever
asks for a copy of the data or for its erasure, and was not a customer yet when the answer came.

Built beside the work: gateways bring answers meanwhile. Where it is interrupted, an invalid index of
this name is left over; drop it before the migration is run again."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0120_authors_of_texts")]
    operations = [
        AddIndexConcurrently(
            "answer",
            models.Index(
                name="answer_of_nobody",
                fields=["callee"],
                condition=Q(customer=None, callee__isnull=False),
            ),
        ),
    ]
