"""Random worlds as rows of the database."""

import datetime as dt
from decimal import Decimal

from campaigns.models import Campaign, CampaignVersion, Decision, Grant, Run
from journeys.models import (
    Application,
    Card,
    CardProduct,
    Consent,
    ConsentText,
    Customer,
    PointsEntry,
    Referral,
    Transaction,
)
from journeys.stages import operations as stages
from merchants.models import Merchant, MerchantCategory
from portal.models import Branch
from tests.campaigns.conditions.worlds import (
    BRANCHES,
    CAMPAIGNS,
    CATEGORIES,
    MERCHANTS,
    MERGED,
    PRODUCTS,
    RULES,
    ZONE,
    World,
)
from tests.factories import campaigns as making


def write(world: World) -> None:
    """Writes the rows of a world, each list in its order."""
    branches = _write_house()
    products = {row.code: row for row in CardProduct.objects.filter(code__in=PRODUCTS)}
    Customer.objects.bulk_create(
        Customer(
            pk=row["id"], number=f"N{row['id']}", name="王", branch=branches[row["branch"]],
            birth_date=row["born"], registered_date=row["registered"], source="file",
            lawful_basis="contract", **_sealed_of(row.get("person")),
        )
        for row in world["customers"]
    )  # fmt: skip
    _write_applications(world, branches["HO"], products["P0"])
    applications = dict(Application.objects.values_list("number", "pk"))
    Card.objects.bulk_create(
        Card(
            pk=row["id"], reference=f"K{row['id']}", customer_id=row["customer"],
            application_id=applications[f"A{row['id']}"] if row["filed"] else None,
            product=products[row["product"]], branch=branches["HO"], is_primary=row["is_primary"],
            issued_date=row["issued"], activated_date=row["activated"],
            first_used_date=row["used"], closed_date=row["closed"],
        )
        for row in world["cards"]
    )  # fmt: skip
    Referral.objects.bulk_create(
        Referral(
            pk=row["id"], number=row["application"], referrer_id=row["customer"],
            application_id=applications[row["application"]], referred_id=row["referred"],
            on_date=row["day"],
        )
        for row in world.get("referrals", ())
    )  # fmt: skip
    _write_spending(world)
    _write_words(world)
    versions = _write_campaigns(world)
    _write_grants(world, versions)
    _write_runs(world, versions)
    stages.refresh_stages()


def _sealed_of(person: int | None) -> dict[str, bytes]:
    """An ID number of a person's own."""
    if person is None:
        return {}
    return {
        "id_number_sealed": b"sealed", "id_number_index": b"index",
        "bearer": person.to_bytes(16, "big"),
    }  # fmt: skip


def _write_house() -> dict[str, Branch]:
    found: dict[str, Branch] = {}
    for code, path in BRANCHES.items():
        parent = found.get(path.split("/")[-3])
        level = "branch" if parent else "head_office"
        found[code] = Branch.objects.create(
            code=code, path=path, name=code, name_en=code, level=level, parent=parent
        )
    MerchantCategory.objects.bulk_create(
        MerchantCategory(mcc=mcc, name=mcc, name_en=mcc, scenario=scenario)
        for mcc, scenario in CATEGORIES.items()
    )
    Merchant.objects.bulk_create(
        Merchant(
            number=number, name=number, category_id=mcc, branch=found["HO"], division_code=division
        )
        for number, (mcc, division) in MERCHANTS.items()
    )
    for alias, kept in MERGED.items():
        into = Merchant.objects.get(number=kept)
        Merchant.objects.filter(number=alias).update(merged_into=into)
    CardProduct.objects.bulk_create(
        CardProduct(code=code, name=code, name_en=code, issuer="x") for code in PRODUCTS
    )
    return found


def _write_applications(world: World, branch: Branch, product: CardProduct) -> None:
    Application.objects.bulk_create(
        Application(
            number=row["number"], customer_id=row["customer"], product=product, branch=branch,
            filed_date=row["filed"], state=row["state"], decided_date=row["decided"],
            supplemented_date=row["supplemented"],
        )
        for row in world["applications"]
    )  # fmt: skip


def _write_spending(world: World) -> None:
    shops = dict(Merchant.objects.values_list("number", "pk"))
    Transaction.objects.bulk_create(
        Transaction(
            reference=row["reference"], customer_id=row["customer"], card_id=row["card"],
            kind="purchase" if row["amount"] > 0 else "refund", amount=row["amount"],
            posted_date=row["day"], posted_at=row["at"], mcc=row["mcc"], channel=row["channel"],
            merchant_id=row["merchant"] and shops[row["merchant"]], refund_of=row["refund_of"],
            division_code=row["division"],
        )
        for row in world["transactions"]
    )  # fmt: skip
    PointsEntry.objects.bulk_create(
        PointsEntry(
            reference=row["reference"], customer_id=row["customer"], kind=row["kind"],
            points=row["points"], on_date=row["day"],
        )
        for row in world["points"]
    )  # fmt: skip


def _write_words(world: World) -> None:
    texts = {
        purpose: ConsentText.objects.create(
            code=purpose, version=1, purpose=purpose, words="x", words_en="x",
            effective_date=dt.date(2020, 1, 1),
        )
        for purpose in ("marketing", "sharing", "decisions")
    }  # fmt: skip
    Consent.objects.bulk_create(
        Consent(
            customer_id=row["customer"], purpose=row["purpose"], channel=row["channel"],
            is_granted=row["is_granted"], evidence="x", effective_at=row["effective"],
            recorded_at=row["recorded"],
            text=texts[row["purpose"]] if row["is_granted"] else None,
        )
        for row in world["consents"]
    )  # fmt: skip


def _write_campaigns(world: World) -> dict[str, CampaignVersion]:
    if not world["grants"] and not world["runs"]:
        return {}
    versions = {code: making.draft(code=code, rule=RULES[code]) for code in CAMPAIGNS}
    for version in versions.values():
        making.approve(version)
    return versions


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), ZONE)


def _write_runs(world: World, versions: dict[str, CampaignVersion]) -> None:
    written: dict[int, Run] = {}
    issued = {card["id"]: card["issued"] for card in world["cards"]}
    for run in world["runs"]:
        is_live, version = run["kind"] == "live", versions[run["campaign"]]
        row = written[id(run)] = Run.objects.create(
            version=version, kind=run["kind"], on_date=run["on"], state=run["state"],
            started_at=_noon(run["on"]), finished_at=_noon(run["on"]), failure="x",
            cleared_at=making.AT if is_live else None, texts=[] if is_live else None,
            base=written[id(run["base"])] if run["base"] else None,
        )  # fmt: skip
        Decision.objects.bulk_create(
            Decision(
                run=row,
                customer_id=customer,
                card_id=says["card"],
                outcome=says["outcome"],
                failed_at=says["failed_at"],
                issued_date=issued[says["card"]],
                gap=says["gap"],
                deadline=says["deadline"],
            )
            for customer, says in run["decisions"].items()
            if says["card"] in issued
        )


def _write_grants(world: World, versions: dict[str, CampaignVersion]) -> None:
    if not world["grants"]:
        return
    runs = {}
    for code, version in versions.items():
        runs[code] = Run.objects.create(
            version=version, kind="live", on_date=making.ON, state="done",
            started_at=making.AT, finished_at=making.AT, cleared_at=making.AT, texts=[],
        )  # fmt: skip
    campaigns = {row.code: row for row in Campaign.objects.filter(code__in=CAMPAIGNS)}
    Grant.objects.bulk_create(
        Grant(
            campaign=campaigns[row["campaign"]], version=runs[row["campaign"]].version,
            run=runs[row["campaign"]], customer_id=row["customer"], card_id=row["card"],
            reward="gift", amount=Decimal("10.00"), granted_date=row["day"],
            granted_at=making.AT,
        )
        for row in world["grants"]
    )  # fmt: skip
