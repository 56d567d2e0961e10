"""Customers are found by a pinyin as people type it, without blanks; and family names that are read
otherwise than the same sign in a word are spelled as such (0150)."""

import django.db.models.functions.text
from django.db import migrations, models

# What the first sign was spelled as, and how the family name is read.
_FAMILY = {
    "曾": ("ceng", "zeng"), "翟": ("di", "zhai"), "解": ("jie", "xie"), "单": ("dan", "shan"),
    "区": ("qu", "ou"), "仇": ("chou", "qiu"), "查": ("cha", "zha"), "朴": ("pu", "piao"),
    "盖": ("gai", "ge"), "折": ("zhe", "she"), "员": ("yuan", "yun"), "缪": ("mou", "miao"),
    "乐": ("le", "yue"), "覃": ("tan", "qin"), "种": ("zhong", "chong"), "繁": ("fan", "po"),
    "秘": ("mi", "bi"), "洗": ("xi", "xian"), "祭": ("ji", "zhai"), "黑": ("hei", "he"),
    "郇": ("huan", "xun"), "藏": ("cang", "zang"), "佴": ("er", "nai"), "都": ("dou", "du"),
    "阚": ("han", "kan"), "卜": ("bo", "bu"), "乜": ("mie", "nie"), "句": ("ju", "gou"),
    "薄": ("bao", "bo"), "召": ("zhao", "shao"),
}  # fmt: skip
_RESPELL = """
UPDATE journeys_customer
SET name_pinyin = one.family || substr(name_pinyin, length(one.word) + 1)
FROM unnest(%s::text[], %s::text[], %s::text[]) AS one(sign, word, family)
WHERE name LIKE one.sign || '%%' AND length(name) <= 4
  AND (name_pinyin = one.word OR name_pinyin LIKE one.word || ' %%')
"""


def respell(apps, schema_editor):
    words = [list(part) for part in zip(*_FAMILY.values(), strict=True)]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_RESPELL, [list(_FAMILY), *words])


class Migration(migrations.Migration):
    dependencies = [("journeys", "0129_extensions_in_time")]
    operations = [
        migrations.RunPython(respell, migrations.RunPython.noop),
        migrations.RemoveIndex("customer", "customer_pinyin"),
        migrations.AddIndex(
            "customer",
            models.Index(
                django.db.models.functions.text.Replace(
                    "name_pinyin", models.Value(" "), models.Value("")
                ),
                "id",
                name="customer_letters",
            ),
        ),
        # How often each beginning is met is known of an expression by this alone.
        migrations.RunSQL("ANALYZE journeys_customer", migrations.RunSQL.noop),
    ]
