"""What the customer hears last is how the application stands; and nothing is said again that was
the last word already."""

import datetime as dt
import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from journeys.models import Application, Message
from journeys.notices import operations as notices
from journeys.notices.models import ResultNotice
from tests.factories.notices import AT, TODAY, decide, make_bank, row, states, tell

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
D1, D2 = TODAY - DAY, TODAY


def send(at: dt.datetime = AT) -> None:
    """Everything that waits goes."""
    Message.objects.filter(state="queued").update(state="sent", sent_at=at)


def heard() -> list[str]:
    """The results that were sent, in the order of sending."""
    origins = Message.objects.filter(state="sent").order_by("sent_at", "pk")
    return [origin.removeprefix("result:") for origin in origins.values_list("origin", flat=True)]


def say(state: str, minute: int, **values: object) -> int:
    """Imports a result as of then, tells and sends; how many messages were written."""
    at = AT + minute * MINUTE
    decide(row(state=state, **values), at=at, as_of=at)
    told = tell(at)
    send(at)
    return told


@pytest.mark.django_db
def test_a_wrong_word_is_put_right_again() -> None:
    """Approved, by mistake refused, approved again with its first day."""
    make_bank()
    assert [say("approved", 0, decided_date=D1), say("refused", 1, decided_date=D2),
            say("approved", 2, decided_date=D1)] == [1, 1, 1]  # fmt: skip
    assert heard() == ["approved", "refused", "approved"]
    # The same file again, and once more.
    assert [say("approved", 3, decided_date=D1), say("approved", 4, decided_date=D1)] == [0, 0]
    # An older file changes nothing; a later one is told once.
    older = row(state="refused", decided_date=str(D2))
    assert decide(older, at=AT + 5 * MINUTE, as_of=AT + MINUTE).rows_older == 1
    assert tell(AT + 5 * MINUTE) == 0
    assert [say("refused", 5, decided_date=D2), say("refused", 6, decided_date=D2)] == [1, 0]
    assert heard() == ["approved", "refused", "approved", "refused"]
    keys = Message.objects.order_by("pk").values_list("dedup_key", flat=True)
    assert list(keys) == [
        "result:approved:2026-05-31", "result:refused:2026-06-01",
        "result:approved:2026-05-31:2:r2", "result:refused:2026-06-01:2:r2",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_wrong_word_that_did_not_go_leaves_nothing_to_say() -> None:
    make_bank()
    say("approved", 0, decided_date=D1)
    decide(row(state="refused"), at=AT + MINUTE, as_of=AT + MINUTE)
    assert tell(AT + MINUTE) == 1
    for minute in (2, 3, 4):
        assert say("approved", minute, decided_date=D1) == 0
    assert heard() == ["approved"]
    assert list(ResultNotice.objects.order_by("pk").values_list("result", "state", "answer")) == [
        ("approved", "told", ""), ("refused", "superseded", ""),
        ("approved", "superseded", "already"),
    ]  # fmt: skip
    # Refused after all: now it goes.
    assert (say("refused", 5), heard()) == (1, ["approved", "refused"])


@pytest.mark.django_db
def test_a_wrong_word_that_goes_between_import_and_telling_is_put_right() -> None:
    make_bank()
    say("approved", 0, decided_date=D1)
    decide(row(state="refused"), at=AT + MINUTE, as_of=AT + MINUTE)
    tell(AT + MINUTE)
    decide(row(state="approved", decided_date=D1), at=AT + 2 * MINUTE, as_of=AT + 2 * MINUTE)
    send(AT + 2 * MINUTE)
    assert tell(AT + 3 * MINUTE) == 1
    send(AT + 3 * MINUTE)
    assert heard() == ["approved", "refused", "approved"]


@pytest.mark.django_db
@pytest.mark.parametrize(("is_heard", "words"), [
    (True, ["refused", "approved"]), (False, []),
])  # fmt: skip
def test_an_old_result_is_told_only_where_it_corrects_what_was_heard(
    is_heard: bool, words: list[str]
) -> None:
    make_bank(days=3)
    old = {"filed_date": "2025-01-02", "decided_date": TODAY - 100 * DAY}
    assert say("approved", 0, **old) == 0
    decide(row(state="refused"), at=AT + MINUTE, as_of=AT + MINUTE)
    tell(AT + MINUTE)
    if is_heard:
        send(AT + MINUTE)
    assert say("approved", 2, **old) == int(is_heard)
    assert say("approved", 3, **old) == 0
    assert heard() == words


@pytest.mark.django_db
def test_a_rule_that_becomes_narrower_loses_no_result_that_waits() -> None:
    make_bank(days=3, missing="no_calendar")
    decide(row(decided_date=TODAY - 3 * DAY))
    assert tell() == 0
    notices.set_notice_rule(effective_date=TODAY + DAY, days=0, source="test", actor=None, at=AT)
    assert (tell(AT + 2 * DAY), states()) == (0, [("approved", "due")])


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.sampled_from(["approved", "refused", "withdrawn"]),
                  st.sampled_from([D1, D2])),
        st.just(("decide", "filed", None)),
        st.just(("tell", "", None)),
        st.just(("send", "", None)),
    ),
    max_size=14,
)  # fmt: skip


class TestLastWord(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(steps=_STEPS)
    @example(steps=[
        ("decide", "approved", D2), ("decide", "filed", None), ("decide", "approved", D1),
        ("decide", "filed", None), ("decide", "approved", D2),
    ])  # fmt: skip
    def test_whatever_comes_in_and_goes_out(self, steps: list[tuple[str, str, dt.date]]) -> None:
        make_bank()
        opened: list[dt.datetime] = []
        for minute, (step, state, day) in enumerate(steps):
            at = AT + minute * MINUTE
            if step == "decide":
                decide(row(state=state, decided_date=day), at=at, as_of=at)
                opened += [at] if state == "filed" else []
            elif step == "tell":
                tell(at)
            else:
                send(at)
        end = AT + len(steps) * MINUTE
        tell(end)
        send(end)
        assert tell(end + MINUTE) == 0
        now = Application.objects.values_list("state", flat=True).first()
        words = heard()
        if now not in {None, "filed"}:
            assert words[-1] == now
        sent = list(Message.objects.filter(state="sent").order_by("sent_at", "pk"))
        for before, after in itertools.pairwise(sent):
            was_opened = any(before.queued_at <= at <= after.queued_at for at in opened)
            assert before.origin != after.origin or was_opened
        # The last file once more tells nothing.
        last = [step for step in steps if step[0] == "decide"][-1:]
        for _step, state, day in last:
            later = end + 2 * MINUTE
            decide(row(state=state, decided_date=day), at=later, as_of=later)
            assert tell(end + 2 * MINUTE) == 0
