"""Calls of the same moment are done together, each with its own answer."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.kit.combining import Combiner


def test_everybody_gets_the_own_answer_and_batches_form() -> None:
    sizes: list[int] = []
    at_work = threading.Semaphore(1)

    def work(asked: Sequence[int]) -> list[int]:
        assert at_work.acquire(blocking=False)  # one at a time
        sizes.append(len(asked))
        time.sleep(0.005)
        at_work.release()
        return [number * 2 for number in asked]

    combiner = Combiner(work, most=16)
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(combiner.ask, range(500)))
    assert answers == [number * 2 for number in range(500)]
    assert sum(sizes) == 500
    assert max(sizes) <= 16
    assert max(sizes) > 1


def test_what_fails_is_raised_to_those_of_its_batch_and_the_next_go_on() -> None:
    def work(asked: Sequence[int]) -> list[int]:
        time.sleep(0.002)
        if 7 in asked:
            raise ValueError("seven")
        return list(asked)

    combiner = Combiner(work, most=4)

    def ask(number: int) -> int | str:
        try:
            return combiner.ask(number)
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    assert answers[7] == "seven"
    assert 1 <= answers.count("seven") <= 4
    assert all(answer in (number, "seven") for number, answer in enumerate(answers))
    assert combiner.ask(8) == 8


def test_a_lone_call_waits_for_nobody() -> None:
    assert Combiner(lambda asked: list(asked), most=4).ask(3) == 3
    with pytest.raises(ZeroDivisionError):
        Combiner(lambda asked: [1 // one for one in asked], most=4).ask(0)
