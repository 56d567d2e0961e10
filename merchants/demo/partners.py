"""The demo bank's merchants: invented brands in the cities where it has branches."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from merchants.demo import categories
from merchants.directory import operations
from portal.demo.house import HouseBranch
from portal.demo.places import BranchPlace

COUNT = 300
# Invented brand words with their Latin form.
BRANDS = [
    ("山月", "Shanyue"), ("青禾", "Qinghe"), ("云朵里", "Yunduoli"), ("拾光", "Shiguang"),
    ("满庭芳", "Mantingfang"), ("小石潭", "Xiaoshitan"), ("半亩", "Banmu"), ("听雨", "Tingyu"),
    ("木棉", "Mumian"), ("蓝鲸", "Lanjing"), ("九曲", "Jiuqu"), ("知味", "Zhiwei"),
    ("春见", "Chunjian"), ("麦田", "Maitian"), ("白鹭", "Bailu"), ("竹里", "Zhuli"),
    ("海棠", "Haitang"), ("千帆", "Qianfan"), ("星野", "Xingye"), ("南枝", "Nanzhi"),
    ("乐程", "Lecheng"), ("安和", "Anhe"), ("万象", "Wanxiang"), ("鲜果匠", "Xianguojiang"),
    ("橙子树", "Chengzishu"), ("老巷", "Laoxiang"), ("福满", "Fuman"), ("一苇", "Yiwei"),
    ("长风", "Changfeng"), ("锦程", "Jincheng"), ("启明", "Qiming"), ("康悦", "Kangyue"),
    ("同禾", "Tonghe"), ("悠然", "Youran"), ("蜂巢", "Fengchao"), ("北窗", "Beichuang"),
    ("望湖", "Wanghu"), ("清欢", "Qinghuan"), ("四时", "Sishi"), ("新桥", "Xinqiao"),
]  # fmt: skip


@dataclass(frozen=True)
class DemoMerchant:
    """A merchant as the spending builder needs it. `trend` is how much its turnover rises (up to
    1) or falls (down to -1) over the demo's months; `appeal` is its size."""

    number: str
    mcc: str
    scenario: str
    city: str
    division_code: str
    is_online: bool
    appeal: float
    trend: float


def build_merchants(
    *, seed: str, branches: Sequence[HouseBranch], on: dt.date, at: dt.datetime
) -> list[DemoMerchant]:
    """This will create the categories and the merchants, about four in ten of them partners with
    a relationship manager of their branch."""
    operations.load_categories(
        rows=[(row.mcc, row.name, row.name_en, row.scenario) for row in categories.CATEGORIES]
    )
    rng = random.Random(f"{seed}:merchants")
    drawn: list[DemoMerchant] = []
    records: list[operations.MerchantRecord] = []
    taken: set[str] = set()
    for number, category in enumerate(_categories(rng), start=1):
        branch = rng.choices(branches, weights=[row.place.weight for row in branches])[0]
        name, name_en = _name(rng, category, branch.place, taken)
        merchant = _draw(rng, f"M{number:06d}", category, branch.place)
        partner = rng.random() < 0.4
        managers = branch.relationship_manager_ids
        records.append(
            operations.MerchantRecord(
                number=merchant.number,
                name=name,
                name_en=name_en,
                mcc=category.mcc,
                branch_id=branch.id,
                manager_id=rng.choice(managers) if partner and managers else None,
                division_code=merchant.division_code,
                is_partner=partner,
                joined_date=on - dt.timedelta(days=rng.randint(90, 2500)) if partner else None,
            )
        )
        drawn.append(merchant)
    operations.load_merchants(records=records, at=at)
    return drawn


def _categories(rng: random.Random) -> list[categories.Category]:
    shares = [row.share for row in categories.CATEGORIES]
    must = list(categories.CATEGORIES)
    return must + rng.choices(categories.CATEGORIES, weights=shares, k=COUNT - len(must))


def _name(
    rng: random.Random, category: categories.Category, place: BranchPlace, taken: set[str]
) -> tuple[str, str]:
    while True:
        brand, brand_en = rng.choice(BRANDS)
        kind, kind_en = rng.choice(category.kinds)
        if category.mcc in categories.ONLINE_MCC:
            name, name_en = f"{brand}{kind}", f"{brand_en} {kind_en}"
        else:
            name = f"{place.city}{brand}{kind}"
            name_en = f"{brand_en} {kind_en}, {place.city_en}"
        if name not in taken:
            taken.add(name)
            return name, name_en


def _draw(
    rng: random.Random, number: str, category: categories.Category, place: BranchPlace
) -> DemoMerchant:
    return DemoMerchant(
        number=number,
        mcc=category.mcc,
        scenario=category.scenario,
        city=place.city,
        division_code=place.division_code,
        is_online=category.mcc in categories.ONLINE_MCC,
        appeal=rng.paretovariate(1.6),
        trend=max(-1.0, min(1.0, rng.gauss(0, 0.45))),
    )
