"""Leads that are one with others, or may be; who collected each, and by what it looks like
others."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0163_mood_moves"),
        ("merchants", "0044_merchants_go_along"),
        ("portal", "0019_parts_of_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadMerge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sign",
                    models.CharField(
                        choices=[
                            ("phone", "The same phone"),
                            ("alike", "The same name and company"),
                            ("said", "Found by a person"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="reason"),
                ),
                ("at", models.DateTimeField()),
                ("taken", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("working", "In progress"),
                            ("won", "Applied"),
                            ("lost", "Closed"),
                            ("off", "Called off"),
                            ("merged", "Merged"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("protected_until", models.DateTimeField(null=True)),
                ("protected_at_most", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "undo_reason",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="why it was undone"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeadPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("is_same", models.BooleanField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="reason"),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="leadmove",
            name="lead_move_known",
        ),
        migrations.AddField(
            model_name="lead",
            name="alike",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="basis_words",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=200,
                verbose_name="what the lawful basis rests on",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="campaign",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="code of the campaign",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="collected_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="credit_branch",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.branch",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="credit_team",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.team",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="is_sole",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="lead",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("working", "In progress"),
                    ("won", "Applied"),
                    ("lost", "Closed"),
                    ("off", "Called off"),
                    ("merged", "Merged"),
                ],
                default="new",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="leadmove",
            name="from_state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("working", "In progress"),
                    ("won", "Applied"),
                    ("lost", "Closed"),
                    ("off", "Called off"),
                    ("merged", "Merged"),
                ],
                default="new",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="leadmove",
            name="path",
            field=models.CharField(
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
                    ("cover", "Handed over with a promise whose owner is away"),
                    ("merge", "Merged with another lead"),
                    ("unmerge", "Taken apart again"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="leadmove",
            name="to_state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("working", "In progress"),
                    ("won", "Applied"),
                    ("lost", "Closed"),
                    ("off", "Called off"),
                    ("merged", "Merged"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("state__in", ["new", "working"]), ("alike__isnull", False)),
                fields=["alike", "id"],
                name="lead_alike",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["new", "working"]), ("is_sole", True)),
                fields=("callee",),
                name="lead_one_open_of_phone",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alike", None),
                    django.db.models.lookups.Exact(
                        django.db.models.functions.text.Length("alike"), 16
                    ),
                    _connector="OR",
                ),
                name="lead_alike_is_hashed",
            ),
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
                            "cover",
                            "merge",
                            "unmerge",
                        ],
                    ),
                    ("to_state__in", ["new", "working", "won", "lost", "off", "merged"]),
                ),
                name="lead_move_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("path", "merge"), ("to_owner", None), ("to_state", "merged")),
                    models.Q(
                        models.Q(("path", "merge"), _negated=True),
                        models.Q(("to_state", "merged"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lead_move_merges",
            ),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merges",
                to="journeys.lead",
            ),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="merged",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_by",
                to="journeys.lead",
            ),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadpair",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadpair",
            name="first",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="journeys.lead",
            ),
        ),
        migrations.AddField(
            model_name="leadpair",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journeys.lead"
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("merged",), name="lead_merge_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("merged")), _negated=True),
                name="lead_merge_of_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", None), ("sign", "phone")),
                    models.Q(
                        ("by__isnull", False),
                        ("sign__in", ["phone", "alike", "said"]),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lead_merge_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undo_reason", ""), ("undone_at", None), ("undone_by", None)),
                    models.Q(
                        ("undone_at__isnull", False),
                        ("undone_by__isnull", False),
                        models.Q(("undo_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lead_merge_undone_says_all",
            ),
        ),
        migrations.AddIndex(
            model_name="leadpair",
            index=models.Index(
                condition=models.Q(("is_same", None)),
                fields=["-found_at", "-id"],
                name="lead_pair_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadpair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="lead_pair_once"),
        ),
        migrations.AddConstraint(
            model_name="leadpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="lead_pair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="leadpair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None),
                        ("decided_by", None),
                        ("is_same", None),
                        ("reason", ""),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("is_same__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lead_pair_decided_says_all",
            ),
        ),
    ]
