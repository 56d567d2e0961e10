"""What the next lead is chosen by, who has which one in hand, and what a policy says of both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

_IS_FREE = Q(owner=None, state="new", holder=None)
_PROTECT = django.db.models.deletion.PROTECT
_FIGURES = [
    ("hold_minutes", "minutes that a lead stays in hand", 20),
    ("most_attempts", "calls of one lead at most", 6),
    ("again_hours", "hours until a lead is called again", 20),
]


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0150_lead_pool_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name="poolpolicy",
                name=name,
                field=models.PositiveSmallIntegerField(
                    db_default=usual, default=usual, verbose_name=words
                ),
            )
            for name, words, usual in _FIGURES
        ),
        migrations.RemoveConstraint(model_name="poolpolicy", name="pool_policy_bounds"),
        migrations.AddConstraint(
            model_name="poolpolicy",
            constraint=models.CheckConstraint(
                name="pool_policy_bounds",
                condition=Q(
                    sight__in=["branch", "team", "given"], claim_cap__range=(1, 2000),
                    protection_days__range=(1, 365), extension_days__range=(0, 365),
                    longest_days__gte=F("protection_days"), longest_days__lte=730,
                    cooldown_days__lte=365, hold_minutes__range=(2, 240),
                    most_attempts__range=(1, 50), again_hours__range=(1, 720),
                )
                & ~Q(source=""),
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="priority",
            field=models.PositiveSmallIntegerField(
                db_default=50, default=50, verbose_name="priority"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="attempts",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, verbose_name="calls made"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="called_at",
            field=models.DateTimeField(null=True, verbose_name="called last"),
        ),
        migrations.AddField(
            model_name="lead",
            name="call_from",
            field=models.DateTimeField(null=True, verbose_name="call again from"),
        ),
        migrations.AddField(
            model_name="lead",
            name="promised_at",
            field=models.DateTimeField(null=True, verbose_name="promised for"),
        ),
        migrations.AddField(
            model_name="lead",
            name="holder",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=_PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lead", name="held_until", field=models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                name="lead_next",
                fields=["branch", "-priority", "attempts", "-created_at"],
                condition=_IS_FREE,
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                name="lead_next_promised",
                fields=["branch", "promised_at"],
                condition=_IS_FREE & Q(promised_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                name="lead_callee", fields=["callee"], condition=Q(callee__isnull=False)
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                name="lead_held_until",
                fields=["held_until"],
                condition=Q(held_until__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                name="lead_priority_in_bounds", condition=Q(priority__lte=100)
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                name="lead_promise_is_not_before",
                condition=Q(promised_at=None)
                | Q(call_from__isnull=False, call_from=F("promised_at")),
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                name="lead_called_has_time",
                condition=Q(attempts=0, called_at=None)
                | Q(attempts__gte=1, called_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.UniqueConstraint(
                name="lead_one_in_hand", fields=["holder"], condition=Q(holder__isnull=False)
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                name="lead_in_hand_is_free_or_own",
                condition=Q(holder=None, held_until=None)
                | Q(holder__isnull=False, held_until__isnull=False)
                & Q(state__in=["new", "working"])
                & (Q(owner=None) | Q(owner=F("holder"))),
            ),
        ),
        migrations.CreateModel(
            name="LeadHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False, on_delete=_PROTECT, related_name="holds",
                        to="journeys.lead",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        db_index=False, on_delete=_PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("put_down", "Put down"),
                            ("called", "Called"),
                            ("ended", "The lead ended or went to the pool"),
                            ("signed_out", "Signed out"),
                            ("timed_out", "Time over"),
                            ("closed", "May not be called any more"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("reasons", models.JSONField()),
            ],
            options={
                "indexes": [
                    models.Index(name="lead_hold_of_lead", fields=["lead", "-taken_at"]),
                    models.Index(name="lead_hold_of_holder", fields=["holder", "-taken_at"]),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        name="lead_hold_once", fields=["lead"], condition=Q(ended_at=None)
                    ),
                    models.UniqueConstraint(
                        name="lead_hold_one_each", fields=["holder"], condition=Q(ended_at=None)
                    ),
                    models.CheckConstraint(
                        name="lead_hold_ends_whole",
                        condition=Q(ended_at=None, end="")
                        | Q(
                            ended_at__isnull=False,
                            ended_at__gte=F("taken_at"),
                            end__in=[
                                "put_down", "called", "ended", "signed_out", "timed_out", "closed",
                            ],
                        ),
                    ),
                    models.CheckConstraint(
                        name="lead_hold_called_within",
                        condition=Q(called_at=None) | Q(called_at__gte=F("taken_at")),
                    ),
                ],
            },
        ),
    ]  # fmt: skip
