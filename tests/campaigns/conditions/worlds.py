"""Random worlds of many customers, as plain dicts for the oracle; `writing` makes rows of them.

Days lie close together, around the ends of months and 29 February, so that edges meet often.
Everything that a fact of another kind could hide behind is drawn: facts after the day looked at,
refunds in part, in whole, before their purchase, of nothing known, with another card.
"""

import datetime as dt
import random
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from journeys.contact.enums import Channel

World = dict[str, Any]

ZONE = ZoneInfo("Asia/Shanghai")
STARTS = [
    dt.date(2024, 2, 20), dt.date(2023, 12, 20), dt.date(2024, 12, 28), dt.date(2026, 1, 29),
    dt.date(2026, 3, 1),
]  # fmt: skip
BRANCHES = {
    "HO": "/HO/", "R1": "/HO/R1/", "R10": "/HO/R10/", "B1": "/HO/R1/B1/", "B2": "/HO/R1/B2/",
    "B3": "/HO/R10/B3/",
}  # fmt: skip
CATEGORIES = {
    "5811": "dining", "5812": "dining", "5411": "groceries", "4511": "travel", "5541": "car",
    "5912": "health", "8299": "education", "5816": "online", "5999": "other",
}  # fmt: skip
MERCHANTS = {
    "M1": ("5812", "330106"), "M2": ("5411", "330200"), "M3": ("4511", "310101"),
    "M4": ("5811", ""), "M5": ("5541", "330106"), "M6": ("5912", "330200"), "M7": ("8299", ""),
    "M8": ("5816", "310101"), "M9": ("5999", ""),
}  # fmt: skip
# Which were found to be another one: aliases of the ones that were kept.
MERGED = {"M4": "M1", "M8": "M1", "M9": "M3"}
PRODUCTS = ["P0", "P1", "P2"]
CAMPAIGNS = ["x-one", "x-two"]
# The rules of these campaigns: groups before the sums of spending, and a sum that stands alone.
_SPENT = {"kind": "spending_in_window", "last_day": "inside", "days": 9, "at_least": "50.00"}
_USED: dict[str, Any] = {"kind": "activated"}
RULES: dict[str, dict[str, Any]] = {
    "x-one": {"all": [
        {"any": [_USED, {"not": {"all": [_USED, {"kind": "first_used"}]}}]}, _USED, _SPENT,
        _SPENT | {"counted_from": "activation"}, {"any": [_SPENT, _USED]},
        _SPENT | {"last_day": "outside", "days": 60, "at_least": "75.01"},
    ]},
    "x-two": _SPENT | {"days": 45, "at_least": "60.00"},
}  # fmt: skip
TABLES = ("applications", "transactions", "points", "consents", "grants", "referrals")


def make(seed: int, customers: int) -> World:
    """A world that follows from the seed alone; `on` is the day to look at it."""
    rng = random.Random(seed)
    start = rng.choice(STARTS)
    world: World = {
        "start": start,
        "on": start + dt.timedelta(days=rng.choice([0, 3, 8, 9, 10, 11, 20, 40, 70])),
        "customers": [], "cards": [], **{name: [] for name in TABLES},
    }  # fmt: skip
    for number in range(customers):
        _customer(rng, world, 1_000_000 + number)
    _referrals(rng, world)
    world["runs"] = _runs(random.Random(seed + 1), world)
    _persons(random.Random(seed + 2), world)
    return world


def _persons(rng: random.Random, world: World) -> None:
    """Some are on file under several numbers, with one ID number: of these one alone was brought or
    brought somebody, and each campaign gave once to a person."""
    brought = {row[name] for row in world["referrals"] for name in ("customer", "referred")}
    given: dict[int, set[str]] = {}
    for row in world["grants"]:
        given.setdefault(row["customer"], set()).add(row["campaign"])
    for place, row in enumerate(world["customers"]):
        row["person"] = row["id"]
        if row["id"] in brought or not place or rng.random() < 0.2:
            continue
        other = rng.choice(world["customers"][:place])["person"]
        if not given.get(other, set()) & given.get(row["id"], set()):
            row["person"] = other
            given[other] = given.get(other, set()) | given.get(row["id"], set())


def _referrals(rng: random.Random, world: World) -> None:
    """Some were brought by one who came before; the row holds the cards that say how far they got:
    those of the application, and primary ones of none that were issued since."""
    people = [row["id"] for row in world["customers"]]
    for place, key in enumerate(people[1:], start=1):
        own = [row for row in world["applications"] if row["customer"] == key]
        issued = [row for row in own if row["number"].startswith("A")] or own
        if own and rng.random() < 0.9:
            # Few bring many.
            row, day = rng.choice(issued), _day(rng, world["start"], 0, 8)
            cards = [
                card
                for card in world["cards"]
                if card["customer"] == key and card["is_primary"]
                and (f"A{card['id']}" == row["number"] if card["filed"] else card["issued"] >= day)
            ]  # fmt: skip
            world["referrals"].append({
                "id": key, "customer": people[rng.randrange(min(place, 3))], "referred": key,
                "application": row["number"], "day": day, "cards": cards,
            })  # fmt: skip


def _runs(rng: random.Random, world: World) -> list[dict[str, Any]]:
    """Runs of both campaigns with their decisions, the oldest first; one may stand on the last."""
    runs: list[dict[str, Any]] = []
    for _number in range(rng.choice([0, 2, 4, 6])):
        code, kind = rng.choice(CAMPAIGNS), rng.choice(["live", "live", "dry_run", "preview"])
        before = [run for run in runs if run["campaign"] == code and run["kind"] == "live"
                  and run["base"] is None]  # fmt: skip
        base = before[-1] if before and kind == "live" and rng.random() < 0.6 else None
        runs.append({
            "campaign": code, "kind": kind, "base": base,
            "state": rng.choice(["done", "done", "done", "failed", "stopped"]),
            "on": world["on"] + dt.timedelta(days=rng.choice([-5, -1, 0, 0, 1])),
            "decisions": _decisions(rng, world, code, 0.3 if base else 0.9),
        })  # fmt: skip
    return runs


def _decisions(
    rng: random.Random, world: World, code: str, share: float
) -> dict[int, dict[str, Any]]:
    """What a run says of some customers, each by one of the cards; where each step fails."""
    found = {}
    for card in world["cards"]:
        if card["customer"] in found or rng.random() > share:
            continue
        failed = rng.choice([None, 0, 4, 8] if code == "x-one" else [None, 0, 0])
        is_near = failed is not None and rng.random() < 0.7
        found[card["customer"]] = {
            "card": card["id"], "failed_at": failed,
            "outcome": "qualified" if failed is None else "not_qualified",
            "gap": Decimal(rng.choice(["0.01", "10.00", "25.00", "61.00"])) if is_near else None,
            "deadline": world["on"] + dt.timedelta(days=rng.randint(-3, 40)) if is_near else None,
        }  # fmt: skip
    return found


def _customer(rng: random.Random, world: World, key: int) -> None:
    start, on = world["start"], world["on"]
    born = dt.date(rng.choice([1990, 2000, on.year - 18, on.year - 17]), rng.choice([1, 2, 3]), 1)
    born += dt.timedelta(days=rng.randint(0, 30))
    world["customers"].append({
        "id": key, "born": rng.choice([None, born, dt.date(2008, 2, 29), born]),
        "branch": rng.choice(list(BRANCHES)),
        "registered": start - dt.timedelta(days=rng.choice([0, 300, 366, 731, 1000])),
    })  # fmt: skip
    for number in range(rng.choice([0, 1, 1, 2, 3])):
        _card(rng, world, key, key * 10 + number)
    for number in range(rng.choice([0, 0, 0, 1])):
        _application(rng, world, key, f"X{key}-{number}", _day(rng, start))
    _points(rng, world, key)
    _consents(rng, world, key)


def _day(rng: random.Random, start: dt.date, least: int = -3, most: int = 14) -> dt.date:
    return start + dt.timedelta(days=rng.randint(least, most))


def _card(rng: random.Random, world: World, customer: int, key: int) -> None:
    issued = _day(rng, world["start"], -1, 6)

    def later(chances: list[int | None]) -> dt.date | None:
        days = rng.choice(chances)
        return None if days is None else issued + dt.timedelta(days=days)

    filed = rng.choice([None, issued - dt.timedelta(days=rng.randint(18, 22))])
    if filed:
        world["applications"].append({
            "customer": customer, "number": f"A{key}", "filed": filed, "state": "approved",
            "decided": issued, "supplemented": None,
        })  # fmt: skip
    activated = later([None, 0, 1, 2, 8])
    world["cards"].append({
        "id": key, "customer": customer, "product": rng.choice(PRODUCTS),
        "is_primary": rng.random() < 0.8, "issued": issued, "filed": filed,
        "activated": activated, "used": activated and rng.choice([None, activated, activated]),
        "closed": later([None, None, None, 5, 12]),
    })  # fmt: skip
    _transactions(rng, world, customer, key, issued)
    card = world["cards"][-1]
    if card["used"]:
        for code in CAMPAIGNS:
            if rng.random() < 0.15 and not _has_grant(world, customer, code):
                day = card["used"] + dt.timedelta(days=rng.randint(0, 9))
                if card["closed"] is None or card["closed"] > day:
                    world["grants"].append(
                        {"customer": customer, "card": key, "campaign": code, "day": day}
                    )


def _has_grant(world: World, customer: int, code: str) -> bool:
    return any((row["customer"], row["campaign"]) == (customer, code) for row in world["grants"])


def _transactions(
    rng: random.Random, world: World, customer: int, card: int, issued: dt.date
) -> None:
    mine: list[dict[str, Any]] = []
    for number in range(rng.choice([0, 1, 2, 4, 7])):
        day = _day(rng, issued, -1, rng.choice([4, 13, 60]))
        merchant = rng.choice([None, *MERCHANTS])
        mine.append({
            "reference": f"T{card}-{number}", "customer": customer, "card": card, "day": day,
            "at": rng.choice([None, dt.datetime.combine(day, dt.time(rng.randint(8, 9)), ZONE)]),
            "amount": Decimal(rng.choice(["0.01", "9.99", "25.00", "49.99", "50.00", "50.01"])),
            "merchant": merchant, "mcc": rng.choice(["", "5812", "5411"]),
            "channel": rng.choice(["", "pos", "online", "qr"]),
            "division": rng.choice(["", "330106", "310000"]), "refund_of": "",
        })  # fmt: skip
    for number, bought in enumerate(list(mine)):
        if rng.random() < 0.35:
            share = rng.choice([bought["amount"], bought["amount"] / 2, Decimal("0.01")])
            mine.append(bought | {
                "reference": f"F{card}-{number}",
                "day": bought["day"] + dt.timedelta(days=rng.choice([-1, 0, 1, 3, 9])),
                "amount": -max(share.quantize(Decimal("0.01")), Decimal("0.01")), "at": None,
                "merchant": rng.choice([None, bought["merchant"]]), "mcc": "",
                "refund_of": rng.choice([
                    "", "T0", bought["reference"], bought["reference"], f"T{card - 1}-0",
                ]),
            })  # fmt: skip
    world["transactions"] += mine


def _application(
    rng: random.Random, world: World, customer: int, number: str, filed: dt.date
) -> None:
    state = rng.choice(["filed", "supplemented", "approved", "refused", "withdrawn"])
    later = filed + dt.timedelta(days=rng.randint(0, 5))
    world["applications"].append({
        "customer": customer, "number": number, "filed": filed, "state": state,
        "supplemented": later if state == "supplemented" else None,
        "decided": later if state in ("approved", "refused", "withdrawn") else None,
    })  # fmt: skip


def _points(rng: random.Random, world: World, customer: int) -> None:
    for number in range(rng.choice([0, 0, 1, 2, 4])):
        kind, points = rng.choice([("earned", 500), ("earned", 999), ("redeemed", -499),
                                   ("redeemed", -500), ("expired", -100)])  # fmt: skip
        world["points"].append({
            "reference": f"E{customer}-{number}", "customer": customer, "kind": kind,
            "points": points, "day": _day(rng, world["start"]),
        })  # fmt: skip


def _consents(rng: random.Random, world: World, customer: int) -> None:
    for _number in range(rng.choice([0, 1, 1, 2, 3])):
        purpose = rng.choice(["marketing", "marketing", "marketing", "sharing", "decisions"])
        effective = dt.datetime.combine(
            _day(rng, world["start"]), rng.choice([dt.time(0), dt.time(12), dt.time(23, 59)]), ZONE
        )
        is_granted = rng.random() < 0.65
        delay = rng.choice([-30, 0, 0, 30]) if is_granted else rng.choice([0, 30])
        world["consents"].append({
            "customer": customer, "purpose": purpose, "is_granted": is_granted,
            "channel": rng.choice(Channel.values) if purpose == "marketing" else "",
            "effective": effective, "recorded": effective + dt.timedelta(hours=delay),
        })  # fmt: skip


# --- rows ---------------------------------------------------------------------------------------
