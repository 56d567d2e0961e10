"""Whom to call first: how well the product's model of calls puts a bank's real calls in order.

    python -m benchmarks.lead_score [FILE]

FILE holds the calls of a bank in the order of their days, as the UCI set "Bank Marketing" has them
(Moro, Cortez, Rita 2014, doi 10.1016/j.dss.2014.03.001): bank-full or its sister of 21 columns,
packed with xz or not. Without one bank-full is looked for beside the project.

The honest scheme: the last 1,293 calls are foretold, each by a model that was trained on earlier
calls alone (the latest 20,000 of them, trained anew every 50 calls), from what is known before the
phone rings: never from how long the call took. What the model reads and how it is set was chosen on
the 2,586 calls before those, trained in the same manner, and never on the last ones; --choice
prints the figures of that choice. There is no cross-validation at random: success rose from 3 % to
50 % within these calls, and calls of next month in the training would flatter.

It is the model of `journeys.scoring`: its columns, its training, and what it keeps, read back.

To beat on bank-full, in each of the three figures, from the same scheme: logistic regression (AUC
0.718, ALIFT 0.610, 65.6 % of the successes in the better half) and boosted trees (0.739, 0.621,
67.3 %; where scikit-learn is not installed the line stands alone, and against the regression). Of
other files no figures are known: there the AUC has to be above one half with its whole interval.
What is not reached is said, and ends with 1.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.calls import reading
from journeys.scoring.rules import features, figures, learning, model
from journeys.scoring.rules.calls import Calls, Numbers
from portal.runtime import stack

FORETOLD, RENEWED = 1_293, 50
CHOSEN_ON, RENEWED_FOR_CHOICE = 2 * FORETOLD, 150
LOGISTIC, BOOSTED = "logistic regression", "boosted trees"
REFERENCE: dict[str, tuple[float, ...]] = {
    LOGISTIC: (0.718, 0.610, 0.656), BOOSTED: (0.739, 0.621, 0.673),
}  # fmt: skip
FIGURES = ("AUC", "ALIFT", "successes in the better half")
BANK_FULL = stack.PROJECT.parent / "shared" / "data" / "bank-marketing" / "bank-full.csv.xz"
_MEASURES: tuple[Callable[[Numbers, Numbers], float], ...] = (
    figures.auc, figures.alift, figures.in_better_half,
)  # fmt: skip


def foretell(calls: Calls, first: int, *, every: int, with_traits: bool) -> dict[str, Numbers]:
    """This will return the chances of the calls from `first` on, by the model, and by each half of
    it alone; each model is kept as JSON and read back before it foretells."""
    words = features.words_of(calls.part(slice(max(0, first - learning.WINDOW), first)))
    table = features.table_of(calls, words, with_traits=with_traits)
    found: dict[str, list[Numbers]] = {"model": [], "line alone": [], "trees alone": []}
    for start in range(first, len(calls), every):
        before = _rows(table, slice(max(0, start - learning.WINDOW), start))
        won = calls.won[max(0, start - learning.WINDOW) : start]
        learned = learning.learn_from(before, won, words, with_traits=with_traits)
        kept = model.model_of(json.loads(json.dumps(model.plain_of(learned))))
        ahead = _rows(table, slice(start, start + every))
        found["model"].append(kept.chances(ahead))
        found["line alone"].append(kept.line.log_odds(ahead))
        if kept.trees is not None:
            found["trees alone"].append(kept.trees.log_odds(ahead))
    return {name: np.concatenate(parts) for name, parts in found.items() if parts}


def _rows(table: features.Table, rows: slice) -> features.Table:
    cut = {name: values[rows] for name, values in table.values.items()}
    return features.Table(cut, table.trees, table.line)


def _show(name: str, values: tuple[float, ...]) -> None:
    area, lift, half = values
    print(f"  {name:32} {area:.3f}   {lift:.3f}   {half:.1%}", flush=True)


def not_reached(
    found: tuple[float, ...], *, half_width: float, to_beat: Mapping[str, tuple[float, ...]]
) -> list[str]:
    """This will say what the figures of the model do not reach: those `to_beat`, or, where there
    are none, an AUC above one half by its interval. What cannot be told is not reached."""
    if not to_beat:
        if found[0] - half_width > 0.5:
            return []
        return [f"AUC {found[0]:.3f} ± {half_width:.3f} is no more than chance"]
    return [
        f"{name} {value:.3f} does not beat {beat:.3f} of {other}"
        for other, figures_of in to_beat.items()
        for name, value, beat in zip(FIGURES, found, figures_of, strict=True)
        if not value > beat
    ]


def to_beat_on(path: Path) -> dict[str, tuple[float, ...]]:
    """This will return the figures to beat on a file, none where they are not known."""
    if not path.name.startswith("bank-full"):
        return {}
    return REFERENCE if learning.has_library() else {LOGISTIC: REFERENCE[LOGISTIC]}


def _report(calls: Calls, first: int, *, every: int) -> tuple[tuple[float, ...], float]:
    """The figures of the model, and half the width of the interval of its AUC."""
    won = calls.won[first:]
    print(f"  {'':32} AUC     ALIFT   successes in the better half")
    started = time.perf_counter()
    found = foretell(calls, first, every=every, with_traits=True)
    taken = time.perf_counter() - started
    figures_by = {
        name: tuple(measure(won, scores) for measure in _MEASURES) for name, scores in found.items()
    }
    for name, values in figures_by.items():
        _show(name, values)
    plain = foretell(calls, first, every=every, with_traits=False)["model"]
    _show("model without personal traits", tuple(measure(won, plain) for measure in _MEASURES))
    half = figures.half_width_of_auc(won, figures_by["model"][0])
    renewed = -(-len(won) // every)
    print(f"  AUC of the model: 95 % interval of ±{half:.3f}; {taken:.0f} s, of which each of"
          f" {renewed} trainings took {taken / renewed:.2f} s")  # fmt: skip
    _calibration(won, found["model"])
    return figures_by["model"], half


def _calibration(won: Numbers, chances: Numbers) -> None:
    always = figures.brier(won, np.full(len(won), won.mean()))
    print(f"  Brier {figures.brier(won, chances):.4f}; {always:.4f} for whoever foretells the share"
          " of all each time")  # fmt: skip
    print("  tenths by chance   calls   foretold   came")
    for place, tenth in enumerate(figures.tenths(won, chances), 1):
        print(f"  {place:10} {tenth.calls:13} {tenth.foretold:10.1%} {tenth.came:6.1%}")


def main(path: Path, *, is_choice: bool = False, rows: int = 0) -> list[str]:
    """This will print the figures of the last calls, or of those by which the choice was made, and
    return what is not reached of those to beat; of fewer rows, and of the choice, none are."""
    calls = reading.read_calls(path)
    if rows:
        calls = calls.part(slice(-(rows + 2 * FORETOLD), None))
    first = len(calls) - FORETOLD
    print(f"{path.name}: {len(calls):,} calls; success {calls.won[:1000].mean():.1%} among the"
          f" first 1,000, {calls.won[first:].mean():.1%} among the last {FORETOLD:,}")  # fmt: skip
    if not learning.has_library():
        print("scikit-learn (the extra `score`) is not installed: the line stands alone")
    if is_choice:
        calls, first = calls.part(slice(0, first)), first - CHOSEN_ON
        print(f"the {CHOSEN_ON:,} calls before the last {FORETOLD:,}, by which was chosen")
        _report(calls, first, every=RENEWED_FOR_CHOICE)
        return []
    print(f"the last {FORETOLD:,} calls, trained anew every {RENEWED} calls on earlier ones")
    found, half_width = _report(calls, first, every=RENEWED)
    to_beat = {} if rows else to_beat_on(path)
    for name, values in to_beat.items():
        _show(f"to beat: {name}", values)
    if rows:
        return []
    missed = not_reached(found, half_width=half_width, to_beat=to_beat)
    for one in missed:
        print(f"  NOT REACHED: {one}")
    return missed


def _named(words: list[str]) -> Path:
    named = [word for word in words if not word.isdigit() and word != "--choice"]
    return Path(named[0]) if named else BANK_FULL


def run(words: list[str]) -> int | str:
    """This will measure as the words of a command say, and return what it ends with."""
    path = _named(words)
    if not path.exists():
        if path != BANK_FULL:
            return f"There is no file {path}."
        print(f"left out: {BANK_FULL.name} is not there (UCI, Bank Marketing); name the file")
        return 0
    rows = next((int(word) for word in words if word.isdigit()), 0)
    return 1 if main(path, is_choice="--choice" in words, rows=rows) else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
