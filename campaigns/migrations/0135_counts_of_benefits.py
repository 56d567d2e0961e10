"""What became of member benefits is counted by triggers, reward by reward, so that a page reads a few
rows and not every use there ever was. They write a row for each statement and change none: nobody
who records a use waits for another."""

import django.db.models.deletion
from django.db import migrations, models

COUNTS = """
CREATE FUNCTION campaigns_count_benefits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_benefitcount (campaign_id, reward, version_id, grants, uses)
    SELECT more.campaign_id, given.reward, max(given.version_id), count(*), sum(more.uses)
    FROM added more JOIN campaigns_grant given ON given.id = more.grant_id
    GROUP BY more.campaign_id, given.reward;
    RETURN NULL;
END $$;
CREATE TRIGGER count_benefits AFTER INSERT ON campaigns_benefit
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_count_benefits();

CREATE FUNCTION campaigns_count_benefit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_benefitcount (campaign_id, reward, used, expired, taken_back, unused)
    SELECT own.campaign_id, given.reward,
           coalesce(-sum(more.units) FILTER (WHERE more.kind IN ('use', 'undo')), 0),
           coalesce(-sum(more.units) FILTER (WHERE more.kind IN ('expire', 'reopen')), 0),
           coalesce(-sum(more.units) FILTER (WHERE more.kind IN ('take_back', 'restore')), 0),
           coalesce(-sum(more.units * given.amount / own.uses)
                    FILTER (WHERE more.kind IN ('expire', 'reopen')), 0)
    FROM added more
    JOIN campaigns_benefit own ON own.id = more.benefit_id
    JOIN campaigns_grant given ON given.id = own.grant_id
    GROUP BY own.campaign_id, given.reward;
    RETURN NULL;
END $$;
CREATE TRIGGER count_benefit_entries AFTER INSERT ON campaigns_benefitentry
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_count_benefit_entries();

-- What there is already.
INSERT INTO campaigns_benefitcount (campaign_id, reward, version_id, grants, uses)
SELECT own.campaign_id, given.reward, max(given.version_id), count(*), sum(own.uses)
FROM campaigns_benefit own JOIN campaigns_grant given ON given.id = own.grant_id
GROUP BY own.campaign_id, given.reward;
INSERT INTO campaigns_benefitcount (campaign_id, reward, used, expired, taken_back, unused)
SELECT own.campaign_id, given.reward,
       coalesce(-sum(entry.units) FILTER (WHERE entry.kind IN ('use', 'undo')), 0),
       coalesce(-sum(entry.units) FILTER (WHERE entry.kind IN ('expire', 'reopen')), 0),
       coalesce(-sum(entry.units) FILTER (WHERE entry.kind IN ('take_back', 'restore')), 0),
       coalesce(-sum(entry.units * given.amount / own.uses)
                FILTER (WHERE entry.kind IN ('expire', 'reopen')), 0)
FROM campaigns_benefitentry entry
JOIN campaigns_benefit own ON own.id = entry.benefit_id
JOIN campaigns_grant given ON given.id = own.grant_id
GROUP BY own.campaign_id, given.reward;
"""
UNCOUNTED = """
DROP TRIGGER count_benefit_entries ON campaigns_benefitentry;
DROP FUNCTION campaigns_count_benefit_entries();
DROP TRIGGER count_benefits ON campaigns_benefit;
DROP FUNCTION campaigns_count_benefits();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0134_uses_told_by_partners")]

    operations = [
        migrations.CreateModel(
            name="BenefitCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reward", models.CharField(max_length=40)),
                ("grants", models.IntegerField(db_default=0, default=0)),
                ("uses", models.IntegerField(db_default=0, default=0)),
                ("used", models.IntegerField(db_default=0, default=0)),
                ("expired", models.IntegerField(db_default=0, default=0)),
                ("taken_back", models.IntegerField(db_default=0, default=0)),
                ("unused", models.DecimalField(db_default=0, decimal_places=6, default=0, max_digits=20)),
                ("campaign", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign")),
                ("version", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaignversion")),
            ],
        ),
        migrations.RunSQL(COUNTS, UNCOUNTED),
    ]
