"""manage.py report_effect: of a campaign, and of a file beside numbers worked out by hand."""

import csv
import io
import json
import math
import random
import statistics
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.effect.rules import widening
from campaigns.models import EffectEntrant
from tests.campaigns.effect import made
from tests.factories import campaigns as plans
from tests.factories.journeys import CustomerFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Z = 1.959963984540054


def report(*arguments: Any) -> Any:
    return json.loads(said(*arguments, "--json"))


def said(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("report_effect", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments: Any) -> str:
    with pytest.raises(CommandError) as found:
        call_command("report_effect", *map(str, arguments), stdout=io.StringIO())
    assert found.value.returncode == 2
    return str(found.value)


def written(folder: Path, rows: list[list[Any]], name: str = "elsewhere.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def a_crowd(seed: int) -> list[list[Any]]:
    rng = random.Random(seed)
    rows: list[list[Any]] = [["customer", "arm", "converted", "spending"]]
    for number in range(2_500):
        is_held = number % 5 == 0
        converted = rng.random() < (0.1 if is_held else 0.18)
        spent = round(rng.expovariate(1 / 200), 2) if converted else 0
        rows.append([f"C{number}", "control" if is_held else "treated", int(converted), spent])
    return rows


def test_a_file_is_told_as_worked_out_by_hand(tmp_path: Path) -> None:
    made.rule(fewest=400)
    rows = a_crowd(1)
    found = report("--file", written(tmp_path, rows), "--control-percent", "20")
    sides = [[row for row in rows[1:] if row[1] == arm] for arm in ("treated", "control")]
    (one, people), (other, held) = ((sum(row[2] for row in side), len(side)) for side in sides)
    share = found["measures"]["converted"]
    assert (share["kind"], share["treated"], share["control"]) == (
        "share", pytest.approx(one / people), pytest.approx(other / held),
    )  # fmt: skip
    ends = [_wilson(count, whole, Z) for count, whole in ((one, people), (other, held))]
    by = one / people - other / held
    assert share["lift"] == pytest.approx(by)
    assert share["once_low"] == pytest.approx(
        by - math.hypot(one / people - ends[0][0], ends[1][1] - other / held)
    )
    wide = widening(people * held / (people + held), tuned=2_000, error=0.05)
    spent = [[float(row[3]) for row in side] for side in sides]
    error = math.sqrt(sum(statistics.variance(side) / len(side) for side in spent))
    mean = statistics.fmean(spent[0]) - statistics.fmean(spent[1])
    amount = found["measures"]["spending"]
    assert (amount["kind"], amount["lift"]) == ("amount", pytest.approx(mean))
    for name, value in (("once_low", mean - Z * error), ("high", mean + wide * error)):
        assert amount[name] == pytest.approx(value)
    capped = [[min(row, float(made.CAP)) for row in side] for side in spent]
    difference = statistics.fmean(capped[0]) - statistics.fmean(capped[1])
    assert amount["capped"]["lift"] == pytest.approx(difference)
    assert found["arms"] == {"treated": {"people": people}, "control": {"people": held}}
    assert (found["split"]["as_drawn"], found["split"]["chi_square"]) == (True, 0.0)
    assert [len(found["words"][language]) for language in ("zh-hans", "en")] == [2, 2]


def _wilson(of: int, whole: int, z: float) -> tuple[float, float]:
    middle = (of + z * z / 2) / (whole + z * z)
    half = z / (whole + z * z) * math.sqrt(of * (whole - of) / whole + z * z / 4)
    return middle - half, middle + half


def test_bad_rows_are_named_by_their_lines_in_both_languages(tmp_path: Path) -> None:
    made.rule(fewest=400)
    rows = a_crowd(2)
    rows[5][1], rows[9][3], rows[12][0] = "nobody", "lots", "C0"
    path = written(tmp_path, rows)
    found = report("--file", path)
    assert [(row["line"], row["column"], row["reason"]) for row in found["bad_rows"]] == [
        (2, "", "both_sides"), (6, "arm", "not_a_side"), (10, "spending", "not_an_amount"),
        (13, "", "both_sides"),
    ]  # fmt: skip
    assert found["bad_rows"][1]["words"]["en"] == "This is no side: write treated or control."
    assert sum(one["people"] for one in found["arms"].values()) == 2_500 - 4
    text = said("--file", path, "--language", "en")
    assert "Rows that do not count: 4" in text.splitlines()
    assert "  line 6, arm: This is no side: write treated or control." in text.splitlines()


def test_without_a_rule_of_the_bank_a_file_is_told_by_that_of_the_house(tmp_path: Path) -> None:
    found = report("--file", written(tmp_path, a_crowd(3)))
    assert found["definition"] == {
        "fewest": 100, "tuned": 2_000, "error": 0.05, "power": 0.8, "cap": "20000",
    }  # fmt: skip
    assert found["measures"]["converted"]["known"] == "compared"


def test_files_that_tell_of_nothing_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, [["customer", "arm", "converted"], ["C1", "x", "1"]])
    assert "没有可计入的行" in refused("--file", path)
    assert "customer" in refused(
        "--file", written(tmp_path, [["who", "arm"], ["C1", "x"]], "who.csv")
    )
    assert refused("--file", tmp_path / "none.csv") != ""
    assert refused("--file", written(tmp_path, [["a"]], "a.doc")) != ""
    assert refused("--file", path, "--control-percent", "half") != ""
    assert refused("--file", path, "--control-percent", "100") != ""
    assert refused("--file", path, "--control-percent", "nan") != ""
    assert refused() == refused("code", "--file", path) != ""


def test_a_campaign_is_told_from_its_counts() -> None:
    plan = row_of("campaigns.EffectPlan", rule=made.rule(fewest=400))
    made.counted(plan, **made.both())
    found = report(plan.campaign.code)
    main = found["measures"]["conversion"]
    assert (found["campaign"], main["known"], main["finding"]) == (
        plan.campaign.code, "compared", "more",
    )  # fmt: skip
    assert (main["treated"], main["control"]) == (0.3, 0.2)
    assert found["arms"]["control"] == {
        "people": 1_000, "watched": 1_000, "waiting": 0, "crossed": 0,
    }  # fmt: skip
    assert set(found["measures"]) == {"conversion", "activation", "spending", "capped"}
    assert found["cost"]["total"] == "0"
    assert len(found["words"]["en"]) == len(found["words"]["zh-hans"]) == 6
    assert said(plan.campaign.code, "--language", "en").splitlines() == found["words"]["en"]


def test_a_campaign_that_was_not_counted_is_counted_when_asked() -> None:
    assert "tried" in refused("tried")
    run = made.live_run()
    made.decided(run, CustomerFactory(), "granted")
    assert "规则" in refused("tried")
    made.rule()
    assert "tried" in refused("tried")
    assert EffectEntrant.objects.count() == 0
    found = report("tried", "--count")
    assert found["measures"]["conversion"]["known"] == "not_enough"
    assert found["arms"]["treated"]["people"] == 1
    plans.draft(code="other")
    assert "other" in refused("none")
