"""A referral that is withdrawn marks the one who brought the person, and what was granted for it is
looked at; nothing is granted for it any more, nor for a person for whom something stands."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

_follow = import_module("campaigns.migrations.0071_changes_marked")._follow

# The day of the referral lies behind all that a run carries from.
_BOTH = """SELECT referrer_id AS who, id, application_id, referred_id, on_date, withdrawn_at
            FROM"""
_WITHDRAWN = f"""SELECT who, date '-infinity' AS day FROM (
            ({_BOTH} come EXCEPT ALL {_BOTH} gone) UNION ALL ({_BOTH} gone EXCEPT ALL {_BOTH} come)
        ) moved"""
NOTED = """
CREATE FUNCTION campaigns_note_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_tolookat (first_grant, last_grant, due_date)
    SELECT given.id, given.id, (come.withdrawn_at AT TIME ZONE 'Asia/Shanghai')::date
    FROM come JOIN campaigns_grant given ON given.referral_id = come.id
    WHERE come.withdrawn_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER withdrawn_noted AFTER UPDATE ON journeys_referral
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION campaigns_note_withdrawn();
"""
# Whoever is given back another one's place is asked again.
FREED = """
CREATE FUNCTION campaigns_mark_person_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_factchange (customer_id, transaction_id, last_date)
    SELECT DISTINCT other.referrer_id, pg_current_xact_id()::text::bigint, date '-infinity'
    FROM come JOIN campaigns_grant given ON given.id = come.grant_id
    JOIN journeys_referral mine ON mine.id = given.referral_id
    JOIN journeys_referral other ON other.referred_id = mine.referred_id AND other.id <> mine.id
    WHERE other.withdrawn_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER person_free_marked AFTER INSERT ON campaigns_grantreversal
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION campaigns_mark_person_free();
"""
GUARD = """
CREATE FUNCTION campaigns_grant_for_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Nobody withdraws one of them before this transaction ends.
    PERFORM FROM journeys_referral referral
    WHERE referral.id IN (SELECT referral_id FROM inserted) ORDER BY referral.id FOR SHARE;
    IF EXISTS (
        SELECT FROM inserted JOIN journeys_referral referral ON referral.id = inserted.referral_id
        WHERE referral.withdrawn_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'nothing is given for a referral that was withdrawn'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_of_standing_referral';
    END IF;
    IF EXISTS (
        SELECT FROM inserted JOIN journeys_referral mine ON mine.id = inserted.referral_id
        JOIN journeys_referral other
            ON other.referred_id = mine.referred_id AND other.id <> mine.id
        JOIN campaigns_grant given
            ON given.referral_id = other.id AND given.campaign_id = inserted.campaign_id
        WHERE NOT EXISTS (SELECT FROM campaigns_grantreversal back WHERE back.grant_id = given.id)
    ) THEN
        RAISE EXCEPTION 'something stands for this person already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_once_for_brought';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grant_for_person AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT
    EXECUTE FUNCTION campaigns_grant_for_person();
"""
FORWARD = (
    _follow(
        "journeys_referral",
        "UPDATE",
        "REFERENCING NEW TABLE AS come OLD TABLE AS gone",
        _WITHDRAWN,
    )
    + NOTED
    + FREED
    + GUARD
)
BACKWARD = """
DROP TRIGGER grant_for_person ON campaigns_grant;
DROP FUNCTION campaigns_grant_for_person();
DROP TRIGGER person_free_marked ON campaigns_grantreversal;
DROP FUNCTION campaigns_mark_person_free();
DROP TRIGGER withdrawn_noted ON journeys_referral;
DROP FUNCTION campaigns_note_withdrawn();
DROP TRIGGER changes_marked_update ON journeys_referral;
DROP FUNCTION campaigns_mark_journeys_referral_update();
"""
KINDS = [
    ("exchanged", "Exchanged for a higher tier"),
    ("condition_lost", "A condition holds no longer after a refund"),
    ("less_spent", "Less spending to multiply after a refund"),
    ("not_brought", "Who brought the person was recorded wrongly"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0107_benefit_guards"),
        ("journeys", "0106_referral_withdrawal_guards"),
    ]
    operations = [
        migrations.AlterField(
            "grantreversal",
            "kind",
            models.CharField(choices=KINDS, max_length=14, verbose_name="reason"),
        ),
        migrations.RemoveConstraint("grantreversal", "reversal_has_reason"),
        migrations.AddConstraint(
            "grantreversal",
            models.CheckConstraint(
                condition=Q(kind__in=["exchanged", "not_brought"], failed_at=None)
                | Q(kind__in=["condition_lost", "less_spent"], failed_at__isnull=False),
                name="reversal_has_reason",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
