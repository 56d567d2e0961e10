"""Why the demo bank's partnerships moved: each reason says what was known on its day. Where the
figures say nothing, something happened before that a manager would have noted: an offer of a rival,
a promise that was kept or broken."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from merchants.comparison import operations as comparison
from merchants.demo.offers import OFFERS, RIVALS
from merchants.demo.talk_words import PROMISES
from merchants.directory import queries as directory
from merchants.partnerships import queries
from merchants.partnerships.enums import Phase as P
from merchants.partnerships.models import Partnership
from merchants.partnerships.rules import evidence as evidences
from merchants.windows import operations as windows
from portal.kit import clock

# So much lower turnover is a cause by itself.
FELL = Decimal(-10)
_DAY = dt.timedelta(days=1)
OPENED = "同城同类商户 {count} 家可作参照，先行拜访"
ALONE = "商户主动来电询问联合活动，先行拜访"
COMPARED = "同城同类商户 {count} 家，已取得数据，进入比较"
RIVALS_NOTED = "已记录对手条件 {count} 条，与同类逐项比较"
SIGNED = "比较结论为首选，协议 {number} 已签署生效"
UNSIGNED = "比较结论为首选，协议待签，报主管同意先行确定"
AGREED_ANEW = "调整后的条件双方认可，协议 {number} 有效，重新确定合作"
AGREED_UNSIGNED = "调整后的条件双方认可，协议待补签，报主管同意重新确定"
HELD = "刷卡额变化 {change}%，交易平稳，合作步入正轨"
KEPT = "我方承诺兑现 {bank} 项、商户兑现 {merchant} 项，报主管认定"
TURNOVER_FELL = "刷卡额变化 {change}%，合作出现松动"
RIVAL_CAME = "对手找上门，已记录其条件 {count} 条，商户态度动摇"
THEY_BROKE = "商户承诺未兑现 {merchant} 项，活动配合度下降"
TERMS_FELL = "刷卡额变化 {change}%，分摊比例需重谈"
WE_BROKE = "我方承诺未兑现 {bank} 项，商户要求重新议定条件"
NOT_CHOSEN = "与同城同类商户 {count} 家比较后不及同类，双方同意不再推进"


@dataclass(frozen=True)
class Move:
    """A move that is to be told: from one phase to another, at an instant; before it, days are
    free from `free` on. `peers` can be compared with the merchant."""

    row: Partnership
    to: str
    at: dt.datetime
    free: dt.date
    peers: int

    @property
    def on(self) -> dt.date:
        return clock.bank_day(self.at)


def opening(peers: int) -> str:
    """This will say why a partnership is begun."""
    return OPENED.format(count=peers) if peers else ALONE


def cause(rng: random.Random, move: Move) -> str:
    """This will say why a partnership moves, by what is known on the day of its move, and write
    what happened before where nothing else would be a cause."""
    return _CAUSES[move.to](rng, move)


def _compared(rng: random.Random, move: Move) -> str:
    if rng.random() < 0.5:
        return COMPARED.format(count=move.peers)
    _rival(rng, move)
    return RIVALS_NOTED.format(count=_counted(move, "rival_offers"))


def _confirmed(_rng: random.Random, move: Move) -> str:
    contract = directory.contracts_on(merchant_ids=[move.row.merchant_id], on=move.on)
    held = contract.get(move.row.merchant_id)
    is_again = move.row.phase == P.ADJUSTMENT
    if held is None:
        return AGREED_UNSIGNED if is_again else UNSIGNED
    return (AGREED_ANEW if is_again else SIGNED).format(number=held.number)


def _perfect(rng: random.Random, move: Move) -> str:
    change = _change(move)
    if change is not None and change > FELL:
        return HELD.format(change=change)
    for side in ("bank", "merchant"):
        _promise(rng, move, side, kept=True)
    kept = {side: _counted(move, f"promises_{side}_kept") for side in ("bank", "merchant")}
    return KEPT.format(**kept)


def _wavering(rng: random.Random, move: Move) -> str:
    change = _change(move)
    if change is not None and change <= FELL:
        return TURNOVER_FELL.format(change=change)
    if rng.random() < 0.6:
        _rival(rng, move)
        return RIVAL_CAME.format(count=_counted(move, "rival_offers"))
    _promise(rng, move, "merchant", kept=False)
    return THEY_BROKE.format(merchant=_counted(move, "promises_merchant"))


def _adjusted(rng: random.Random, move: Move) -> str:
    change = _change(move)
    if change is not None and change <= FELL:
        return TERMS_FELL.format(change=change)
    _promise(rng, move, "bank", kept=False)
    return WE_BROKE.format(bank=_counted(move, "promises_bank"))


def _ended(_rng: random.Random, move: Move) -> str:
    return NOT_CHOSEN.format(count=move.peers)


_CAUSES: dict[str, Callable[[random.Random, Move], str]] = {
    P.COMPARISON: _compared, P.CONFIRMED: _confirmed, P.PERFECT: _perfect, P.WAVERING: _wavering,
    P.ADJUSTMENT: _adjusted, P.ENDED: _ended,
}  # fmt: skip


def _known(move: Move) -> evidences.Evidence:
    return queries.evidence_of(partnerships=[move.row], on=move.on)[move.row.pk]


def _change(move: Move) -> Decimal | None:
    return evidences.change_percent(_known(move))


def _counted(move: Move, code: str) -> int:
    return int(_known(move).value(code) or 0)


def _before(rng: random.Random, move: Move) -> dt.date:
    """A day between the last move and this one, of the last two weeks."""
    return max(move.free, move.on - rng.randint(2, 14) * _DAY)


def _rival(rng: random.Random, move: Move) -> None:
    seen = _before(rng, move)
    kind, terms, source = rng.choice(OFFERS)
    comparison.note_offer(
        merchant_id=move.row.merchant_id, rival=rng.choice(RIVALS), kind=kind, terms=terms,
        source=source, seen_date=seen, until_date=seen + 90 * _DAY, actor=move.row.manager,
        at=clock.start_of(seen) + dt.timedelta(hours=17),
    )  # fmt: skip


def _promise(rng: random.Random, move: Move, side: str, *, kept: bool) -> None:
    """Made after the last move, due before this one, and told of on that day."""
    due = _before(rng, move)
    said = rng.choice([words for whose, words in PROMISES if whose == side])
    promise = windows.make_promise(
        partnership_id=move.row.pk, side=side, said=said, due_date=due, actor=move.row.manager,
        at=clock.start_of(move.free) + dt.timedelta(hours=16),
    )  # fmt: skip
    windows.settle_promise(
        promise_id=promise.pk, kept=kept, result="" if kept else "到期未办，改期再议",
        actor=move.row.manager, at=clock.start_of(due) + dt.timedelta(hours=17),
    )  # fmt: skip
