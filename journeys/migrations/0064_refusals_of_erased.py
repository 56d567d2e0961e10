"""What is kept of the refusal of an erased person, and told in the proof of the erasure."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

GUARD = """
CREATE TRIGGER erased_refusal_fixed BEFORE UPDATE OR DELETE ON journeys_erasedrefusal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0063_callees_beside_phones")]
    operations = [
        migrations.CreateModel(
            "ErasedRefusal",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("callee", models.BinaryField(max_length=16, unique=True)),
                ("refused_date", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(Exact(Length("callee"), 16)), name="erased_refusal_is_hashed"
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER erased_refusal_fixed ON journeys_erasedrefusal;"),
        migrations.AddField(
            "erasureproof",
            "kept",
            models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="kept so that the refusal holds"
            ),
        ),
    ]
