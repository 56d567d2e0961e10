"""Each kind of condition once more, naively: plain Python over the plain dicts of `worlds`.

Written apart from the product and sharing nothing with it, the points of the scorecard included.
"""

import calendar
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.campaigns.conditions.near_oracle import near_goal
from tests.campaigns.conditions.windows_oracle import window

World = dict[str, Any]
Leaf = dict[str, Any]
Fact = list[Any]
ONE = dt.timedelta(days=1)

STAGES = {
    "awareness": {"registered"},
    "application": {"filed", "supplemented", "approved", "ended"},
    "activation": {"issued", "activated", "used"},
    "loyalty": {"redeemed"},
}


def of(rows: list[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def on_or_before(day: dt.date | None, on: dt.date) -> bool:
    return day is not None and day <= on


# --- spending -----------------------------------------------------------------------------------
def is_of_kind(leaf: Leaf, row: dict[str, Any], world: World) -> bool:
    shop = world["merchants"].get(row["merchant"], ("", ""))
    mcc, place = row["mcc"] or shop[0], row["division"] or shop[1]
    if "scenarios" in leaf and world["categories"].get(mcc) not in leaf["scenarios"]:
        return False
    if "mccs" in leaf:
        spans = [(one.split("-") * 2)[:2] for one in leaf["mccs"]]
        if not any(mcc and int(low) <= int(mcc) <= int(high) for low, high in spans):
            return False
    if "merchants" in leaf and standing(row["merchant"], world) not in {
        standing(number, world) for number in leaf["merchants"]
    }:
        return False
    if "channels" in leaf and row["channel"] not in leaf["channels"]:
        return False
    if "cities" in leaf:
        starts = [one[:2] if one[2:] == "0000" else one[:4] if one[4:] == "00" else one
                  for one in leaf["cities"]]  # fmt: skip
        return any(place.startswith(start) for start in starts)
    return True


def standing(merchant: str | None, world: World) -> str | None:
    """Which merchant one stands for: the one that it was merged into, or itself."""
    merged: dict[str | None, str] = world["merged"]
    return merged.get(merchant, merchant)


def known(card: dict[str, Any], world: World, on: dt.date) -> list[dict[str, Any]]:
    """What counts for a card: a refund for that of its purchase, whichever it posts to."""
    rows = [row for row in of(world["transactions"], customer=card["customer"])
            if row["day"] <= on]  # fmt: skip
    return [row for row in rows if home_of(row, rows) == card["id"]]


def home_of(row: dict[str, Any], rows: list[dict[str, Any]]) -> Any:
    bought = purchase_of(row, rows) if row["amount"] < 0 else None
    return (bought or row)["card"]


def purchase_of(refund: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    for row in rows:
        if row["amount"] > 0 and row["reference"] == refund["refund_of"] != "":
            return row
    return None


def net_rows(
    leaf: Leaf, card: dict[str, Any], world: World, on: dt.date
) -> list[tuple[dt.date, Decimal]]:
    """Amounts on the day of the purchase that they belong to."""
    rows = known(card, world, on)
    found = []
    for row in rows:
        stands_for = row if row["amount"] > 0 else purchase_of(row, rows) or row
        if is_of_kind(leaf, stands_for, world):
            found.append((stands_for["day"], row["amount"]))
    return found


def kept(leaf: Leaf, card: dict[str, Any], world: World, on: dt.date) -> list[dt.date]:
    """The days of all purchases that are not refunded wholly."""
    rows = known(card, world, on)
    days = []
    for row in rows:
        if row["amount"] > 0 and is_of_kind(leaf, row, world):
            back = sum(
                other["amount"]
                for other in rows
                if other["amount"] < 0 and other["refund_of"] == row["reference"]
            )
            if row["amount"] + back > 0:
                days.append(row["day"])
    return days


def spending_in_window(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    days = window(leaf, card, on)
    if leaf.get("refunds") == "of_purchases":
        found = [amount for day, amount in net_rows(leaf, card, world, on) if day in days]
    else:
        rows = known(card, world, on)
        found = [row["amount"] for row in rows if row["day"] in days
                 and is_of_kind(leaf, purchase_of(row, rows) or row, world)]  # fmt: skip
    total = sum(found, Decimal("0.00"))
    return [total >= Decimal(leaf["at_least"]), str(total)]


def purchases_in_window(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    days = window(leaf, card, on)
    count = len([day for day in kept(leaf, card, world, on) if day in days])
    return [count >= leaf["at_least"], count]


def spending_days_in_window(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    count = len(set(kept(leaf, card, world, on)) & set(window(leaf, card, on)))
    return [count >= leaf["at_least"], count]


def first_transaction(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    rows = known(card, world, on)
    bought = [row for row in rows if row["amount"] > 0]
    if not bought:
        return [False, None]
    long_ago = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
    first = min(bought, key=lambda row: (row["day"], row["at"] or long_ago, row["reference"]))
    back = [row["amount"] for row in rows
            if row["amount"] < 0 and row["refund_of"] == first["reference"]]  # fmt: skip
    net = sum(back, first["amount"])
    last = card["issued"] + dt.timedelta(days=leaf["days"] - (leaf["last_day"] == "outside"))
    in_time = card["issued"] <= first["day"] <= last
    return [in_time and net >= Decimal(leaf["at_least"]), [first["day"].isoformat(), str(net)]]


def months_in_row(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    sums: dict[tuple[int, int], Decimal] = {}
    for day, amount in net_rows(leaf, card, world, on):
        sums[day.year, day.month] = sums.get((day.year, day.month), Decimal(0)) + amount
    counts: dict[tuple[int, int], int] = {}
    for day in kept(leaf, card, world, on):
        counts[day.year, day.month] = counts.get((day.year, day.month), 0) + 1

    def is_good(month: tuple[int, int]) -> bool:
        if "at_least" in leaf and sums.get(month, 0) < Decimal(leaf["at_least"]):
            return False
        return "count" not in leaf or counts.get(month, 0) >= leaf["count"]

    year, month = on.year, on.month
    has_ended = (on + ONE).month != on.month
    if not is_good((year, month)) and not has_ended:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    row = 0
    while row < leaf["months"] and is_good((year, month)):
        row += 1
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return [row >= leaf["months"], row]


# --- the card's rest ----------------------------------------------------------------------------
def rest(leaf: Leaf, card: Any, world: World, on: dt.date) -> tuple[dt.date, dt.date]:
    days = [row["day"] for row in known(card, world, on) if row["amount"] > 0]
    since = max([card["issued"], *days])
    year, month = since.year, since.month
    for _number in range(leaf["months"]):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    day = min(since.day, calendar.monthrange(year, month)[1])
    return since, dt.date(year, month, day)


def asleep(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    since, falls = rest(leaf, card, world, on)
    return [falls <= on, since.isoformat()]


def falling_asleep(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    since, falls = rest(leaf, card, world, on)
    return [0 < (falls - on).days <= leaf["within_days"], since.isoformat()]


# --- who the customer is ------------------------------------------------------------------------
def step_on(customer: int, world: World, on: dt.date) -> str:
    cards = of(world["cards"], customer=customer, is_primary=True)
    redeemed = [row["day"] for row in of(world["points"], customer=customer, kind="redeemed")]
    reached = {
        "redeemed": redeemed,
        "used": [card["used"] for card in cards],
        "activated": [card["activated"] for card in cards],
        "issued": [card["issued"] for card in cards],
    }
    for step, days in reached.items():
        if any(on_or_before(day, on) for day in days):
            return step
    applied = of(world["applications"], customer=customer)
    if not any(row["filed"] <= on for row in applied):
        return "registered"
    if cards or redeemed:
        return "filed"  # what came of it is known only of what came of it last
    present, since = "ended", max((row["decided"] for row in applied if row["decided"]), default=on)
    for step, state, name in (
        ("filed", "filed", "filed"), ("supplemented", "supplemented", "supplemented"),
        ("approved", "approved", "decided"),
    ):  # fmt: skip
        if days := [row[name] for row in applied if row["state"] == state]:
            present, since = step, min(days)
    return present if since <= on else "filed"


def stage(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    step = step_on(card["customer"], world, on)
    steps = set().union(*(STAGES.get(code, {code}) for code in leaf["stages"]))
    return [step in steps, step]


def person(card: Any, world: World) -> dict[str, Any]:
    return of(world["customers"], id=card["customer"])[0]


def branch(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    code = person(card, world)["branch"]
    above = world["branches"][code].strip("/").split("/")
    return [any(one in above for one in leaf["branches"]), code]


def years(born: dt.date, on: dt.date) -> int:
    full = on.year - born.year
    birthday = born.replace(year=on.year) if (born.month, born.day) != (2, 29) else (
        dt.date(on.year, 2, 29) if calendar.isleap(on.year) else dt.date(on.year, 3, 1)
    )  # fmt: skip
    return full if on >= birthday else full - 1


def in_range(leaf: Leaf, value: int) -> bool:
    return leaf.get("at_least", value) <= value <= leaf.get("at_most", value)


def age(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    born = person(card, world)["born"]
    if born is None or born > on:
        return [False, None]
    full = years(born, on)
    return [in_range(leaf, full), full]


def potential(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    customer = card["customer"]
    cards = of(world["cards"], customer=customer)
    rows = [row for own in cards for row in known(own, world, on)]
    new = [row for row in rows if (on - row["day"]).days < 90]
    old = [row for row in rows if 90 <= (on - row["day"]).days < 180]
    now = sum((row["amount"] for row in new), Decimal(0))
    before = sum((row["amount"] for row in old), Decimal(0))
    score = 25 if now >= 6000 else 18 if now >= 3000 else 10 if now >= 1000 else 4 if now > 0 else 0
    if before > 0:
        score += 15 if now >= before * 12 / 10 else 8 if now >= before * 9 / 10 else 0
    elif now > 0:
        score += 15
    count = len([row for row in new if row["amount"] > 0])
    score += 15 if count >= 20 else 10 if count >= 8 else 5 if count >= 3 else 0
    used = [row["day"] for row in new + old if row["amount"] > 0]
    if used:
        ago = (on - max(used)).days
        score += 10 if ago <= 14 else 5 if ago <= 45 else 0
    score += {"redeemed": 15, "used": 12, "activated": 8, "issued": 5, "registered": 0,
              "ended": 0}.get(step_on(customer, world, on), 3)  # fmt: skip
    held = len([own for own in cards if is_open(own, on)])
    score += {0: 10, 1: 8, 2: 4}.get(held, 0)
    score += speed(customer, world, on)
    full = years(person(card, world)["registered"], on)
    score += 5 if full >= 2 else 3 if full >= 1 else 0
    return [in_range(leaf, score), score]


def speed(customer: int, world: World, on: dt.date) -> int:
    """Who is further has passed what comes before, that day at the latest."""
    cards = of(world["cards"], customer=customer, is_primary=True)
    later = [row["day"] for row in of(world["points"], customer=customer, kind="redeemed")]
    later += [card["used"] for card in cards if card["used"]]
    later += [card["activated"] for card in cards if card["activated"]]
    if not later or min(later) > on:
        return 0
    issued = min([*later, *(card["issued"] for card in cards)])
    days = (min(later) - issued).days
    return 5 if days <= 7 else 2 if days <= 30 else 0


# --- cards, points, words, campaigns ------------------------------------------------------------
def is_open(card: dict[str, Any], on: dt.date) -> bool:
    return card["issued"] <= on and not on_or_before(card["closed"], on)


def cards_held(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    count = len([own for own in of(world["cards"], customer=card["customer"]) if is_open(own, on)])
    return [in_range(leaf, count), count]


def product_held(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    held = {own["product"] for own in of(world["cards"], customer=card["customer"])
            if is_open(own, on)}  # fmt: skip
    found = sorted(held & set(leaf["products"]))
    return [found != [], found]


def points_balance(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    rows = of(world["points"], customer=card["customer"])
    total = sum(row["points"] for row in rows if row["day"] <= on)
    return [in_range(leaf, total), total]


def points_redeemed(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    days = window(leaf, card, on)
    rows = of(world["points"], customer=card["customer"], kind="redeemed")
    total = -sum(row["points"] for row in rows if row["day"] <= on and row["day"] in days)
    return [total >= leaf["at_least"], total]


def consent(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    midnight = dt.datetime.combine(on + ONE, dt.time(), world["zone"])
    said = of(world["consents"], customer=card["customer"], purpose=leaf["purpose"],
              channel=leaf.get("channel", ""))  # fmt: skip
    said = [row for row in said if row["effective"] < midnight]
    no = [row["effective"] for row in said if not row["is_granted"]]
    holds = any(
        row["is_granted"] and all(min(row["effective"], row["recorded"]) > day for day in no)
        for row in said
    )
    return [holds, holds]


def not_in_campaign(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    people = {row["id"]: row.get("person") or row["id"] for row in world["customers"]}
    me = people[card["customer"]]
    rows = [row for row in world["grants"] if people[row["customer"]] == me]
    found = sorted({row["campaign"] for row in rows if row["day"] <= on} & set(leaf["campaigns"]))
    return [found == [], found]


def persons_brought(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    days, name = window(leaf, card, on), leaf["event"]
    found = []
    for row in of(world["referrals"], customer=card["customer"]):
        if row["day"] not in days or row["day"] > on:
            continue
        reached = [
            own[name] for own in row["cards"]
            if on_or_before(own[name], on) and not on_or_before(own["closed"], on)
        ]  # fmt: skip
        if reached:
            found.append((min(reached), row["id"]))
    return [len(found) >= leaf["at_least"], [key for _day, key in sorted(found)]]


def issued_within(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    if card["filed"] is None:
        return [False, None]
    waited = (card["issued"] - card["filed"]).days
    return [waited <= leaf["days"], waited]


def activated(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    found = on_or_before(card["activated"], on)
    return [found, card["activated"].isoformat() if found else None]


def first_used(leaf: Leaf, card: Any, world: World, on: dt.date) -> Fact:
    found = on_or_before(card["used"], on)
    return [found, card["used"].isoformat() if found else None]


KINDS: dict[str, Callable[[Leaf, Any, World, dt.date], Fact]] = {
    one.__name__: one
    for one in (
        issued_within, activated, first_used, spending_in_window, purchases_in_window,
        spending_days_in_window, first_transaction, months_in_row, asleep, falling_asleep, stage,
        branch, age, potential, cards_held, product_held, points_balance, points_redeemed, consent,
        persons_brought, not_in_campaign, near_goal,
    )
}  # fmt: skip

DEAR = {
    "spending_in_window", "purchases_in_window", "spending_days_in_window", "first_transaction",
    "months_in_row", "asleep", "falling_asleep", "potential", "points_balance", "points_redeemed",
    "persons_brought", "near_goal",
}  # fmt: skip
