"""What may be done for somebody in a hurry, as it is delivered."""

from django.db import migrations

_HOUSE = "出厂设置，待本行确定 / As delivered"
MOVES = [
    ("one_sentence", "一句话说完", "Say it in one sentence",
     "耽误您二十秒，只说一件事。", "Twenty seconds, and one thing only.", _HOUSE),
    ("set_a_time", "另约时间", "Set another time",
     "您什么时候方便，我到时再打给您？", "When would it suit you? I will call then.", _HOUSE),
]  # fmt: skip


def fill(apps, schema_editor):
    move = apps.get_model("journeys", "MoodMove")
    for place, (code, name, name_en, words, words_en, source) in enumerate(MOVES, 1):
        move.objects.create(
            mood="hurried", code=code, place=place, name=name, name_en=name_en, words=words,
            words_en=words_en, source=source,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("journeys", "0186_one_list_of_moods")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
