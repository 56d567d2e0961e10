"""Writes the 27 campaigns of the Complete Journey data as files for `manage.py load_campaign`.

    python -m examples.completejourney.convert FOLDER OUTDIR [--product CODE] [--stock NUMBER]

FOLDER holds the Parquet files. Each campaign keeps its number, its type and its days; what the data
does not say (product, reward, words) is the same for all.
"""

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from examples.completejourney import plain

_ISSUED = (dt.date(2016, 1, 1), dt.date(2017, 1, 1))
_DISCLOSURE = {
    "organiser": "本行信用卡中心",
    "organiser_en": "Credit Card Centre of the bank",
    "redeem": "结账时出示优惠券使用。",
    "redeem_en": "The coupon is shown when paying.",
    "redeem_days": 30,
    "forfeit": "逾期未使用的，视为放弃。",
    "forfeit_en": "A coupon that is not used in time is forfeited.",
}


def plan_of(campaign: plain.Campaign, *, product: str, stock: int) -> dict[str, Any]:
    """This will return a campaign as the fields of its file; `product` is a code that the portal
    knows, `stock` how many coupons there are."""
    letter = campaign.kind.rpartition(" ")[2]
    return {
        "code": f"complete-journey-{campaign.number:02}",
        "name": f"优惠券活动{campaign.number}号（{letter}类）",
        "name_en": f"Coupon campaign {campaign.number}, type {letter}",
        "objective": "retain",
        "stage": "loyalty",
        "scenario": "groceries",
        "era": "3.0",
        "runs_from": campaign.first,
        "runs_to": campaign.last + dt.timedelta(days=1),
        "products": [product],
        "issued_from": _ISSUED[0],
        "issued_to": _ISSUED[1],
        "rule": {"all": [{"kind": "activated"}, {"kind": "first_used"}]},
        "rewards": {
            "tiers": [
                {
                    "code": "coupon",
                    "kind": "benefit",
                    "name": "优惠券",
                    "name_en": "Coupon",
                    "value": "1.00",
                    "stock": stock,
                }
            ]
        },
        "channels": ["email"],
        "template": "first_gift",
        "disclosure": _DISCLOSURE,
    }


def convert(source: Path, folder: Path, *, product: str, stock: int) -> list[Path]:
    """This will write a file for each campaign and return the files. Raises plain.Unreadable."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for campaign in plain.campaigns(source):
        plan = plan_of(campaign, product=product, stock=stock)
        file = folder / f"{plan['code']}.yaml"
        file.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), encoding="utf-8")
        files.append(file)
    return files


def main() -> None:
    """This will convert as the command line says, and print the files."""
    parser = argparse.ArgumentParser(description="Write the campaigns as files to load.")
    parser.add_argument("source", type=Path, help="the folder of the Parquet files")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--product", default="CLASSIC", help="code of an own product (CLASSIC)")
    parser.add_argument("--stock", type=int, default=50, help="coupons of a campaign (50)")
    asked = parser.parse_args()
    try:
        files = convert(asked.source, asked.folder, product=asked.product, stock=asked.stock)
    except plain.Unreadable as missing:
        raise SystemExit(f"{missing}.") from missing
    print("\n".join(map(str, files)))


if __name__ == "__main__":
    main()
