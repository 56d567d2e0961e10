"""Offers of rivals that the demo bank's managers noted of merchants that are compared or waver."""

import datetime as dt
import random
from collections.abc import Sequence

from merchants.comparison import operations
from merchants.partnerships.enums import Phase
from merchants.partnerships.models import Partnership
from portal.kit import clock

_PHASES = {Phase.COMPARISON, Phase.WAVERING, Phase.ADJUSTMENT}
OFFERS = [
    ("fee", "手续费率 0.38%，首年不变", "商户出示的对方报价单"),
    ("discount", "持卡人每周三满 100 减 20，每月 3000 份", "门店收银台海报"),
    ("rebate", "周末消费返 3% 积分，单户每月上限 50 元", "对方手机银行活动页"),
    ("support", "对方承担店庆广告费 2 万元", "商户市场负责人面谈"),
    ("exclusive", "两年独家，另给予终端补贴", "商户负责人转述，待核实"),
]
RIVALS = ["甲银行", "乙银行", "丙支付机构"]


def note_offers(*, seed: str, rows: Sequence[Partnership], on: dt.date) -> None:
    """This will note one or two offers of invented rivals for each merchant that is looked at,
    since it is; some have run out by the day `on`."""
    rng = random.Random(f"{seed}:offers")
    for row in rows:
        if row.phase not in _PHASES:
            continue
        for kind, terms, source in rng.sample(OFFERS, rng.randint(1, 2)):
            since = (on - row.since).days if row.since else 1
            seen = on - dt.timedelta(days=rng.randint(1, max(1, since - 1)))
            until = seen + dt.timedelta(days=rng.choice((14, 90)))
            operations.note_offer(
                merchant_id=row.merchant_id, rival=rng.choice(RIVALS), kind=kind, terms=terms,
                source=source, seen_date=seen, until_date=until,
                actor=row.manager, at=clock.start_of(seen) + dt.timedelta(hours=11),
            )  # fmt: skip
