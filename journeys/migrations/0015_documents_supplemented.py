"""Applications whose documents came in later, as a state with its day, and as a step of the
journey."""

from django.db import migrations, models
from django.db.models import F, Q

STATES = [
    ("filed", "Filed"), ("supplemented", "Documents supplemented"), ("approved", "Approved"),
    ("refused", "Refused"), ("withdrawn", "Withdrawn"),
]
STEPS = [
    ("registered", "Registered"), ("filed", "Application open"),
    ("supplemented", "Application open, documents in"), ("approved", "Approved, not issued"),
    ("ended", "Refused or withdrawn"), ("issued", "Card issued"), ("activated", "Card activated"),
    ("used", "Card used"), ("redeemed", "Points redeemed"),
]
OPEN, DECIDED = ["filed", "supplemented"], ["approved", "refused", "withdrawn"]


def at(stage, steps, reached, before):
    found = Q(stage=stage, step__in=steps, **{f"{reached}__isnull": False})
    return found & Q(**{before: None}) if before else found


class Migration(migrations.Migration):
    dependencies = [("journeys", "0014_calendar_until_2026")]
    operations = [
        migrations.RemoveConstraint("application", "application_decided_has_date"),
        migrations.RemoveIndex("application", "application_open"),
        migrations.AlterField(
            "application", "state",
            models.CharField(choices=STATES, max_length=12, verbose_name="state"),
        ),
        migrations.AddField(
            "application", "supplemented_date",
            models.DateField(null=True, verbose_name="documents in since"),
        ),
        migrations.AddConstraint(
            "application",
            models.CheckConstraint(
                name="application_decided_has_date",
                condition=Q(state__in=OPEN, decided_date=None)
                | Q(
                    state__in=DECIDED, decided_date__isnull=False,
                    decided_date__gte=F("filed_date"),
                ),
            ),
        ),
        migrations.AddConstraint(
            "application",
            models.CheckConstraint(
                name="application_supplemented_has_date",
                condition=Q(
                    state="supplemented", supplemented_date__isnull=False,
                    supplemented_date__gte=F("filed_date"),
                )
                | (~Q(state="supplemented") & Q(supplemented_date=None))
                | Q(
                    state__in=DECIDED, supplemented_date__gte=F("filed_date"),
                    supplemented_date__lte=F("decided_date"),
                ),
            ),
        ),
        migrations.AddIndex(
            "application",
            models.Index(
                name="application_open", fields=["filed_date"], condition=Q(state__in=OPEN)
            ),
        ),
        migrations.RemoveConstraint("customerstage", "stage_step_follows_days"),
        migrations.AlterField(
            "customerstage", "step",
            models.CharField(choices=STEPS, max_length=12, verbose_name="step"),
        ),
        migrations.AddConstraint(
            "customerstage",
            models.CheckConstraint(
                name="stage_step_follows_days",
                condition=at("awareness", ("registered",), "awareness_date", "application_date")
                | at(
                    "application", ("filed", "supplemented", "approved", "ended"),
                    "application_date", "issued_date",
                )
                | at("activation", ("issued",), "issued_date", "activated_date")
                | at("activation", ("activated",), "activated_date", "used_date")
                | at("activation", ("used",), "used_date", "loyalty_date")
                | at("loyalty", ("redeemed",), "loyalty_date", ""),
            ),
        ),
    ]
