"""Calls of several threads at the same moment, done as one: whoever comes first does the work of
all who came meanwhile, so that a statement and a commit serve many."""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class _Call(Generic[Asked, Answer]):
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.done = threading.Event()
        self.answer: Answer | None = None
        self.error: BaseException | None = None


class Combiner(Generic[Asked, Answer]):
    """Gathers what threads ask and hands it to `work` in batches of at most `most`, in the order
    in which they came; `work` returns the answers in the same order.

    One thread at a time works, for its own call and those that wait; nobody waits for a batch to
    fill. What `work` raises is raised to each caller of that batch.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Answer]], *, most: int) -> None:
        self._work = work
        self._most = most
        self._waiting: list[_Call[Asked, Answer]] = []
        self._guard = threading.Lock()
        self._is_working = False

    def ask(self, asked: Asked) -> Answer:
        """This will return the answer to one call."""
        call: _Call[Asked, Answer] = _Call(asked)
        with self._guard:
            self._waiting.append(call)
            leads = not self._is_working
            self._is_working = True
        if not leads:
            call.done.wait()
        # Woken without an answer: it is this call's turn to lead.
        if call.answer is None and call.error is None:
            self._lead(call)
        if call.error is not None:
            raise call.error
        return call.answer  # type: ignore[return-value]

    def _lead(self, own: _Call[Asked, Answer]) -> None:
        """Works off one batch, which holds the own call, and passes the lead on."""
        with self._guard:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            answers = self._work([call.asked for call in batch])
            for call, answer in zip(batch, answers, strict=True):
                call.answer = answer
        except BaseException as error:
            for call in batch:
                call.error = error
        with self._guard:
            heir = self._waiting[0] if self._waiting else None
            self._is_working = heir is not None
        for call in batch:
            call.done.set()
        if heir is not None:
            heir.done.set()
