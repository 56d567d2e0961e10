"""Whether two merchants are one: they may be told apart for good, and who is bound by a contract
that a negotiation signed is not merged away."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER merchantsapart_fixed BEFORE UPDATE OR DELETE ON merchants_merchantsapart
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_bound_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.merged_into_id IS NOT NULL AND EXISTS (
        SELECT FROM merchants_merchantcontract c
          JOIN merchants_signedterms t ON t.contract_id = c.id
         WHERE c.merchant_id = NEW.id
           AND c.last_date >= (now() AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'merchant % signed a contract that holds and is not merged away', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'merchant_bound_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merchant_bound_is_kept BEFORE UPDATE OF merged_into_id ON merchants_merchant
    FOR EACH ROW WHEN (NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)
    EXECUTE FUNCTION merchants_bound_is_kept();

CREATE FUNCTION merchants_stays_with_signer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_signed boolean;
BEGIN
    IF TG_TABLE_NAME = 'merchants_merchantcontract' THEN
        is_signed := EXISTS (SELECT FROM merchants_signedterms WHERE contract_id = OLD.id);
    ELSE
        is_signed := EXISTS (SELECT FROM merchants_signedterms WHERE clause_id = OLD.id);
    END IF;
    IF is_signed THEN
        RAISE EXCEPTION '% % stays with the merchant that signed it', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_ARGV[0];
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_stays_with_signer BEFORE UPDATE OF merchant_id
    ON merchants_merchantcontract
    FOR EACH ROW WHEN (NEW.merchant_id IS DISTINCT FROM OLD.merchant_id)
    EXECUTE FUNCTION merchants_stays_with_signer('contract_stays_with_signer');
CREATE TRIGGER clause_stays_with_signer BEFORE UPDATE OF merchant_id ON merchants_dataclause
    FOR EACH ROW WHEN (NEW.merchant_id IS DISTINCT FROM OLD.merchant_id)
    EXECUTE FUNCTION merchants_stays_with_signer('clause_stays_with_signer');
"""
NO_GUARDS = """
DROP TRIGGER clause_stays_with_signer ON merchants_dataclause;
DROP TRIGGER contract_stays_with_signer ON merchants_merchantcontract;
DROP FUNCTION merchants_stays_with_signer();
DROP TRIGGER merchant_bound_is_kept ON merchants_merchant;
DROP FUNCTION merchants_bound_is_kept();
DROP TRIGGER merchantsapart_fixed ON merchants_merchantsapart;
"""


def _foreign(to: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to
    )


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0039_manager_change_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="MerchantsApart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_key", models.CharField(blank=True, max_length=240)),
                ("credit_code", models.CharField(blank=True, max_length=18)),
                (
                    "phones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=41),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("at", models.DateTimeField()),
                ("by", _foreign(settings.AUTH_USER_MODEL)),
                ("first", _foreign("merchants.merchant")),
                ("second", _foreign("merchants.merchant")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["first", "second"], name="merchants_apart_pair")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="merchants_apart_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="merchants_apart_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_key", ""), _negated=True),
                            models.Q(("credit_code", ""), _negated=True),
                            ("phones__len__gte", 1),
                            _connector="OR",
                        ),
                        name="merchants_apart_by_a_sign",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
