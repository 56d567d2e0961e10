"""The model of potential: which customers will spend, learned from what customers did later.

It reads of a day what the scorecard reads of it, and is told what came in the span after that day.
The machinery is that of the model of calls: a line and small trees, kept as numbers.
"""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

import numpy as np

from journeys.scoring.rules import figures, learning
from journeys.scoring.rules.calls import Numbers, Words
from journeys.scoring.rules.features import Table
from journeys.scoring.rules.model import Model, ModelUnreadable
from journeys.scoring.rules.scorecard import FACTORS, Facts, share
from journeys.scoring.rules.showing import measures
from journeys.stages.enums import JourneyStep

# Who spends so much, net, in the span after a day kept what was promised on it.
GOAL = Decimal(3000)
# Of the customers that it is measured on, so many are called high and middle.
HIGH_SHARE, MIDDLE_SHARE = 0.2, 0.5
_RECENCY = (0, 8, 15, 46, 91, 181)  # days since the last purchase
_APPLYING = {
    JourneyStep.FILED.value, JourneyStep.SUPPLEMENTED.value, JourneyStep.APPROVED.value,
    JourneyStep.ENDED.value,
}  # fmt: skip
_YEAR = 365.25


@dataclass(frozen=True)
class People:
    """Customers on a day, a column for each fact of the scorecard, under its code; NaN and "" stand
    for what is not known. `growth` is what was spent in the span before. `kept` is 1 for who spent
    the goal later, 0 for who did not, and NaN where that lies ahead."""

    kept: Numbers
    spending: Numbers
    growth: Numbers
    frequency: Numbers
    journey: Words
    recency: Numbers
    room: Numbers
    speed: Numbers
    tenure: Numbers
    age: Numbers

    def __len__(self) -> int:
        return len(self.kept)


def people_of(rows: Sequence[Facts], later: Sequence[Decimal | None]) -> People:
    """This will make columns of customers, and of what each spent `later`."""

    def column(values: Sequence[Any]) -> Numbers:
        return np.array([np.nan if one is None else float(one) for one in values], dtype=float)

    return People(
        kept=column([None if one is None else one >= GOAL for one in later]),
        spending=column([row.spent for row in rows]),
        growth=column([row.spent_before for row in rows]),
        frequency=column([row.purchases for row in rows]),
        # How far an application went is known of the present day alone: looked at from later, those
        # that led to a card would all be told as filed.
        journey=np.array(
            [JourneyStep.FILED.value if row.step in _APPLYING else row.step for row in rows],
            dtype=str,
        ),
        recency=column([row.last_used and (row.on - row.last_used).days for row in rows]),
        room=column([row.open_cards for row in rows]),
        speed=column(
            [
                (row.activated - row.issued).days if row.activated and row.issued else None
                for row in rows
            ]
        ),
        tenure=column([(row.on - row.registered).days / _YEAR for row in rows]),
        age=column([row.birth_date and (row.on - row.birth_date).days / _YEAR for row in rows]),
    )


def table_of(people: People, *, with_traits: bool) -> Table:
    """This will make the columns that the model reads; without `with_traits` no trait is among
    them."""
    shared = {
        f"journey={step}": (people.journey == step).astype(float) for step in JourneyStep.values
    }
    plain = {
        name: getattr(people, name)
        for name in ("spending", "growth", "frequency", "recency", "room", "speed", "tenure")
    }
    spent, before = (np.log1p(np.maximum(one, 0)) for one in (people.spending, people.growth))
    bent = {
        "spending.log": spent, "growth.log": before, "growth.change": spent - before,
        "frequency.log": np.log1p(people.frequency), "tenure.log": np.log1p(people.tenure),
        **{f"room.{count}": (people.room == count).astype(float) for count in (0, 1, 2)},
        **{
            f"recency.{low}": ((people.recency >= low) & (people.recency < high)).astype(float)
            for low, high in itertools.pairwise(_RECENCY)
        },
        "speed.week": (people.speed <= 7).astype(float),
        "speed.month": (people.speed <= 30).astype(float),
    }  # fmt: skip
    if with_traits:
        plain["age"] = people.age
        bent |= {
            "age.young": (people.age < 25).astype(float),
            "age.middle": ((people.age >= 25) & (people.age < 40)).astype(float),
        }
    trees, line = shared | plain, shared | bent
    return Table(trees | line, tuple(trees), tuple(line))


def together(people: People, others: People) -> People:
    """This will return customers with others after them."""
    names = [one.name for one in fields(People)]
    both: dict[str, Any] = {
        name: np.concatenate([getattr(people, name), getattr(others, name)]) for name in names
    }
    return People(**both)


def learn(people: People, weights: Numbers, *, with_traits: bool) -> Model:
    """This will train a model on customers of whom it is known what came."""
    table = table_of(people, with_traits=with_traits)
    line = learning.fit_line(table.line, table.matrix(table.line), people.kept, weights)
    trees = None
    if learning.has_library():
        trees = learning.fit_trees(table.trees, table.matrix(table.trees), people.kept, weights)
    return Model(with_traits, {}, line, trees)


def columns_for(model: Model, people: People) -> Table:
    """This will make the columns that a model reads. Raises ModelUnreadable where it asks for
    others."""
    table = table_of(people, with_traits=model.with_traits)
    wanted = {*model.line.names, *(model.trees.names if model.trees else ())}
    if missing := wanted - set(table.values):
        raise ModelUnreadable(f"there are no columns {sorted(missing)}")
    return table


def card_of(rows: Sequence[Facts]) -> Numbers:
    """This will return what the scorecard without personal traits gives to customers."""
    lines = [factor for factor in FACTORS if not factor.is_trait]
    most = sum(factor.most for factor in lines)
    return np.array(
        [share(sum(factor.read(row).points for factor in lines), most) for row in rows], dtype=float
    )


def figures_of(model: Model, people: People, card: Numbers) -> dict[str, Any]:
    """This will measure a model on customers of a later day than those that it learned from, with
    the scorecard beside it, and say from which chance on they are called high and middle."""
    chances = model.chances(columns_for(model, people))
    return {
        "people": len(people),
        "kept": int(people.kept.sum()),
        "has_trees": model.trees is not None,
        "model": measures(people.kept, chances),
        "scorecard": measures(people.kept, card),
        "brier": figures.brier(people.kept, chances),
        "tenths": [asdict(tenth) for tenth in figures.tenths(people.kept, chances)],
        "high_from": float(np.quantile(chances, 1 - HIGH_SHARE)),
        "middle_from": float(np.quantile(chances, 1 - MIDDLE_SHARE)),
    }
