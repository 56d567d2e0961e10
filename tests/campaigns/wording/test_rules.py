"""The check of wording: single cases by table, and precision and recall on labelled sentences."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from campaigns.wording.rules import Decided, check, lexicon_of
from campaigns.wording.rules.folding import fold

ON = dt.date(2026, 6, 30)
SENTENCES = Path(__file__).parent / "sentences"
RANKS = {"clean": 0, "caution": 1, "evidence": 2, "ban": 3}


def found(text: str, *decided: Decided, on: dt.date = ON) -> list[tuple[str, str]]:
    return [(one.level, one.term) for one in check(text, lexicon_of(on, decided))]


@pytest.mark.parametrize(("text", "expected"), [
    ("本行的服务是最佳选择", [("ban", "最佳")]),
    ("最佳、最优惠、顶级", [("ban", "最佳"), ("ban", "最优惠"), ("ban", "顶级")]),
    ("最近三天", []),
    ("最低还款额", []),
    ("最低年费", [("caution", "最低")]),
    ("第一次刷卡，第一季度", []),
    ("信誉第一", [("ban", "第一")]),
    ("获得“国家级示范奖”", [("evidence", "国家级")]),
    ("国家级服务", [("ban", "国家级")]),
    ("我们不是最佳", [("caution", "最佳")]),
    ("限时秒杀，疯狂抢购", []),
    # One way of writing: signs between, full width, traditional, capital letters, a look-alike.
    ("最-佳", [("ban", "最-佳")]),
    ("最 ★佳", [("ban", "最 ★佳")]),
    ("最，佳", [("caution", "最")]),
    ("最\u200b　佳", [("ban", "最\u200b　佳")]),
    ("國家級", [("ban", "國家級")]),
    ("ＮＯ．１", [("ban", "ＮＯ．１")]),
    ("蕞佳", [("ban", "蕞佳")]),
    ("top 1", [("ban", "top 1")]),
    ("top 10", []),
    ("最\n佳", [("caution", "最")]),
    # The cost of credit needs the annualised rate in the same text, whichever sentence it is in.
    ("分期免息。", [("evidence", "免息")]),
    ("分期免息。年化利率（单利）为15.6%。", []),
    ("最长50天免息期", []),
    ("interest-free instalments; APR 15.6%", []),
    # Rivals.
    ("返现高于其他银行", [("evidence", "高于其他银行")]),
    ("他行的卡都是坑人的", [("ban", "他行的卡都是坑人")]),
    ("比招行信用卡更划算", [("evidence", "比招行信用卡")]),
    ("返现高于建行", [("evidence", "高于建行")]),
    ("额度比中信的卡高", [("evidence", "比中信的卡")]),
    ("额度高于中行使用的标准", []),
    ("这样的礼遇别的银行都没有", [("evidence", "别的银行都没有")]),
    ("Our cash back is better than ICBC", [("evidence", "better than ICBC")]),
    ("cheaper than Bank of China", [("evidence", "cheaper than Bank of")]),
    ("您的第一信用卡", [("ban", "第一信用卡")]),
    ("您的第一张信用卡", []),
    ("积分比工作日多", []),
    # What is promised to everybody.
    ("办卡必过，秒批必过", [("ban", "办卡必过"), ("ban", "秒批必过")]),
    ("人人必中大奖", [("ban", "必中大奖")]),
    ("中奖率100%", [("ban", "中奖率100%")]),
    ("必过安检的旅客可用贵宾厅", []),
    ("需通过审核", []),
    # Organs of the state.
    ("中国人民银行推荐", [("ban", "人民银行推荐")]),
    ("监管部门认可的信用卡", [("ban", "监管部门认可")]),
    ("按中国人民银行规定计息", []),
    # The top prize of a lottery, to the yuan and to the fraction of 10,000.
    ("抽奖大奖5万元", []),
    ("抽奖大奖5.1万元", [("ban", "抽奖大奖5.1万元")]),
    ("抽奖大奖50,000元", []),
    ("抽奖大奖50,888元", [("ban", "抽奖大奖50,888元")]),
    ("大奖￥60000", [("ban", "大奖￥60000")]),
    ("一等奖人民币60,000", [("ban", "一等奖人民币60,000")]),
    ("特等奖5万8千元", [("ban", "特等奖5万8千元")]),
    ("头奖五万元", []),
    ("头奖五万零一元", [("ban", "头奖五万零一元")]),
    ("60000元大奖等您", [("ban", "60000元大奖")]),
    ("Top prize: CNY 50,000", []),
    ("Top prize: CNY 50,001", [("ban", "Top prize: CNY 50,001")]),
    ("A grand prize of 60 thousand yuan", [("ban", "grand prize of 60 thousand yuan")]),
    ("Win up to RMB 60k", [("ban", "Win up to RMB 60k")]),
    # What is spent, counted or given in all is no prize.
    ("累计消费满60000元可参加抽奖", []),
    ("抽奖送10万积分，抽取10万名客户", []),
    ("抽奖总奖金100万元", []),
    ("Spend CNY 60,000 to enter the lucky draw", []),
    # Number one by its sign; the first of several things is none.
    ("The #1 card in China", [("ban", "#1")]),
    ("本行#1信用卡", [("ban", "#1")]),
    ("Gift #1 of 3, tier #1.5, #10", []),
    # What is denied is the very word; else the word stays what it is.
    ("切勿错过全国第一的信用卡", [("ban", "全国第一")]),
    ("谨防错过国家级优惠", [("ban", "国家级")]),
    ("拒绝平庸的最佳信用卡", [("ban", "最佳")]),
    ("不讲套路的最佳银行", [("ban", "最佳")]),
    ("不得不说是最佳银行", [("ban", "最佳")]),
    ("难道不是最佳银行", [("ban", "最佳")]),
    ("Why not the best card in town?", [("ban", "the best card")]),
    ("Isn't the best card ours?", [("ban", "the best card")]),
    ("One of the top, if not the best card", [("ban", "the best card")]),
    ("Never miss the best card", [("ban", "the best card")]),
    ("本行并非业内最佳", [("caution", "最佳")]),
    ("切勿相信全国第一的说法", [("caution", "全国第一")]),
    ("谨防百分百下卡的骗局", [("caution", "百分百下卡")]),
    ("谨防百分百下卡", [("ban", "百分百下卡")]),
    ("This isn't the best card", [("caution", "the best card")]),
    # A fee that is never asked is a promise of price: it rests on the schedule of fees.
    ("本卡终身免年费", [("evidence", "终身免年费")]),
    ("永久减免年费", [("evidence", "永久减免年费")]),
    ("年费终身全免", [("evidence", "年费终身全免")]),
    ("終身免收年費", [("evidence", "終身免收年費")]),
    ("No annual fee for life", [("evidence", "No annual fee for life")]),
    ("首年免年费，次年消费满6笔免年费", []),
    ("本行不再提供终身免年费", []),
    ("卡片永久注销，年费照收", []),
    # What is said to be for everybody, though numbers and conditions bound it.
    ("刷卡人人有奖", [("caution", "人人有奖")]),
    ("笔笔有礼，见者有份", [("caution", "笔笔有礼"), ("caution", "见者有份")]),
    ("人人都中奖", [("ban", "人人都中奖")]),
    ("中奖概率100%", [("ban", "中奖概率100%")]),
    ("不是人人中奖", [("caution", "人人中奖")]),
    ("Everyone wins", [("caution", "Everyone wins")]),
    ("并非人人有奖", []),
    ("人人可报名，每人一份首刷礼，笔笔消费积分", []),
    # Rarity as praise; ten thousand things, one of which is chosen, are a number.
    ("万里挑一的礼遇", [("caution", "万里挑一")]),
    ("百里挑一，千载难逢", [("caution", "百里挑一"), ("caution", "千载难逢")]),
    ("冠绝业界，无出其右", [("ban", "冠绝业界"), ("ban", "无出其右")]),
    ("one in a million", [("caution", "one in a million")]),
    ("积分满1万里挑一款礼品", []),
    ("行程一万里挑战赛", []),
    ("", []),
    ("。。。", []),
])  # fmt: skip
def test_what_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", [
    "抽奖大奖高达10万元", "大奖高达6万元", "头奖达6万元", "抽奖，一等奖价值高达100,000元",
    "抽奖最高可达6万元", "刷卡60000元大奖等您抽", "消费60000元现金大奖", "抽奖大奖陸萬元",
    "抽奖大奖60 000元", "抽奖大奖60\u00a0000元", "抽奖大奖 6 0 0 0 0 元", "转盘赢60000元",
    "轉盤贏60000元", "摇奖赢60000元", "刮刮乐60000元", "盲盒开出60000元", "中奖金额达60000元的抽奖",
    "抽奖奖品金额超过60000元", "抽奖大奖6w元", "抽奖大奖6W", "抽奖一等奖60k元",
])  # fmt: skip
def test_a_top_prize_above_the_law_is_banned(text: str) -> None:
    """Anti-Unfair Competition Law, article 10 (3): no prize above 50,000 yuan."""
    assert level_of(text) == "ban"


@pytest.mark.parametrize("text", [
    "抽奖大奖高达5万元", "抽奖大奖5 000元", "抽奖大奖5w", "转盘赢500元", "抽奖大奖50k元",
    "消费达60000元可抽奖", "消费金额达到60000元可参加抽奖", "单笔金额超过60000元可抽奖",
    "刷卡60000元抽奖", "刷卡满60000元，大奖等您抽", "刷卡60000元，大奖等您抽",
    "日均资产达到60000元可抽奖", "达到60000元可抽奖", "消费不低于60000元可抽奖",
    "累计交易额达6万元参加抽奖", "抽奖总奖金高达100万元", "一等奖：65W充电器", "大奖6w人抽取",
])  # fmt: skip
def test_what_is_spent_or_is_no_money_is_no_prize(text: str) -> None:
    assert level_of(text) == "clean"


@pytest.mark.parametrize(("escapes", "known"), [
    ("0息分期", "0利息分期"),
    ("0 息分期", "0利息分期"),
    ("零息分期", "零利息分期"),
    ("百分之百下卡", "100%下卡"),
    ("The number-one card", "The number one card"),
    ("信誉第壹", "信誉第一"),
    ("国（家）级服务", "国家级服务"),
    ("国[家]级服务", "国家级服务"),
    ("全国第（一）品牌", "全国第一品牌"),
])  # fmt: skip
def test_the_same_in_other_signs_is_found_as_grave(escapes: str, known: str) -> None:
    assert level_of(escapes) == level_of(known) != "clean"


@pytest.mark.parametrize("text", [
    "18岁（含）以上", "利率为3.0 息费另计", "零星消费", "第壹拾条", "第（一）项", "第（一）步",
])  # fmt: skip
def test_what_only_looks_like_it_is_left_in_peace(text: str) -> None:
    assert level_of(text) == "clean"


def test_a_finding_says_why_where_and_what_to_do() -> None:
    text = "您好。本卡是最佳选择！请放心。"
    (one,) = check(text, lexicon_of(ON))
    assert (one.start, one.end, text[one.start : one.end]) == (6, 8, "最佳")
    assert one.sentence == "本卡是最佳选择！"
    assert (one.rule, one.lists, one.found_by.source) == ("mit-absolute-1", 6, "mit_rules.json")
    with translation.override("en"):
        assert one.basis == (
            "Advertising Law, article 9 (3); Guide on absolute terms in advertising (SAMR notice 6 "
            "of 2023)"
        )
    data = one.as_data()
    assert data["basis"][0] == {
        "zh": "《广告法》第九条第（三）项", "en": "Advertising Law, article 9 (3)",
    }  # fmt: skip
    assert all(data["todo"].values())
    assert all(data["why"].values())


def test_what_the_bank_decided_stands_above_the_files() -> None:
    assert found("本行首爆好礼") == []
    assert found("本行首爆好礼", Decided("首爆", "found", "ban")) == [("ban", "首爆")]
    assert found("最佳拍档商户", Decided("最佳拍档", "allowed")) == []
    assert found("最佳选择", Decided("最佳拍档", "allowed")) == [("ban", "最佳")]
    assert found("限时秒杀", Decided("秒杀", "found", "caution")) == [("caution", "秒杀")]
    assert found("极致体验", Decided("极致", "off")) == []
    assert found("极致体验", Decided("极致", "found", "ban")) == [("ban", "极致")]
    assert found("最低还款额") == []
    assert found("最低还款额", Decided("最低还款额", "off"), Decided("最低还款", "off")) != []
    assert found("第一次刷卡", Decided("第一次", "found", "ban")) == [("ban", "第一次")]
    both = Decided("第一次", "found", "ban"), Decided("第一次刷卡", "allowed")
    assert found("第一次刷卡", *both) == []
    assert found("满意度98%") == [("evidence", "满意度98%")]
    assert found("满意度98%", Decided("percent-claim", "off")) == []


def test_a_rule_holds_from_the_day_of_its_article() -> None:
    text = "分期免息"
    assert found(text, on=dt.date(2022, 7, 6)) == []
    assert found(text, on=dt.date(2022, 7, 7)) == [("evidence", "免息")]


@given(st.text(alphabet="最佳第一 级a·.１国家。\n-级NO1%", max_size=40))
def test_findings_point_into_the_text_and_never_overlap(text: str) -> None:
    findings = check(text, lexicon_of(ON))
    ends = [0, *(one.end for one in findings)]
    assert all(one.start >= end for one, end in zip(findings, ends, strict=False))
    assert all(text[one.start : one.end] == one.term for one in findings)
    assert all(one.term.strip() in one.sentence for one in findings)


@given(st.text(max_size=60))
def test_folding_keeps_places_and_folds_once(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.origins)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= place < len(text) for place in folded.origins)


SIGNS = st.sampled_from([" ", "-", "·", "_", "\u200b", "　", "*"])


@given(
    st.sampled_from(["最佳", "国家级", "无与伦比", "顶级"]), st.lists(SIGNS, min_size=1, max_size=3)
)
def test_signs_between_are_no_way_around(word: str, signs: list[str]) -> None:
    text = "".join(signs).join(word)
    assert found(text) == [("ban", text)]


UNSEEN = st.sampled_from(["\u200b", "\u00ad", "\ufe0f", "\u0301", "\u034f", "\u20e3", "\u2060"])


@given(
    st.sampled_from(["国家级", "零风险", "risk-free", "the best card"]),
    st.lists(UNSEEN, min_size=1, max_size=3),
)
def test_signs_that_nobody_sees_are_no_way_around(word: str, signs: list[str]) -> None:
    text = "".join(signs).join(word)
    plain = check(word, lexicon_of(ON))
    assert plain
    assert [(one.level, fold(one.term).text) for one in check(text, lexicon_of(ON))] == [
        (one.level, fold(one.term).text) for one in plain
    ]


@pytest.mark.parametrize(("text", "plain"), [
    ("bеst card", "best card"), ("risk‑free", "risk-free"), ("risk–free", "risk-free"),
    ("囯家级信用卡", "国家级信用卡"), ("全国第1", "全国第一"), ("全国第①", "全国第一"),
    ("销量第１", "销量第一"),
])  # fmt: skip
def test_look_alikes_are_no_way_around(text: str, plain: str) -> None:
    assert check(plain, lexicon_of(ON))
    assert fold(text).text == plain
    assert level_of(text) == level_of(plain)


@pytest.mark.parametrize("text", ["第1次刷卡", "第1笔消费", "第10名起", "第12期账单"])
def test_an_order_is_no_claim(text: str) -> None:
    assert check(text, lexicon_of(ON)) == []


def test_ten_thousand_characters_take_milliseconds() -> None:
    text = ("尊敬的客户：您尾号1234的信用卡已达成活动条件，消费满1000元，首刷礼已发放。" * 300)[
        :10_000
    ]
    lexicon = lexicon_of(ON)
    check(text, lexicon)
    spent = []
    for _round in range(5):
        begun = time.process_time()  # whatever else the machine has to do
        check(text, lexicon)
        spent.append(time.process_time() - begun)
    print(f"10,000 characters: {min(spent) * 1000:.1f} ms")
    # Measured 9 ms; the bound leaves room for a machine that is busy.
    assert min(spent) < 0.1


# --- labelled sentences -----------------------------------------------------------------------
def labelled(half: str) -> list[tuple[str, str]]:
    lines = (SENTENCES / f"{half}.tsv").read_text(encoding="utf-8").splitlines()
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines]


def level_of(text: str) -> str:
    levels = [one.level for one in check(text, lexicon_of(ON))]
    return max(levels, key=RANKS.__getitem__, default="clean")


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def measured(half: str) -> dict[str, tuple[float, float]]:
    """Precision and recall: of finding anything at all, and of each level."""
    pairs = [(label, level_of(text)) for label, text in labelled(half)]
    figures = {"any": _figures([(a != "clean", b != "clean") for a, b in pairs])}
    for level in ("ban", "evidence", "caution"):
        figures[level] = _figures([(a == level, b == level) for a, b in pairs])
    return figures


def _figures(pairs: list[tuple[bool, bool]]) -> tuple[float, float]:
    hits = sum(wanted and said for wanted, said in pairs)
    return (
        share(hits, sum(said for _wanted, said in pairs)),
        share(hits, sum(wanted for wanted, _said in pairs)),
    )


# What was measured, rounded down: a change of the rules may not make it worse.
LEAST: dict[str, dict[str, tuple[float, float]]] = {
    "develop": {
        "any": (0.99, 0.99), "ban": (0.99, 0.99), "evidence": (0.99, 0.99), "caution": (0.99, 0.99),
    },
    "held_out": {
        "any": (0.97, 0.98), "ban": (0.97, 0.99), "evidence": (0.96, 0.92), "caution": (0.90, 0.99),
    },
}  # fmt: skip


@pytest.mark.parametrize("half", sorted(LEAST))
def test_precision_and_recall_do_not_fall(half: str) -> None:
    figures = measured(half)
    print("\n".join(f"{half} {name}: precision {p:.3f}, recall {r:.3f}"
                    for name, (p, r) in figures.items()))  # fmt: skip
    for name, (precision, recall) in LEAST[half].items():
        assert figures[name] >= (precision, 0), (half, name, figures[name])
        assert figures[name][1] >= recall, (half, name, figures[name])


def test_the_portals_own_sentences_are_left_in_peace() -> None:
    """Thousands of sentences of a bank's back office, none of them an advertisement."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po"))
    texts = [text for entry in catalogue for text in (entry.msgid, entry.msgstr) if text]
    found = [text for text in texts if level_of(text) != "clean"]
    print(f"own sentences: {len(texts)}, with a finding: {len(found)}")
    assert len(texts) > 3000
    assert share(len(found), len(texts)) < 0.005


@pytest.mark.parametrize("half", sorted(LEAST))
def test_the_sentences_are_balanced_and_stand_once(half: str) -> None:
    rows: list[Any] = labelled(half)
    texts = [text for _label, text in rows]
    assert len(set(texts)) == len(texts) >= 150
    clean = sum(label == "clean" for label, _text in rows)
    assert 0.3 < share(clean, len(rows)) < 0.5
    assert not set(texts) & {
        text for label, text in labelled("held_out" if half == "develop" else "develop")
    }
