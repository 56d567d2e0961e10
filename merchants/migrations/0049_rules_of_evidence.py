"""From how much evidence of a kind on a move is suggested: dated rules, only added to."""

from django.db import migrations, models
from django.db.models import F, Q

FIXED = """
CREATE TRIGGER evidencerule_fixed BEFORE UPDATE OR DELETE ON merchants_evidencerule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NOT_FIXED = "DROP TRIGGER evidencerule_fixed ON merchants_evidencerule;"
KINDS = [
    ("rivals", "Offers of rivals"),
    ("contract", "End of the contract"),
    ("merchant_broke", "Promises that the merchant broke"),
    ("bank_broke", "Promises that we broke"),
    ("complaints", "Complaints"),
    ("kept", "Promises kept by both sides"),
]


class Migration(migrations.Migration):
    dependencies = [("merchants", "0048_posts_stand_on_their_days")]
    operations = [
        migrations.CreateModel(
            name="EvidenceRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=KINDS, max_length=16, verbose_name="kind of evidence"
                    ),
                ),
                ("effective_date", models.DateField(verbose_name="in force from")),
                ("is_heard", models.BooleanField(default=True, verbose_name="suggests moves")),
                ("limit", models.PositiveSmallIntegerField(verbose_name="suggests from")),
                (
                    "over",
                    models.PositiveSmallIntegerField(
                        help_text="While there is more, kept promises do not suggest the way back.",
                        verbose_name="is over at",
                    ),
                ),
                (
                    "stake",
                    models.PositiveSmallIntegerField(
                        help_text=(
                            "By it suggestions are put in order, beside what a fall of turnover"
                            " costs."
                        ),
                        verbose_name="at stake (% of a year's turnover)",
                    ),
                ),
                ("source", models.TextField(verbose_name="source of the rule")),
            ],
            options={
                "verbose_name": "rule of evidence",
                "verbose_name_plural": "rules of evidence",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "effective_date"), name="evidence_rule_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            kind__in=[code for code, _name in KINDS], limit__range=(1, 1000),
                            stake__lte=100,
                        ) & ~Q(source=""),
                        name="evidence_rule_bounds",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind="contract", over__gte=F("limit"), over__lte=1000)
                        | ~Q(kind="contract") & Q(over__lt=F("limit")),
                        name="evidence_rule_has_a_gap",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, NOT_FIXED),
    ]  # fmt: skip
