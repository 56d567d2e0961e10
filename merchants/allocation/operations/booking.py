"""The ledger: commitments, claims, payments, and what is taken back of them."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merchants.allocation import queries
from merchants.allocation.access import may_book, may_pay
from merchants.allocation.enums import EntryKind
from merchants.allocation.models import FundAccount, FundEntry
from merchants.allocation.operations.guards import FundsRefused
from portal.audit import operations as audit
from portal.kit import clock, masking, money
from portal.staff.models import Staff


class OverLimit(FundsRefused):
    """Raised where more would be booked than there is; its text says how much there is."""


@transaction.atomic
def book_entry(
    *,
    line_id: int,
    kind: str,
    amount: Decimal,
    document: str,
    key: uuid.UUID,
    actor: Staff,
    at: dt.datetime,
    against_id: int | None = None,
    words: str = "",
) -> FundEntry:
    """This will add a commitment, a claim against a commitment, or a payment against a claim. The
    same `key` again returns what was written, and adds nothing. Raises FundsRefused, OverLimit."""
    account = _locked(line_id)
    if written := FundEntry.objects.filter(key=key, account=account).first():
        return written
    is_payment = kind == EntryKind.PAY
    if not (may_pay if is_payment else may_book)(actor, account.line):
        sentence = _("{name} may not book this: it needs who leads the partnership, and for a"
                     " payment a branch manager.")  # fmt: skip
        raise FundsRefused(sentence.format(name=actor.label))
    if kind == EntryKind.COMMIT:
        _check_days(account, clock.bank_day(at), amount)
    base = _base(account, EntryKind(kind), against_id, actor)
    _check_room(account, base, amount)
    return _write(
        account, kind=kind, amount=amount, against=base.entry if base else None,
        document=document, words=words, key=key, actor=actor, at=at,
    )  # fmt: skip


def _check_days(account: FundAccount, on: dt.date, amount: Decimal) -> None:
    """Money is committed ahead of a plan's days too, but not after them: then no more than was
    taken back of commitments since, by mistake."""
    plan = account.line.plan
    if not plan.is_over(on):
        return
    room = queries.taken_back_late(account)
    if amount <= room:
        return
    sentence = (
        _("The last day of {code} was {day}: since then {room} of its commitments were taken back, "
          "and no more than that is committed again.")
        if room
        else _("The last day of {code} was {day}: nothing more is committed of it. Amend it to a "
               "later last day, or take the partner into a plan of these days. Claims and payments "
               "of what was committed go on.")
    )  # fmt: skip
    raise FundsRefused(sentence.format(code=plan.code, day=plan.last_date, room=money.show(room)))


def _base(
    account: FundAccount, kind: EntryKind, against_id: int | None, actor: Staff
) -> queries.Standing | None:
    if kind == EntryKind.COMMIT:
        return None
    standing = queries.left_of(queries.entries_of(account))
    found = [one for one in standing if one.entry.pk == against_id]
    if not found or found[0].entry.kind != queries.RESTS_ON[kind] or found[0].entry.is_reversal:
        raise FundsRefused(_("Choose what it is for: a claim names its commitment, a payment its"
                             " claim."))  # fmt: skip
    if kind == EntryKind.PAY and found[0].entry.actor_id == actor.pk:
        raise FundsRefused(_("You noted this claim yourself: somebody else must pay it."))
    return found[0]


def _check_room(account: FundAccount, base: queries.Standing | None, amount: Decimal) -> None:
    room = account.free if base is None else base.left
    if amount <= room:
        return
    sentence = (
        _("Only {room} of the {whole} allocated is not committed yet; {amount} is too much.")
        if base is None
        else _("Of {document}, {whole}, only {room} is left; {amount} is too much.")
    )
    whole = account.allocated if base is None else base.entry.amount
    raise OverLimit(
        sentence.format(
            room=money.show(room), whole=money.show(whole), amount=money.show(amount),
            document=base.entry.document if base else "",
        )
    )  # fmt: skip


@transaction.atomic
def reverse_entry(
    *,
    entry_id: int,
    amount: Decimal,
    reason: str,
    key: uuid.UUID,
    actor: Staff,
    at: dt.datetime,
) -> FundEntry:
    """This will take an entry back, or a part of it, by another entry with its reason. What a
    later entry rests on cannot be taken back. Raises FundsRefused, OverLimit."""
    undone = FundEntry.objects.select_related("account").get(pk=entry_id)
    account = _locked(undone.account.line_id)
    if written := FundEntry.objects.filter(key=key, account=account).first():
        return written
    may = may_pay if undone.kind == EntryKind.PAY else may_book
    if not may(actor, account.line):
        raise FundsRefused(_("{name} may not take this back.").format(name=actor.label))
    if undone.is_reversal:
        raise FundsRefused(_("This takes something back itself: book it anew instead."))
    reason = masking.mask_text(reason.strip())
    if not reason:
        raise FundsRefused(_("Give a reason: it stays with the ledger."))
    standing = queries.left_of(queries.entries_of(account))
    left = next(one.left for one in standing if one.entry.pk == undone.pk)
    if amount > left:
        sentence = _("Of {document} only {left} can be taken back: the rest is claimed, paid or"
                     " taken back already.")  # fmt: skip
        raise OverLimit(sentence.format(document=undone.document, left=money.show(left)))
    return _write(
        account, kind=undone.kind, amount=-amount, against=undone.against, reverses=undone,
        document=undone.document, words=reason, key=key, actor=actor, at=at,
    )  # fmt: skip


def _locked(line_id: int) -> FundAccount:
    rows = FundAccount.objects.select_for_update(of=("self",), no_key=True)
    related = ("line__plan__branch", "line__plan__owner", "line__partnership__branch",
               "line__partnership__merchant")  # fmt: skip
    account = rows.select_related(*related).filter(line=line_id).first()
    if account is None:
        raise FundsRefused(_("No plan that is approved gives money to this partner."))
    return account


def _write(
    account: FundAccount,
    *,
    kind: str,
    amount: Decimal,
    document: str,
    words: str,
    key: uuid.UUID,
    actor: Staff,
    at: dt.datetime,
    against: FundEntry | None = None,
    reverses: FundEntry | None = None,
) -> FundEntry:
    try:
        with transaction.atomic():
            entry = FundEntry.objects.create(
                account=account, kind=kind, amount=amount, against=against, reverses=reverses,
                document=masking.mask_text(document.strip()),
                words=masking.mask_text(words.strip()), actor=actor,
                on_date=clock.bank_day(at), at=at, key=key,
            )  # fmt: skip
    except IntegrityError as refused:
        raise FundsRefused(_("This does not fit what the ledger holds. Look at it again.")) from (
            refused
        )
    account.refresh_from_db(fields=["committed", "claimed", "paid"])
    audit.record(
        action="funds.reversed" if reverses else _ACTIONS[kind], actor=actor, at=at,
        target=account.line.plan, reason=entry.words,
        changes={"merchant": account.line.partnership.merchant.number, "amount": str(amount),
                 "document": entry.document},
    )  # fmt: skip
    return entry


_ACTIONS = {
    EntryKind.COMMIT.value: "funds.committed", EntryKind.CLAIM.value: "funds.claimed",
    EntryKind.PAY.value: "funds.paid",
}  # fmt: skip
