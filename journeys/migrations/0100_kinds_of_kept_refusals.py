"""The list of what is kept of refusals holds ID numbers and e-mail addresses too: each row says of
what its hash is."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

GUARD = """
CREATE OR REPLACE FUNCTION journeys_guard_erased_refusal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR ({old}) IS DISTINCT FROM ({new})
       OR NEW.refused_date >= OLD.refused_date THEN
        RAISE EXCEPTION '% is only added to: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
_KEY = "ALTER INDEX journeys_erasedrefusal_{}_key RENAME TO journeys_erasedrefusal_{}_key;"


def _guard(*columns):
    return GUARD.replace("{old}", ", ".join(f"OLD.{name}" for name in columns)).replace(
        "{new}", ", ".join(f"NEW.{name}" for name in columns)
    )


def _hashed(column):
    return models.CheckConstraint(
        condition=Q(Exact(Length(column), 16)), name="erased_refusal_is_hashed"
    )


class Migration(migrations.Migration):
    dependencies = [("journeys", "0099_bearers_and_readers_beside")]
    operations = [
        migrations.RemoveConstraint("erasedrefusal", "erased_refusal_is_hashed"),
        migrations.RenameField("erasedrefusal", "callee", "value_hash"),
        migrations.RunSQL(_KEY.format("callee", "value_hash"), _KEY.format("value_hash", "callee")),
        migrations.AddConstraint("erasedrefusal", _hashed("value_hash")),
        # Until now they were of phones.
        migrations.AddField(
            "erasedrefusal",
            "kind",
            models.CharField(
                choices=[
                    ("phone", "phone"), ("id_number", "ID number"), ("email", "e-mail address"),
                ],
                default="phone",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "erasedrefusal",
            models.CheckConstraint(
                name="erased_refusal_kind_known",
                condition=Q(kind__in=["phone", "id_number", "email"]),
            ),
        ),
        migrations.RunSQL(
            _guard("id", "kind", "value_hash"), _guard("id", "callee")
        ),
    ]
