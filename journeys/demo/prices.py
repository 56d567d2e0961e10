"""What things cost: per category the median amount in CNY, the spread of its logarithm, and how
often a holder buys there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Price:
    median: float
    spread: float
    frequency: float


PRICES: dict[str, Price] = {
    "5812": Price(128, 0.65, 10), "5814": Price(28, 0.45, 12), "5813": Price(160, 0.6, 1.5),
    "5462": Price(32, 0.5, 6), "5411": Price(86, 0.75, 14), "5499": Price(24, 0.6, 12),
    "5311": Price(320, 0.9, 3), "5441": Price(48, 0.5, 1), "7011": Price(420, 0.6, 2),
    "4722": Price(1500, 0.8, 0.5), "4511": Price(980, 0.55, 1.2), "4112": Price(190, 0.6, 2.5),
    "7991": Price(120, 0.6, 1.2), "4121": Price(26, 0.55, 6), "5541": Price(260, 0.35, 5),
    "7538": Price(620, 0.8, 0.8), "7542": Price(40, 0.3, 1.5), "7523": Price(14, 0.6, 4),
    "5912": Price(62, 0.7, 4), "8021": Price(680, 0.9, 0.5), "8062": Price(240, 0.9, 1.5),
    "8099": Price(460, 0.6, 0.4), "7997": Price(380, 0.9, 0.8), "8299": Price(1600, 0.8, 0.5),
    "8211": Price(2400, 0.6, 0.25), "8220": Price(2900, 0.5, 0.2), "5942": Price(68, 0.6, 1.5),
    "5969": Price(118, 0.9, 16), "5815": Price(22, 0.4, 4), "5816": Price(38, 0.9, 3),
    "4814": Price(80, 0.4, 4), "5732": Price(480, 1.1, 1.2), "5651": Price(240, 0.7, 4),
    "5661": Price(310, 0.6, 1.5), "5712": Price(820, 1.0, 0.6), "7230": Price(110, 0.8, 2.5),
    "7832": Price(78, 0.35, 2.5), "5944": Price(1500, 0.9, 0.3), "4900": Price(150, 0.5, 3),
}  # fmt: skip
