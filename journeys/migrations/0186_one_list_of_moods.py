"""What is said, what is done and what is written down follow one list of moods: somebody in a hurry
is one of them, and scripts for the friendly and the doubtful are those for the pleased and the
hesitant."""

from django.db import migrations, models
from django.db.models import Q

MOODS = [
    ("calm", "Calm"), ("pleased", "Pleased"), ("hesitant", "Hesitant"), ("hurried", "In a hurry"),
    ("annoyed", "Annoyed"), ("angry", "Angry"),
]  # fmt: skip
CODES = [code for code, _name in MOODS]
# A version of a script stays as it is; its mood is another word for the same.
RENAMED = """
ALTER TABLE journeys_callscript DISABLE TRIGGER call_script_stays;
UPDATE journeys_callscript SET mood = CASE mood WHEN '{0}' THEN '{1}' ELSE '{3}' END
    WHERE mood IN ('{0}', '{2}');
ALTER TABLE journeys_callscript ENABLE TRIGGER call_script_stays;
"""
AHEAD = RENAMED.format("friendly", "pleased", "doubtful", "hesitant")
BACK = RENAMED.format("pleased", "friendly", "hesitant", "doubtful")


def _field(label, **values):
    return models.CharField(choices=MOODS, max_length=8, verbose_name=label, **values)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0185_scorecard_rule")]
    operations = [
        migrations.RemoveConstraint("callscript", "call_script_place_known"),
        migrations.RemoveConstraint("leadcall", "lead_call_known"),
        migrations.RemoveConstraint("moodmove", "mood_move_said"),
        migrations.AlterField(
            "callscript", "mood", _field("in which mood", blank=True, default="")
        ),
        migrations.AlterField(
            "leadcall", "mood_before", _field("mood at the beginning", blank=True, default="")
        ),
        migrations.AlterField(
            "leadcall", "mood_after", _field("mood at the end", blank=True, default="")
        ),
        migrations.AlterField("moodmove", "mood", _field("mood")),
        migrations.RunSQL(AHEAD, BACK),
        migrations.AddConstraint(
            "callscript",
            models.CheckConstraint(
                name="call_script_place_known",
                condition=Q(stage__in=["opening", "needs", "offer", "objection", "closing"])
                & Q(segment__in=["", "customer", "person", "company"])
                & Q(mood__in=["", *CODES]),
            ),
        ),
        migrations.AddConstraint(
            "leadcall",
            models.CheckConstraint(
                name="lead_call_known",
                condition=Q(
                    mood_after__in=["", *CODES], mood_before__in=["", *CODES],
                    next_step__in=["again", "callback", "won", "lost", "do_not_call"],
                ),
            ),
        ),
        migrations.AddConstraint(
            "moodmove",
            models.CheckConstraint(
                name="mood_move_said",
                condition=Q(mood__in=CODES)
                & ~Q(name="") & ~Q(name_en="") & ~Q(words="") & ~Q(words_en="") & ~Q(source=""),
            ),
        ),
    ]  # fmt: skip
