"""Opening posts, changing them, and what they cost."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.directory.models import Store
from merchants.posts.access import may_plan, may_plan_for
from merchants.posts.models import Post, PostCost
from merchants.posts.operations.refusing import PostRefused, in_words
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.models import Staff


@dataclass(frozen=True)
class PostFacts:
    """A post as it is kept."""

    scenario: str
    seats: int
    first_date: dt.date
    last_date: dt.date
    opens: dt.time
    closes: dt.time
    days: str
    permission: str
    duties: Sequence[str]

    @property
    def columns(self) -> dict[str, Any]:
        """What is written, words of people masked."""
        return asdict(self) | {
            "permission": masking.mask_text(self.permission.strip()),
            "duties": [masking.mask_text(line) for line in self.duties],
        }


@transaction.atomic
def open_post(*, store_id: int, facts: PostFacts, actor: Staff, at: dt.datetime) -> Post:
    """This will open a post at a partner's store, of the merchant's branch. Raises PostRefused."""
    store = Store.objects.select_related("merchant__branch").get(pk=store_id)
    merchant = store.merchant
    if not may_plan_for(actor, merchant):
        raise PostRefused(_("Only its relationship manager and branch manager open posts there."))
    # Numbered through the store, one after the other.
    Store.objects.select_for_update(no_key=True).get(pk=store.pk)
    number = f"{store.number}-Z{store.posts.count() + 1}"[:40]
    with in_words():
        post = Post.objects.create(
            number=number, store=store, branch=merchant.branch, **facts.columns
        )
    _record("post.opened", post, actor, at)
    return post


@transaction.atomic
def change_post(*, post: Post, facts: PostFacts, actor: Staff, at: dt.datetime) -> Post:
    """This will change a post; what is planned there must still fit. Raises PostRefused."""
    _refuse_others(post, actor)
    held = Post.objects.select_for_update(of=("self",), no_key=True).get(pk=post.pk)
    for name, value in facts.columns.items():
        setattr(held, name, value)
    with in_words():
        held.save(update_fields=list(facts.columns))
    _record("post.changed", held, actor, at)
    return held


@transaction.atomic
def set_cost(
    *,
    post: Post,
    first_date: dt.date,
    amount: Decimal,
    unit: str,
    source: str,
    actor: Staff,
    at: dt.datetime,
) -> PostCost:
    """This will record what a post costs from a day on, with its source. Raises PostRefused."""
    _refuse_others(post, actor)
    with in_words():
        cost = PostCost.objects.create(
            post=post, first_date=first_date, amount=amount, unit=unit,
            source=masking.mask_text(source.strip()), recorded_by=actor, recorded_at=at,
        )  # fmt: skip
    changes = {"from": str(first_date), "amount": str(amount), "unit": unit}
    audit.record(
        action="post.cost_set", actor=actor, at=at, target=post, reason=cost.source, changes=changes
    )
    return cost


def _refuse_others(post: Post, actor: Staff) -> None:
    if not may_plan(actor, post):
        raise PostRefused(_("This post is planned by others; you may read it."))


def _record(action: str, post: Post, actor: Staff, at: dt.datetime) -> None:
    changes = {
        "number": post.number, "first_date": str(post.first_date),
        "last_date": str(post.last_date), "seats": post.seats, "hours": post.hours,
    }  # fmt: skip
    audit.record(
        action=action, actor=actor, at=at, target=post, reason=post.permission, changes=changes
    )
