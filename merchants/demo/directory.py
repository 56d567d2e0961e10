"""What hangs on the demo bank's merchants: stores, contact persons, contracts, clauses on data, and
leads of which some were won. Rows are created directly, for a bank that is not yet open has no
history of them."""

import datetime as dt
import random
from collections.abc import Sequence

from merchants.models import (
    DataClause,
    Merchant,
    MerchantContact,
    MerchantContract,
    MerchantDeal,
    MerchantLead,
    Store,
)
from portal.demo import people
from portal.intake.rules import cells
from portal.kit import masking, sealed

_STREETS = ["文三路", "中山路", "解放路", "人民路", "建设路", "和平路", "新华路", "学府路"]
_ORIGINS = [
    ("推荐", 60, 0.30), ("展会", 70, 0.14), ("网点", 110, 0.18), ("电话拓展", 90, 0.08),
    ("", 30, 0.10),
]  # fmt: skip
_DAY = dt.timedelta(days=1)


def build_directory(*, seed: str, on: dt.date) -> None:
    """This will write what hangs on the merchants as of a day. Contracts end on all sorts of days,
    some within weeks; a few merchants were entered twice."""
    rng = random.Random(f"{seed}:directory")
    merchants = list(Merchant.objects.select_related("branch", "manager").order_by("id"))
    _name_companies(rng, merchants)
    Store.objects.bulk_create(
        store for one in merchants if one.is_partner for store in _stores(rng, one, on)
    )
    partners = [one for one in merchants if one.is_partner]
    persons = [person for one in partners for person in _persons(rng, one, on)]
    MerchantContact.objects.bulk_create(persons)
    contracts = [contract for one in partners for contract in _contracts(rng, one, on)]
    MerchantContract.objects.bulk_create(contracts)
    DataClause.objects.bulk_create(
        clause for one in partners if (clause := _clause(rng, one, on)) is not None
    )
    _enter_twice(partners[:60:20], persons)
    _leads(rng, merchants, on)


def _name_companies(rng: random.Random, merchants: Sequence[Merchant]) -> None:
    for number, one in enumerate(merchants, start=1):
        if one.is_partner or rng.random() < 0.3:
            body = f"91{one.division_code:0<6}MA{number:07d}"
            one.credit_code = body + cells.company_check_sign(body)
            one.legal_name = f"{one.name}有限公司"
    Merchant.objects.bulk_update(merchants, ["credit_code", "legal_name"])


def _stores(rng: random.Random, merchant: Merchant, on: dt.date) -> list[Store]:
    stores = []
    for place in range(1, rng.choice([1, 1, 1, 2, 2, 3, 5]) + 1):
        opened = on - dt.timedelta(days=rng.randint(200, 3000))
        is_closed = place > 1 and rng.random() < 0.15
        stores.append(
            Store(
                merchant=merchant,
                number=f"{merchant.number}-S{place}",
                name=f"{_STREETS[(place + merchant.pk) % len(_STREETS)]}店",
                name_en=f"Store {place}",
                division_id=merchant.division_code,
                address=f"{rng.choice(_STREETS)}{rng.randint(1, 400)}号",
                state="closed" if is_closed else "open",
                opened_date=opened,
                closed_date=on - dt.timedelta(days=rng.randint(1, 150)) if is_closed else None,
            )
        )
    return stores


def _persons(rng: random.Random, merchant: Merchant, on: dt.date) -> list[MerchantContact]:
    roles = ["owner", "manager", "finance", "marketing"]
    persons = []
    for place, role in enumerate(rng.sample(roles, rng.randint(1, 3)), start=1):
        is_gone = place > 1 and rng.random() < 0.15
        values = {
            "name": people.person_name(rng, rng.choice("mf"), rng.randint(1965, 2000)),
            "phone": f"170{merchant.pk % 10**6:06d}{place:02d}",
            "email": f"m{merchant.pk}p{place}@shop.example",
        }
        persons.append(
            MerchantContact(
                merchant=merchant,
                number=f"{merchant.number}-P{place}",
                role=role,
                is_main=place == 1,
                left_date=on - dt.timedelta(days=rng.randint(5, 300)) if is_gone else None,
                **_sealed(values),
            )
        )
    return persons


def _sealed(values: dict[str, str]) -> dict[str, str | bytes]:
    masks = {
        "name": masking.mask_name, "phone": masking.mask_phone, "email": masking.mask_email,
    }  # fmt: skip
    found: dict[str, str | bytes] = {}
    for field, value in values.items():
        seal = f"merchantcontact.{field}"
        found |= {
            f"{field}_sealed": sealed.seal(value, seal),
            f"{field}_index": sealed.blind_index(value, seal),
            f"{field}_masked": masks[field](value),
        }
    return found


def _contracts(rng: random.Random, merchant: Merchant, on: dt.date) -> list[MerchantContract]:
    if rng.random() < 0.1:
        return []
    last = on + dt.timedelta(days=rng.choice([12, 25, 48, 80, 150, 240, 330, 500]))
    terms = [(last - dt.timedelta(days=730), last)]
    if rng.random() < 0.5:
        before = terms[0][0] - _DAY
        terms.append((before - dt.timedelta(days=365), before))
    is_automatic = rng.random() < 0.3
    return [
        MerchantContract(
            merchant=merchant,
            number=f"HT-{merchant.number}-{first.year}",
            signed_date=first - dt.timedelta(days=rng.randint(1, 20)),
            first_date=first,
            last_date=end,
            notice_days=rng.choice([30, 30, 60, 90]),
            renewal="automatic" if is_automatic else "talks",
            renewal_months=12 if is_automatic else None,
        )
        for first, end in terms
    ]


def _clause(rng: random.Random, merchant: Merchant, on: dt.date) -> DataClause | None:
    drawn = rng.random()
    if drawn < 0.15:
        return DataClause(merchant=merchant, state="talks", purposes=["membership"])
    if drawn < 0.5:
        first = on - dt.timedelta(days=rng.randint(30, 300))
        return DataClause(
            merchant=merchant,
            state="signed",
            purposes=rng.choice(
                [["redemption", "figures"], ["redemption", "settlement", "figures"]]
            ),
            data_kinds="卡号后四位、核销时间",
            handling="核销时比对，不留存，不再提供给他人",
            first_date=first,
            last_date=first + dt.timedelta(days=364),
        )
    return None


def _enter_twice(partners: Sequence[Merchant], persons: Sequence[MerchantContact]) -> None:
    """Some merchants stand in the directory a second time, as sources bring them."""
    phones = {person.merchant_id: person for person in persons if person.is_main}
    for place, one in enumerate(partners, start=1):
        again = Merchant.objects.create(
            number=f"N{place:06d}", name=f"{one.name}（店）", name_en=one.name_en,
            name_pinyin=one.name_pinyin, name_key=one.name_key, category_id=one.category_id,
            branch=one.branch, division_code=one.division_code, source="manager",
        )  # fmt: skip
        person = phones[one.pk]
        MerchantContact.objects.create(
            merchant=again, number=f"{again.number}-P1", role="manager", is_main=True,
            name_sealed=person.name_sealed, name_index=person.name_index,
            name_masked=person.name_masked, phone_sealed=person.phone_sealed,
            phone_index=person.phone_index, phone_masked=person.phone_masked,
        )  # fmt: skip


def _leads(rng: random.Random, merchants: Sequence[Merchant], on: dt.date) -> None:
    """A year of leads, each of the branch of some merchant; one deal is dated too early."""
    leads: list[MerchantLead] = []
    won: list[tuple[MerchantLead, Merchant]] = []
    for origin, count, rate in _ORIGINS:
        for _number in range(count):
            near = rng.choice(merchants)
            lead = MerchantLead(
                number=f"L{len(leads) + 1:06d}",
                branch=near.branch,
                origin=origin,
                first_contact_date=on - dt.timedelta(days=rng.randint(90, 450)),
            )
            leads.append(lead)
            if rng.random() < rate:
                won.append((lead, near))
    MerchantLead.objects.bulk_create(leads)
    MerchantDeal.objects.bulk_create(
        MerchantDeal(
            number=lead.number,
            lead=lead,
            won_date=lead.first_contact_date
            + dt.timedelta(days=-2 if place == 0 else min(85, int(rng.lognormvariate(2.7, 0.7)))),
            representative=f"{near.branch.code.lower()}_relations_{rng.randint(1, 2)}",
            segment=str(near.category_id),
        )
        for place, (lead, near) in enumerate(won)
    )
