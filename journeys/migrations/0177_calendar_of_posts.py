"""Shifts at posts go by the bank's calendar: what it says of a day counts before the weekday."""

from django.db import migrations

WORKDAY = """
CREATE OR REPLACE FUNCTION merchants_is_workday(asked date)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT {}
$$;
"""
BY_WEEKDAY = "extract(isodow FROM asked) < 6"
BY_CALENDAR = (
    "coalesce((SELECT known.is_workday FROM journeys_calendarday known WHERE known.day = asked),"
    f" {BY_WEEKDAY})"
)


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0176_known_before_calls"),
        ("merchants", "0048_posts_stand_on_their_days"),
    ]
    operations = [migrations.RunSQL(WORKDAY.format(BY_CALENDAR), WORKDAY.format(BY_WEEKDAY))]
