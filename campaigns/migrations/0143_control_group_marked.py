"""Whoever the bank's control group holds is answered so by the gate: when a group is proposed,
approved or cut short, the next run asks about everybody."""

from django.db import migrations

EVENTS = ("INSERT", "UPDATE", "DELETE")
FORWARD = "".join(
    f"CREATE TRIGGER changes_mark_everybody_{event.lower()} AFTER {event} ON journeys_controlgroup"
    " FOR EACH STATEMENT EXECUTE FUNCTION campaigns_mark_everybody();\n"
    for event in EVENTS
)
BACKWARD = "".join(
    f"DROP TRIGGER changes_mark_everybody_{event.lower()} ON journeys_controlgroup;\n"
    for event in EVENTS
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0142_persons_marked"), ("journeys", "0138_control_group")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
