"""A tier may have a budget of its own. What was charged for the tiers of campaigns before stands in
their accounts from now on, as that of all other limits does."""

from django.db import migrations, models

KINDS = [
    ("stock", "Stock of a reward"),
    ("tier", "Budget of a reward"),
    ("campaign", "Whole campaign"),
    ("day", "A day"),
    ("branch", "A branch and those below it"),
    ("customer", "One customer"),
    ("party", "Who bears the cost"),
]
ANSWERS = [
    ("granted", "Gets the reward"),
    ("had_before", "Had it before"),
    ("control", "Control group: left out for comparison"),
    ("not_in_use", "Card not activated and used yet"),
    ("closed", "Card closed since"),
    ("had_elsewhere", "Had the reward of a campaign that rules this one out"),
    ("too_late", "Its last day of use is over"),
    ("stock_out", "Out of stock"),
    ("over_budget_tier", "The budget of the reward is used up"),
    ("over_budget_total", "The budget is used up"),
    ("over_budget_day", "The budget of the day is used up"),
    ("over_budget_branch", "The budget of the branch is used up"),
    ("over_budget_customer", "The customer's limit is reached"),
    ("over_budget_party", "A party's share is used up"),
    ("not_reached", "No lower tier is reached"),
    ("vetoed", "The version was vetoed: nothing is given by it any more"),
]
_FILL = """
INSERT INTO campaigns_budgetlimit (book_id, kind, key, used, carried)
SELECT entry.book_id, 'tier', entry.tier, sum(entry.amount), 0
FROM campaigns_budgetentry entry JOIN campaigns_budgetbook book ON book.id = entry.book_id
WHERE book.run_id IS NULL GROUP BY entry.book_id, entry.tier ORDER BY entry.book_id, entry.tier
"""
_EMPTY = "DELETE FROM campaigns_budgetlimit WHERE kind = 'tier'"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0127_days_of_earlier_decisions")]

    operations = [
        migrations.AlterField(
            model_name="budgetlimit",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=8, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="budgetbook",
            name="refused_kind",
            field=models.CharField(blank=True, choices=KINDS, max_length=8),
        ),
        migrations.AlterField(
            model_name="lowertier",
            name="answer",
            field=models.CharField(choices=ANSWERS, max_length=20, verbose_name="answer"),
        ),
        migrations.RunSQL(_FILL, _EMPTY),
    ]
