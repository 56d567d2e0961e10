"""What a night reads besides the days of merchants: who paid there, joint campaigns that reached
some of them, their contracts, offers of rivals, and promises of both sides."""

import datetime as dt
from typing import Any

import yaml
from django.db import connection, transaction

from benchmarks.bank.rows import insert
from campaigns.models import CampaignVersion, Run
from campaigns.planning import operations as planning
from journeys.models import CardProduct, Transaction
from journeys.outreach import operations as outreach
from merchants.models import Merchant, MerchantContract, PartnerPromise, RivalOffer
from portal.kit import clock
from portal.models import Branch, Staff
from portal.runtime import stack

# Of a merchant in these months; a customer has ten of them.
VISITS, MONTHS, EACH = 100, 15, 10
CAMPAIGNS, PARTNERS, PEOPLE = 20, 25, 10_000
_PLAN = stack.PROJECT / "examples" / "known_case" / "campaign.yaml"
_PAID = {
    "reference": "'V' || n", "customer_id": "1 + (hashint8(n) & 2147483647) % {people}",
    "card_id": "1 + (hashint8(n) & 2147483647) % {people}", "kind": "'purchase'",
    "amount": "5 + n % 400", "merchant_id": "m.id",
    "posted_date": "date '{first}' + (n * {days} / {visits})::int",
}  # fmt: skip
_PLACED = """FROM generate_series(0, {last}) n
JOIN merchants_merchant m ON m.id = {least} + (hashint8extended(n, 7) & 2147483647) % {merchants}
ORDER BY n"""
_CONTRACT = {
    "merchant_id": "m.id", "number": "'C' || m.id", "signed_date": "date '{end}' - 600",
    "first_date": "date '{end}' - 590", "last_date": "date '{end}' + 1 + (m.id % 40 * 15)::int",
    "renewal": "'talks'",
}  # fmt: skip
_OFFER = {
    "merchant_id": "m.id", "rival": "'x'", "kind": "'fee'", "terms": "'x'", "source": "'x'",
    "seen_date": "date '{end}' - (m.id % 20 * 5)::int", "noted_by_id": "m.manager_id",
    "until_date": "date '{end}' + 50 - (m.id % 20 * 5)::int",
}  # fmt: skip
_STATE = "CASE WHEN (p.id + n) % 9 > 0 THEN 'kept' ELSE 'broken' END"
_PROMISE = {
    "partnership_id": "p.id", "side": "CASE WHEN n % 2 = 0 THEN 'bank' ELSE 'merchant' END",
    "words": "'x'", "made_date": "date '{end}' - 300", "due_date": "date '{end}' - 20 * n",
    "noted_by_id": "p.manager_id", "state": _STATE, "settled_by_id": "p.manager_id",
    "settled_at": "now()", "result": "'x'",
}  # fmt: skip
_MERCHANTS = "FROM merchants_merchant m WHERE m.id % {every} = 0 ORDER BY m.id"
_DECIDED = """
INSERT INTO campaigns_decision (run_id, customer_id, outcome, facts, reached, award, awarded, gate,
    channel)
SELECT %(run)s, n, 'qualified', '[]', '{}',
       CASE WHEN n %% 10 = 0 THEN 'control' ELSE 'had_before' END, 0, '', ''
FROM generate_series(1, %(people)s) n
"""


def lay_visits(merchants: int, end: dt.date) -> int:
    """This will write who paid at so many merchants in the months before a day, in the order of
    their days, and return how many postings that are."""
    visits = VISITS * merchants
    days = 30 * MONTHS
    values = {
        "people": max(1, visits // EACH), "first": end - dt.timedelta(days=days), "days": days,
        "visits": visits, "last": visits - 1, "merchants": merchants,
        "least": Merchant.objects.order_by("id").values_list("id", flat=True)[0],
    }  # fmt: skip
    columns = {name: text.format(**values) for name, text in _PAID.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        # As a bank holds them: the days of the merchants were written before.
        cursor.execute("SET LOCAL session_replication_role = replica")
        insert(cursor, Transaction, columns, _PLACED.format(**values))
    _analyze()
    return visits


def lay_notes(end: dt.date) -> None:
    """This will write a contract of each merchant, an offer of a rival to every seventh, and some
    promises of both sides of each partnership."""
    promised = "FROM merchants_partnership p CROSS JOIN generate_series(1, 6) n ORDER BY p.id, n"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        insert(cursor, MerchantContract, _as_of(_CONTRACT, end), _MERCHANTS.format(every=1))
        insert(cursor, RivalOffer, _as_of(_OFFER, end), _MERCHANTS.format(every=7))
        insert(cursor, PartnerPromise, _as_of(_PROMISE, end), promised)
    _analyze()


def _as_of(columns: dict[str, str], end: dt.date) -> dict[str, str]:
    return {name: text.format(end=end) for name, text in columns.items()}


def lay_campaigns(end: dt.date) -> None:
    """This will write joint campaigns that go on, each with partners and a live run in which people
    qualified, a tenth held out."""
    numbers = list(Merchant.objects.order_by("id").values_list("number", flat=True))
    owner = Staff.objects.create(
        username="owner", staff_number="90", name="owner", role="campaign_manager",
        branch=Branch.objects.get(code="HO"),
    )  # fmt: skip
    outreach.ensure_default_templates(at=clock.now())
    plan = yaml.safe_load(_PLAN.read_text("utf-8"))
    for code in plan["products"]:
        CardProduct.objects.create(code=code, name=code, name_en=code)
    first = end - dt.timedelta(days=120)
    for place in range(CAMPAIGNS):
        start = place * PARTNERS % max(1, len(numbers) - PARTNERS)
        told = plan | {
            "code": f"joint-{place}", "control_percent": 10, "runs_from": first,
            "runs_to": end + dt.timedelta(days=60), "merchants": numbers[start : start + PARTNERS],
        }  # fmt: skip
        _run(told, owner, first)
    _analyze()


def _run(plan: dict[str, Any], owner: Staff, on: dt.date) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The run is told of, not made: no approval, no gate.
        cursor.execute("SET LOCAL session_replication_role = replica")
        version: CampaignVersion = planning.load_campaign(
            text=yaml.safe_dump(plan, allow_unicode=True), owner=owner, at=clock.start_of(on)
        )
        run = Run.objects.create(
            version=version, campaign=version.campaign, kind="live", state="done", on_date=on,
            started_at=clock.start_of(on), finished_at=clock.start_of(on),
            cleared_at=clock.start_of(on), texts=[],
        )  # fmt: skip
        cursor.execute(_DECIDED, {"run": run.pk, "people": PEOPLE})


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
