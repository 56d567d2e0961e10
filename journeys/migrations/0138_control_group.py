"""The bank's control group: whom it holds by one function, one row in force at a time, and rows
that nobody edits: what was proposed is decided once, and what is in force is only cut short."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION journeys_place_of(salt bytea, bearer bytea, customer_id bigint) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN mod(('x' || left(encode(
        sha256(salt || coalesce(bearer, int8send(customer_id))), 'hex'), 12))::bit(48)::bigint,
        1000000)::integer;
CREATE FUNCTION journeys_guard_control_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.starts_date, NEW.ends_date, NEW.permille, NEW.salt, NEW.reason,
           NEW.proposed_by_id, NEW.proposed_at)
          IS DISTINCT FROM
          (OLD.id, OLD.starts_date, OLD.ends_date, OLD.permille, OLD.salt, OLD.reason,
           OLD.proposed_by_id, OLD.proposed_at)
       OR OLD.state <> 'proposed' AND (NEW.state, NEW.settled_by_id, NEW.settled_at)
          IS DISTINCT FROM (OLD.state, OLD.settled_by_id, OLD.settled_at)
       OR NEW.cut_date IS DISTINCT FROM OLD.cut_date
          AND (NEW.cut_date < coalesce(OLD.cut_date, OLD.ends_date)) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'a control group is decided once and only cut short: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER controlgroup_fixed BEFORE UPDATE OR DELETE ON journeys_controlgroup
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_control_group();
"""
BACKWARD = """
DROP TRIGGER controlgroup_fixed ON journeys_controlgroup;
DROP FUNCTION journeys_guard_control_group();
DROP FUNCTION journeys_place_of(bytea, bytea, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0137_text_tests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ControlGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_date", models.DateField(verbose_name="in force from")),
                ("ends_date", models.DateField(verbose_name="until before")),
                ("cut_date", models.DateField(null=True, verbose_name="replaced from")),
                (
                    "permille",
                    models.PositiveSmallIntegerField(verbose_name="share in thousandths"),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for approval"),
                            ("approved", "Approved"),
                            ("refused", "Not approved"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="decided at")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "control group",
                "verbose_name_plural": "control groups",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("permille__lte", 150)), name="control_group_share"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_date__gt", models.F("starts_date")),
                            (
                                "ends_date__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_date"),
                                    "+",
                                    models.Value(datetime.timedelta(days=731)),
                                ),
                            ),
                        ),
                        name="control_group_span",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cut_date", None),
                            models.Q(
                                ("cut_date__gte", models.F("starts_date")),
                                ("state", "approved"),
                                ("cut_date__lt", models.F("ends_date")),
                            ),
                            _connector="OR",
                        ),
                        name="control_group_cut_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(
                                django.db.models.functions.text.Length("salt"), 16
                            )
                        ),
                        name="control_group_salted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="control_group_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at", None), ("settled_by", None), ("state", "proposed")
                            ),
                            models.Q(("settled_at__isnull", False), ("state", "refused")),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("state", "approved"),
                                ("settled_by__isnull", False),
                                models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="control_group_settled",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("state",),
                        name="control_group_one_proposed",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "approved")),
                        expressions=[
                            (
                                models.Func(
                                    models.F("starts_date"),
                                    django.db.models.functions.comparison.Least(
                                        models.F("cut_date"), models.F("ends_date")
                                    ),
                                    function="daterange",
                                ),
                                django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS,
                            )
                        ],
                        name="control_group_one_in_force",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
