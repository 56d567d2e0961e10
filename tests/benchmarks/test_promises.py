"""A benchmark that states a promise fails where it is broken."""

import pytest

from benchmarks import harness
from portal.runtime import stack, trial

# This one asserts what it promises as it goes.
_ASSERTS = {"import_at_scale"}


@pytest.fixture(autouse=True)
def _nothing_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harness, "_broken", [])


def test_a_broken_promise_ends_a_benchmark_with_its_figure() -> None:
    assert harness.promise("the night", 29.0, 30, " s")
    assert not harness.promise("the page, p95", 301.0, 300, " ms")
    with pytest.raises(SystemExit) as ended:
        harness.end(is_judged=True)
    assert "the page, p95: 301 ms, promised at most 300 ms" in str(ended.value)
    assert "night" not in str(ended.value)


def test_a_ratio_may_be_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert harness.report("counting", 2.9, 2.0, 1.5) == pytest.approx(1.45)
    harness.end(is_judged=True)
    harness.report("counting", 3.1, 2.0, 1.5)
    assert "BROKEN" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        harness.end(is_judged=True)


def test_at_a_smaller_size_nothing_is_judged() -> None:
    harness.promise("the night", 31.0, 30, " s")
    harness.end(is_judged=False)


def test_each_benchmark_with_a_promise_is_judged() -> None:
    folder = stack.PROJECT / "benchmarks"
    texts = {name: (folder / f"{name}.py").read_text() for name in trial.measurements(folder)}
    promising = {name for name, text in texts.items() if "promise" in text.lower()} - _ASSERTS
    assert "evaluate" in promising
    assert [name for name in sorted(promising) if "harness.end(" not in texts[name]] == []


def test_no_folder_hides_a_benchmark() -> None:
    folder = stack.PROJECT / "benchmarks"
    packages = {one.parent.name for one in folder.glob("*/__init__.py")}
    assert packages & set(trial.measurements(folder)) == set()
