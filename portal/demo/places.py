"""Where the demo bank has branches: real cities and districts with their division codes."""

from dataclasses import dataclass

HEAD_OFFICE = ("HO", "总行", "Head office", "330102")


@dataclass(frozen=True)
class RegionPlace:
    """A province in which the bank has a region."""

    code: str
    name: str
    name_en: str
    division_code: str


@dataclass(frozen=True)
class BranchPlace:
    """A district with a branch; `weight` is its share of customers in per cent."""

    code: str
    region: str
    city: str
    city_en: str
    district: str
    district_en: str
    division_code: str
    weight: int


REGIONS = [
    RegionPlace("JS", "江苏分行", "Jiangsu Region", "320000"),
    RegionPlace("ZJ", "浙江分行", "Zhejiang Region", "330000"),
    RegionPlace("GD", "广东分行", "Guangdong Region", "440000"),
]

BRANCHES = [
    BranchPlace("JS01", "JS", "南京", "Nanjing", "鼓楼", "Gulou", "320106", 10),
    BranchPlace("JS02", "JS", "南京", "Nanjing", "江宁", "Jiangning", "320115", 6),
    BranchPlace("JS03", "JS", "苏州", "Suzhou", "姑苏", "Gusu", "320508", 9),
    BranchPlace("JS04", "JS", "无锡", "Wuxi", "滨湖", "Binhu", "320211", 6),
    BranchPlace("ZJ01", "ZJ", "杭州", "Hangzhou", "西湖", "Xihu", "330106", 15),
    BranchPlace("ZJ02", "ZJ", "杭州", "Hangzhou", "余杭", "Yuhang", "330110", 9),
    BranchPlace("ZJ03", "ZJ", "宁波", "Ningbo", "鄞州", "Yinzhou", "330212", 8),
    BranchPlace("ZJ04", "ZJ", "温州", "Wenzhou", "鹿城", "Lucheng", "330302", 5),
    BranchPlace("GD01", "GD", "广州", "Guangzhou", "天河", "Tianhe", "440106", 12),
    BranchPlace("GD02", "GD", "广州", "Guangzhou", "番禺", "Panyu", "440113", 6),
    BranchPlace("GD03", "GD", "深圳", "Shenzhen", "南山", "Nanshan", "440305", 9),
    BranchPlace("GD04", "GD", "佛山", "Foshan", "顺德", "Shunde", "440606", 5),
]
