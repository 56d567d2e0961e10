"""The rule of scorecards as it is delivered: the bank sets its own with a later day."""

from typing import Any

from django.db import migrations

SOURCE = (
    "银保监规〔2022〕13号：合规、风险类指标权重应明显高于其他指标；"
    "“明显”幅度、追回期限和结算日为系统初始值，由本行以新规则调整"
)
RULE: dict[str, Any] = {
    "effective_date": "2022-07-07", "margin": "5.00", "hold_months": 12, "unused_days": 180,
    "settle_day": 10, "source": SOURCE,
}  # fmt: skip


def _add(apps: Any, _schema: Any) -> None:
    apps.get_model("journeys", "ScorecardRule").objects.create(**RULE)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0184_target_guards")]
    operations = [migrations.RunPython(_add, migrations.RunPython.noop)]
