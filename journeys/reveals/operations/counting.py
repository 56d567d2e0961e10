"""Counting what one person did on a day, by one at a time."""

from django.db import connection

from portal.staff.models import Staff


def count_alone(*, what: str, actor: Staff) -> None:
    """This will hold, until the commit, everybody back who counts the same of this person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{what}:{actor.pk}"]
        )
