"""A grant of a campaign of an exclusive group says on which days it rules out the others, and the
database refuses what such a grant rules out, whatever runs at once."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

ANSWERS = [
    ("granted", "Gets the reward"),
    ("had_before", "Had it before"),
    ("control", "Control group: left out for comparison"),
    ("not_in_use", "Card not activated and used yet"),
    ("closed", "Card closed since"),
    ("had_elsewhere", "Had the reward of a campaign that rules this one out"),
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
# Asked once for all rows of a statement. The group is that of the version, and the days are those of
# the group's rule; empty are they only where an earlier grant of the same slot has held already.
GUARD = """
CREATE FUNCTION campaigns_grant_holds_its_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT DISTINCT version_id, group_id, granted_date, held, round > 1 AS is_again
            FROM inserted
        ) AS given
        JOIN campaigns_campaignversion version ON version.id = given.version_id
        LEFT JOIN campaigns_exclusivegroup named ON named.code = version.content->>'group'
        WHERE given.group_id IS DISTINCT FROM named.id
           OR version.content ? 'group' AND named.id IS NULL
           OR named.id IS NOT NULL AND NOT (
                given.held = daterange(given.granted_date, given.granted_date + named.days)
                OR given.is_again AND isempty(given.held))
    ) THEN
        RAISE EXCEPTION 'a gift rules out the other campaigns of its group for as long as that says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_holds_its_group';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grant_holds_its_group AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT
    EXECUTE FUNCTION campaigns_grant_holds_its_group();
"""
UNGUARD = """
DROP TRIGGER grant_holds_its_group ON campaigns_grant;
DROP FUNCTION campaigns_grant_holds_its_group();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0129_exclusive_groups")]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="group",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.exclusivegroup",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="held",
            field=django.contrib.postgres.fields.ranges.DateRangeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("group__isnull", False)),
                expressions=[
                    ("group", "="), ("customer", "="), ("campaign", "<>"), ("held", "&&"),
                ],
                name="grant_one_campaign_of_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group", None), ("held", None)),
                    models.Q(("group__isnull", False), ("held__isnull", False)),
                    _connector="OR",
                ),
                name="grant_held_of_group",
            ),
        ),
        migrations.AlterField(
            model_name="lowertier",
            name="answer",
            field=models.CharField(choices=ANSWERS, max_length=20, verbose_name="answer"),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
