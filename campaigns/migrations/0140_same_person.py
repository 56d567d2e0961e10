"""An answer of its own where a person has the reward under another customer number."""

from django.db import migrations, models

ANSWERS = [
    ("granted", "Gets the reward"),
    ("had_before", "Had it before"),
    ("control", "Control group: left out for comparison"),
    ("not_in_use", "Card not activated and used yet"),
    ("closed", "Card closed since"),
    ("had_elsewhere", "Had the reward of a campaign that rules this one out"),
    ("same_person", "Has it under another customer number"),
    ("other_of_group", "Given to by another campaign of the group"),
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


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0139_places_by_campaign")]

    operations = [
        migrations.AlterField(
            model_name="lowertier",
            name="answer",
            field=models.CharField(choices=ANSWERS, max_length=20, verbose_name="answer"),
        ),
    ]
