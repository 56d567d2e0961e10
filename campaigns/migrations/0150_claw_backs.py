"""What becomes of rewards that a person holds twice: somebody looked at them, or one of them is
claimed back by hand, as two people say."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

KINDS = [
    ("exchanged", "Exchanged for a higher tier"),
    ("condition_lost", "A condition holds no longer after a refund"),
    ("less_spent", "Less spending to multiply after a refund"),
    ("not_brought", "Who brought the person was recorded wrongly"),
    ("given_twice", "Given twice to one person, claimed back"),
]
STATES = [
    ("asked", "Waits for approval"),
    ("done", "Claimed back"),
    ("used", "Part of it was used: the rest was taken back"),
    ("refused", "Not approved"),
]
GUARDS = """
CREATE FUNCTION campaigns_claw_back_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'asked'
       OR (NEW.id, NEW.grant_id, NEW.reason, NEW.asked_by_id, NEW.asked_at)
          IS DISTINCT FROM (OLD.id, OLD.grant_id, OLD.reason, OLD.asked_by_id, OLD.asked_at)
    THEN
        RAISE EXCEPTION 'a claw-back is decided once: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claw_back_fixed BEFORE UPDATE OR DELETE ON campaigns_clawback
    FOR EACH ROW EXECUTE FUNCTION campaigns_claw_back_decided_once();
CREATE TRIGGER looked_at_fixed BEFORE UPDATE OR DELETE ON campaigns_lookedat
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION campaigns_reversal_of_claw_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM campaigns_clawback asked WHERE asked.id = NEW.claw_back_id
                     AND asked.grant_id = NEW.grant_id AND asked.state = 'done') THEN
        RAISE EXCEPTION 'nobody approved that grant % is claimed back', NEW.grant_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reversal_of_claw_back BEFORE INSERT ON campaigns_grantreversal
    FOR EACH ROW WHEN (NEW.claw_back_id IS NOT NULL)
    EXECUTE FUNCTION campaigns_reversal_of_claw_back();
"""
UNGUARDED = """
DROP TRIGGER reversal_of_claw_back ON campaigns_grantreversal;
DROP FUNCTION campaigns_reversal_of_claw_back();
DROP TRIGGER looked_at_fixed ON campaigns_lookedat;
DROP TRIGGER claw_back_fixed ON campaigns_clawback;
DROP FUNCTION campaigns_claw_back_decided_once();
"""
# Words that people write open to erasures.
OWNER = (
    "(SELECT ''customer:'' || customer_id FROM campaigns_grant"
    " WHERE id = ($1 ->> ''grant_id'')::bigint)"
)
OPENED = [
    ("campaigns_clawback", "claw_back_fixed"),
    ("campaigns_lookedat", "looked_at_fixed"),
]
STAFF = settings.AUTH_USER_MODEL


def staff(**more: bool) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=STAFF, **more
    )


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0149_control_by_person"),
        ("journeys", "0143_own_addresses"),
        migrations.swappable_dependency(STAFF),
    ]

    operations = [
        migrations.CreateModel(
            name="ClawBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("state", models.CharField(choices=STATES, default="asked", max_length=8, verbose_name="state")),
                ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("grant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="claw_backs", to="campaigns.grant")),
                ("asked_by", staff()),
                ("settled_by", staff(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=~Q(reason=""), name="claw_back_has_reason"),
                    models.CheckConstraint(
                        condition=Q(state="asked", settled_by=None, settled_at=None)
                        | Q(state="refused", settled_at__isnull=False)
                        | Q(state__in=["done", "used"])
                        & Q(settled_at__isnull=False, settled_by__isnull=False)
                        & ~Q(settled_by=F("asked_by")),
                        name="claw_back_by_two",
                    ),
                    models.UniqueConstraint(condition=Q(state="asked"), fields=("grant",), name="claw_back_asked_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookedAt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grants", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("of_group", models.BooleanField()),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("looked_at", models.DateTimeField(verbose_name="looked at")),
                ("grant", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.grant")),
                ("looked_by", staff()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("grant", "grants", "of_group"), name="looked_at_once"),
                    models.CheckConstraint(condition=~Q(reason=""), name="looked_at_has_reason"),
                    models.CheckConstraint(condition=Q(grants__len__gte=2), name="looked_at_names_several"),
                ],
            },
        ),
        migrations.AlterField(
            "grantreversal",
            "kind",
            models.CharField(choices=KINDS, max_length=14, verbose_name="reason"),
        ),
        migrations.AddField(
            "grantreversal",
            "claw_back",
            models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reversal", to="campaigns.clawback"),
        ),
        migrations.RemoveConstraint("grantreversal", "reversal_has_reason"),
        migrations.AddConstraint(
            "grantreversal",
            models.CheckConstraint(
                condition=Q(kind__in=["exchanged", "not_brought"], failed_at=None, claw_back=None)
                | Q(kind="given_twice", failed_at=None, claw_back__isnull=False)
                | Q(kind__in=["condition_lost", "less_spent"], failed_at__isnull=False, claw_back=None),
                name="reversal_has_reason",
            ),
        ),
        migrations.RunSQL(GUARDS, UNGUARDED),
        *(
            migrations.RunSQL(
                f"SELECT journeys_open_to_erasure('{ledger}', '{guard}', '{OWNER}', 'reason')",
                f"SELECT journeys_close_to_erasure('{ledger}', '{guard}')",
            )
            for ledger, guard in OPENED
        ),
    ]
