"""What is read and by which form until the head office sets others."""

import json

from django.db import migrations

SOURCE = "出厂设置，待本行确定 / As delivered"
CRITERIA = [
    ("identity", "说明身份和所属银行", "Said who calls, and of which bank", 15, True),
    ("purpose", "说明来电目的", "Said what the call is about", 10, False),
    ("refusal", "告知可以拒绝，并尊重拒绝", "Offered to refuse, and took a refusal", 20, True),
    ("pressure", "没有催促或施压", "Put no pressure on", 20, True),
    ("facts", "产品和费用的说法真实", "Facts about product and costs are true", 20, True),
    ("promise", "承诺已记录", "Noted what was promised", 5, False),
    ("manner", "语气礼貌，倾听客户", "Was polite, and listened", 10, False),
]
_LINES = json.dumps(
    [
        {"code": code, "name": name, "name_en": name_en, "weight": weight, "grave": grave}
        for code, name, name_en, weight, grave in CRITERIA
    ],
    ensure_ascii=False,
)
FILL = f"""
INSERT INTO journeys_qualitypolicy
    (effective_date, random_percent, random_least, random_most, risk_most, short_seconds,
     sale_seconds, new_days, second_percent, dispute_days, source, set_at)
VALUES ('2000-01-01', 2, 2, 10, 5, 15, 120, 30, 20, 10, '{SOURCE}', now());
INSERT INTO journeys_qualityform (effective_date, criteria, source, set_at)
VALUES ('2000-01-01', '{_LINES}', '{SOURCE}', now());
"""
EMPTY = """
ALTER TABLE journeys_qualityform DISABLE TRIGGER qualityform_fixed;
ALTER TABLE journeys_qualitypolicy DISABLE TRIGGER qualitypolicy_fixed;
DELETE FROM journeys_qualityform;
DELETE FROM journeys_qualitypolicy;
ALTER TABLE journeys_qualityform ENABLE TRIGGER qualityform_fixed;
ALTER TABLE journeys_qualitypolicy ENABLE TRIGGER qualitypolicy_fixed;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0171_quality_guards")]
    operations = [migrations.RunSQL(FILL, EMPTY)]
