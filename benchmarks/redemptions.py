"""All redemptions of the Complete Journey data, replayed against a stock that runs out.

    python -m benchmarks.redemptions [FOLDER] [STOCK]

Each of the 27 campaigns is loaded from its file and approved; everybody who redeemed has a card in
use, but every eleventh. Who comes asks for the reward on the day on which he came, all of a day in
one transaction (`award`: book, stock, grant, ledger). Bare: the same redemptions served by plain
Python. Both give to the same people on the same days, as many as stock and people allow.
FOLDER holds the Parquet files (examples/completejourney/README.md).
"""

import datetime as dt
import sys
import time
from pathlib import Path

import yaml

from benchmarks import harness

harness.boot()

from django.db import connection  # noqa: E402  (settings come first)

from benchmarks import approving, evaluate  # noqa: E402
from campaigns.models import CampaignVersion, Grant, Run  # noqa: E402
from campaigns.planning import operations as planning  # noqa: E402
from campaigns.rewards.rules import Candidate  # noqa: E402
from examples.completejourney import convert, plain  # noqa: E402
from examples.completejourney.replay import replay  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import Branch, Staff  # noqa: E402

FOLDER, STOCK = Path("../shared/data/completejourney"), 10
_CARDS = """
UPDATE journeys_card SET issued_date = '2016-06-01', activated_date = '2016-06-01',
    first_used_date = '2016-06-01'
"""
_IDLE = "UPDATE journeys_card SET first_used_date = NULL WHERE id = ANY(%s)"
_HOLDERS = """
SELECT card.customer_id, card.id, customer.branch_id FROM journeys_card card
JOIN journeys_customer customer ON customer.id = card.customer_id ORDER BY customer.id
"""


def main(folder: Path, stock: int) -> None:
    """This will replay all campaigns, and print what came of it."""
    come = plain.redemptions(folder)
    houses = sorted({one.household for one in come})
    holders = _holders(houses)
    idle = set(houses[::11])
    with connection.cursor() as cursor:
        cursor.execute(_IDLE, [[holders[house].card_id for house in idle]])
        cursor.execute("SELECT code FROM journeys_cardproduct WHERE is_own ORDER BY code LIMIT 1")
        (product,) = cursor.fetchone()
    owner = Staff.objects.create(
        username="bench", staff_number="1", name="bench", role="campaign_manager",
        branch=Branch.objects.filter(parent=None).get(),
    )  # fmt: skip
    outreach.ensure_default_templates(at=clock.now())
    ours, bare, asked, granted, out = 0.0, 0.0, 0, 0, 0
    for campaign in plain.campaigns(folder):
        own = [one for one in come if one.campaign == campaign.number]
        version = _version(campaign, product, stock, owner)
        run = Run.objects.create(
            version=version, kind="live", state="done", on_date=campaign.last,
            started_at=clock.start_of(campaign.last), finished_at=clock.now(),
            cleared_at=clock.now(), texts=[],
        )  # fmt: skip
        begun = time.perf_counter()
        answers = replay(own, version=version, run=run, holders=holders)
        ours += time.perf_counter() - begun
        begun = time.perf_counter()
        expected = plain.served((one for one in own if one.household not in idle), stock=stock)
        bare += time.perf_counter() - begun
        served = [one for one, award in answers if award.answer == "granted"]
        people = {one.household for one in own} - idle
        assert served == expected, campaign
        assert len(served) == min(stock, len(people)), campaign
        assert Grant.objects.filter(run=run).count() == len(served)
        asked, granted = asked + len(answers), granted + len(served)
        out += len(people) > stock
    print(
        f"27 campaigns, {len(come)} redemptions, stock {stock}: {asked} asked, {granted} granted,"
        f" {out} ran out; who and when as plain reckoning has it, in each"
    )
    print(
        f"award, a day at a time: {ours:.3f} s, {ours / asked * 1000:.2f} ms for each who asks;"
        f" plain Python, which keeps nothing: {bare:.3f} s"
    )


def _holders(houses: list[int]) -> dict[int, Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(evaluate._BANK.format(customers=len(houses)))
        cursor.execute(_CARDS)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(_HOLDERS)
        rows = cursor.fetchall()
    return {
        house: Candidate(customer, card, branch, reached=(0,))
        for house, (customer, card, branch) in zip(houses, rows, strict=True)
    }


def _version(campaign: plain.Campaign, product: str, stock: int, owner: Staff) -> CampaignVersion:
    plan = convert.plan_of(campaign, product=product, stock=stock)
    at = clock.start_of(campaign.first) - dt.timedelta(days=1)
    version = planning.load_campaign(text=yaml.safe_dump(plan), owner=owner, at=at)
    approving.approve(version, at=at)
    return version


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    folders = [Path(word) for word in sys.argv[1:] if not word.isdigit()]
    main(folders[0] if folders else FOLDER, numbers[0] if numbers else STOCK)
