"""The pool of leads: policies of branches, and a history of who had which lead. A lead on which
nobody is is in progress with nobody; and one that was called off is nobody's."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0147_calls_left"),
        ("merchants", "0044_merchants_go_along"),
        ("portal", "0019_parts_of_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("shares", models.JSONField()),
                ("asked", models.PositiveIntegerField(verbose_name="leads to assign")),
                ("given", models.PositiveIntegerField(verbose_name="leads assigned")),
            ],
        ),
        migrations.CreateModel(
            name="LeadMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0)),
                (
                    "path",
                    models.CharField(
                        choices=[
                            ("import", "Came with its list"),
                            ("claim", "Taken from the pool"),
                            ("assign", "Assigned"),
                            ("work", "Worked on"),
                            ("release", "Put back by its owner"),
                            ("take_back", "Taken back by the branch manager"),
                            ("return", "Returned to the pool by the clock"),
                            ("end", "Ended"),
                            ("call_off", "Called off"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("working", "In progress"),
                            ("won", "Applied"),
                            ("lost", "Closed"),
                            ("off", "Called off"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("working", "In progress"),
                            ("won", "Applied"),
                            ("lost", "Closed"),
                            ("off", "Called off"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="reason"),
                ),
                ("protected_until", models.DateTimeField(null=True)),
                ("cools_until", models.DateTimeField(null=True)),
                ("line", models.JSONField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PoolPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effective_date", models.DateField(verbose_name="in force from")),
                (
                    "is_lifted",
                    models.BooleanField(
                        default=False, verbose_name="follows the branch above again"
                    ),
                ),
                (
                    "sight",
                    models.CharField(
                        choices=[
                            ("branch", "Everybody of the branch"),
                            ("team", "The own team, and leads of no team"),
                            ("given", "Nobody: the branch manager assigns them"),
                        ],
                        default="branch",
                        max_length=8,
                        verbose_name="who takes leads from the pool",
                    ),
                ),
                (
                    "claim_cap",
                    models.PositiveSmallIntegerField(
                        default=100, verbose_name="open leads of one person at most"
                    ),
                ),
                (
                    "protection_days",
                    models.PositiveSmallIntegerField(default=15, verbose_name="days of protection"),
                ),
                (
                    "extension_days",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="days of protection after each activity"
                    ),
                ),
                (
                    "longest_days",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="days of protection at most"
                    ),
                ),
                (
                    "cooldown_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="days until the former owner may have it again"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source of the rule")),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "policy of a pool",
                "verbose_name_plural": "policies of pools",
            },
        ),
        migrations.AddField(
            model_name="lead",
            name="moved",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="lead",
            name="protected_at_most",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="protected_until",
            field=models.DateTimeField(null=True, verbose_name="protected until"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("protected_until__isnull", False)),
                fields=["protected_until", "id"],
                name="lead_protected",
            ),
        ),
        migrations.RunSQL(
            [
                "UPDATE journeys_lead SET state = 'new'"
                " WHERE state = 'working' AND owner_id IS NULL",
                # Nobody has what was called off, as every move of that kind says.
                "UPDATE journeys_lead SET owner_id = NULL"
                " WHERE state = 'off' AND owner_id IS NOT NULL",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "working"), _negated=True),
                    ("owner__isnull", False),
                    _connector="OR",
                ),
                name="lead_working_has_owner",
            ),
        ),
        migrations.AddField(
            model_name="leadassignment",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadassignment",
            name="branch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.branch"
            ),
        ),
        migrations.AddField(
            model_name="leadmove",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadmove",
            name="assignment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="journeys.leadassignment",
            ),
        ),
        migrations.AddField(
            model_name="leadmove",
            name="from_owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadmove",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="journeys.lead",
            ),
        ),
        migrations.AddField(
            model_name="leadmove",
            name="to_owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="poolpolicy",
            name="branch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.branch",
            ),
        ),
        migrations.AddField(
            model_name="poolpolicy",
            name="set_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadmove",
            name="policy",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="journeys.poolpolicy",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked__gte", 1), ("given__lte", models.F("asked"))),
                name="lead_assignment_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolpolicy",
            constraint=models.UniqueConstraint(
                fields=("branch", "effective_date"), name="pool_policy_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="poolpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_lifted", False), ("branch__isnull", False), _connector="OR"
                ),
                name="pool_policy_lifted_of_a_branch",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("claim_cap__range", (1, 2000)),
                    ("cooldown_days__lte", 365),
                    ("extension_days__range", (0, 365)),
                    ("longest_days__gte", models.F("protection_days")),
                    ("longest_days__lte", 730),
                    ("protection_days__range", (1, 365)),
                    ("sight__in", ["branch", "team", "given"]),
                    models.Q(("source", ""), _negated=True),
                ),
                name="pool_policy_bounds",
            ),
        ),
        migrations.AddIndex(
            model_name="leadmove",
            index=models.Index(fields=["-at", "-id"], name="lead_move_at"),
        ),
        migrations.AddIndex(
            model_name="leadmove",
            index=models.Index(
                condition=models.Q(("assignment__isnull", False)),
                fields=["assignment"],
                name="lead_move_of_assignment",
            ),
        ),
        migrations.AddIndex(
            model_name="leadmove",
            index=models.Index(
                condition=models.Q(("cools_until__isnull", False)),
                fields=["lead", "from_owner"],
                name="lead_move_cools",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.UniqueConstraint(fields=("lead", "number"), name="lead_move_once"),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "path__in",
                        [
                            "import",
                            "claim",
                            "assign",
                            "work",
                            "release",
                            "take_back",
                            "return",
                            "end",
                            "call_off",
                        ],
                    ),
                    ("to_state__in", ["new", "working", "won", "lost", "off"]),
                ),
                name="lead_move_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("path__in", ("claim", "assign")), _negated=True),
                    models.Q(
                        ("from_owner", None),
                        ("from_state", "new"),
                        ("to_owner__isnull", False),
                        ("actor__isnull", False),
                        ("to_state", "new"),
                    ),
                    _connector="OR",
                ),
                name="lead_move_enters",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("path__in", ("release", "take_back", "return")), _negated=True),
                    models.Q(
                        ("from_owner__isnull", False),
                        ("to_owner", None),
                        ("to_state", "new"),
                        ("cools_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="lead_move_leaves",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("path__in", ["claim", "release", "work"]), _negated=True),
                    models.Q(
                        ("actor__isnull", False),
                        models.Q(
                            models.Q(
                                ("actor", models.F("to_owner")),
                                ("path", "claim"),
                                ("to_owner__isnull", False),
                            ),
                            models.Q(
                                ("actor", models.F("from_owner")),
                                ("from_owner__isnull", False),
                                ("path", "release"),
                            ),
                            models.Q(
                                ("actor", models.F("to_owner")),
                                ("path", "work"),
                                ("to_state", "working"),
                                ("from_owner__isnull", False),
                                ("to_owner__isnull", False),
                                ("to_owner", models.F("from_owner")),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="lead_move_by_its_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("path__in", ["end", "call_off"]), _negated=True),
                    models.Q(
                        ("path", "end"),
                        ("to_state__in", ["won", "lost"]),
                        models.Q(
                            models.Q(
                                ("from_owner__isnull", False),
                                ("to_owner", models.F("from_owner")),
                                ("to_owner__isnull", False),
                            ),
                            models.Q(("from_owner", None), ("to_owner", None)),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("from_owner", None),
                        ("path", "call_off"),
                        ("to_owner", None),
                        ("to_state", "off"),
                    ),
                    _connector="OR",
                ),
                name="lead_move_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("path", "take_back"), _negated=True),
                    models.Q(("actor__isnull", False), models.Q(("why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="lead_move_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("assignment", None), ("line", None)),
                    models.Q(
                        ("assignment__isnull", False), ("line__isnull", False), ("path", "assign")
                    ),
                    _connector="OR",
                ),
                name="lead_move_of_assignment",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("protected_until", None), ("to_owner", None)),
                    models.Q(("protected_until", None), ("to_state__in", ["won", "lost"])),
                    models.Q(
                        ("to_owner__isnull", False),
                        ("to_state__in", ("new", "working")),
                        ("policy__isnull", False),
                        ("protected_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="lead_move_protects",
            ),
        ),
    ]
