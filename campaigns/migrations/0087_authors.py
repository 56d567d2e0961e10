"""Everybody who wrote in a draft, and so in the version that it became: none of them may approve it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
INSERT INTO campaigns_draftwriter (draft_id, staff_id, wrote_at)
SELECT id, owner_id, created_at FROM campaigns_draft
UNION SELECT id, changed_by_id, changed_at FROM campaigns_draft WHERE changed_by_id <> owner_id;
"""
GUARD = """
CREATE TRIGGER versionauthor_fixed BEFORE UPDATE OR DELETE ON campaigns_versionauthor
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION campaigns_version_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM campaigns_campaignversion
        WHERE id = NEW.version_id AND state IN ('draft', 'returned') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'who wrote a version is named before it is submitted' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_author_named_first';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_author_named_first BEFORE INSERT ON campaigns_versionauthor
    FOR EACH ROW EXECUTE FUNCTION campaigns_version_author();

-- A submission names everybody who wrote in the version.
CREATE OR REPLACE FUNCTION campaigns_version_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := CASE WHEN TG_OP = 'INSERT' THEN 'draft' ELSE OLD.state END;
    holds boolean;
BEGIN
    IF NEW.state = before THEN
        RETURN NEW;
    END IF;
    IF NOT (before, NEW.state) IN (
        ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'approved'),
        ('submitted', 'returned'), ('submitted', 'vetoed'), ('approved', 'returned'),
        ('approved', 'vetoed')) THEN
        RAISE EXCEPTION 'a version that is % cannot become %', before, NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_state_goes_on';
    END IF;
    IF NEW.state = 'submitted' AND EXISTS (
        SELECT FROM campaigns_campaignversion twin
        WHERE twin.campaign_id = NEW.campaign_id AND twin.content_hash = NEW.content_hash
          AND twin.state = 'vetoed') THEN
        RAISE EXCEPTION 'what was vetoed cannot come back unchanged' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_not_vetoed_before';
    END IF;
    SELECT CASE NEW.state
        WHEN 'submitted' THEN bool_or(one.state = 'pending' AND one.is_of_it)
        WHEN 'approved' THEN bool_or(one.state = 'approved' AND one.is_of_it)
        WHEN 'vetoed' THEN bool_or(one.state = 'vetoed')
        ELSE NOT bool_or(one.state IN ('pending', 'approved'))
    END INTO holds
    FROM (
        SELECT submission.state,
               submission.author_id = NEW.created_by_id
               AND submission.snapshot ->> 'content_hash' = NEW.content_hash
               AND submission.snapshot -> 'content' = NEW.content
               AND NOT EXISTS (
                   SELECT FROM campaigns_versionauthor wrote
                   WHERE wrote.version_id = NEW.id AND wrote.staff_id <> submission.author_id
                     AND NOT EXISTS (
                       SELECT FROM portal_submissionauthor named
                       WHERE named.submission_id = submission.id
                         AND named.staff_id = wrote.staff_id)) AS is_of_it
        FROM portal_submission submission
        WHERE submission.kind = 'campaign_version' AND submission.target_key = NEW.id::text
    ) one;
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION 'no submission bears out that the version is %', NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_follows_submission';
    END IF;
    RETURN NEW;
END $$;
"""
UNGUARD = """
CREATE OR REPLACE FUNCTION campaigns_version_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := CASE WHEN TG_OP = 'INSERT' THEN 'draft' ELSE OLD.state END;
    holds boolean;
BEGIN
    IF NEW.state = before THEN
        RETURN NEW;
    END IF;
    IF NOT (before, NEW.state) IN (
        ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'approved'),
        ('submitted', 'returned'), ('submitted', 'vetoed'), ('approved', 'returned'),
        ('approved', 'vetoed')) THEN
        RAISE EXCEPTION 'a version that is % cannot become %', before, NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_state_goes_on';
    END IF;
    IF NEW.state = 'submitted' AND EXISTS (
        SELECT FROM campaigns_campaignversion twin
        WHERE twin.campaign_id = NEW.campaign_id AND twin.content_hash = NEW.content_hash
          AND twin.state = 'vetoed') THEN
        RAISE EXCEPTION 'what was vetoed cannot come back unchanged' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_not_vetoed_before';
    END IF;
    SELECT CASE NEW.state
        WHEN 'submitted' THEN bool_or(one.state = 'pending' AND one.is_of_it)
        WHEN 'approved' THEN bool_or(one.state = 'approved' AND one.is_of_it)
        WHEN 'vetoed' THEN bool_or(one.state = 'vetoed')
        ELSE NOT bool_or(one.state IN ('pending', 'approved'))
    END INTO holds
    FROM (
        SELECT submission.state,
               submission.author_id = NEW.created_by_id
               AND submission.snapshot ->> 'content_hash' = NEW.content_hash
               AND submission.snapshot -> 'content' = NEW.content AS is_of_it
        FROM portal_submission submission
        WHERE submission.kind = 'campaign_version' AND submission.target_key = NEW.id::text
    ) one;
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION 'no submission bears out that the version is %', NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_follows_submission';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER version_author_named_first ON campaigns_versionauthor;
DROP FUNCTION campaigns_version_author();
DROP TRIGGER versionauthor_fixed ON campaigns_versionauthor;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0086_grants_of_approved_versions"),
        ("portal", "0015_more_authors"),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftWriter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wrote_at", models.DateTimeField()),
                ("draft", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="writers", to="campaigns.draft")),
                ("staff", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("draft", "staff"), name="draft_writer_once")],
            },
        ),
        migrations.CreateModel(
            name="VersionAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("wrote_at", models.DateTimeField()),
                ("staff", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="authors", to="campaigns.campaignversion")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("version", "staff"), name="version_author_once")],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
