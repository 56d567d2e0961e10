"""Pictures to be read closely, drawn by ECharts in the browser from plain values, each with the
table of what it shows and, where there is one, its export. Small pictures that stand beside figures
are made on the server (`charts`, `lines`, `funnel`, `sankey`)."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

Value = float | int | None
Said = Callable[[float], str]

# Told apart by lightness too, 3:1 on white at least (WCAG 1.4.11).
COLOURS = ("#1a5fb4", "#a8500b", "#0f766e", "#7a2e4d", "#5b6470", "#8a6d1a")
_INK, _SOFT, _LINE = "#1b2733", "#4f5d6b", "#dde3ea"
_TINTS = ("#e8f0fa", "#1a5fb4", "#0c2242")
_HEIGHT = 280
_SMALL = 130  # height of one of many pictures, and its gaps
_ABREAST = 3


@dataclass(frozen=True)
class Series:
    """One line or row of bars: a value for each label, None where nothing is known. `lows` and
    `highs` are the ends of its interval, drawn as a band. A dashed one is for comparison."""

    name: str
    values: Sequence[Value]
    is_dashed: bool = False
    lows: Sequence[Value] = ()
    highs: Sequence[Value] = ()


@dataclass(frozen=True)
class Picture:
    """What `_parts/picture.html` shows: the `option` of ECharts, and the same as a table. `export`
    is the code of an export that gives the table as a file; `note` says what must be known
    besides."""

    code: str
    title: str
    option: dict[str, Any]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    export: str = ""
    note: str = ""
    height: int = _HEIGHT

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.rows

    @property
    def option_id(self) -> str:
        """The id of the element that carries the option."""
        return f"{self.code}-option"


def lines(
    code: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    over: str = "",
    said: Said = lambda value: f"{value:,g}",
    **more: Any,
) -> Picture:
    """This will draw lines over places named by `labels`, with their intervals as bands. `over`
    heads the labels in the table, `said` writes a value there; `more` are fields of the picture."""
    drawn: list[dict[str, Any]] = []
    for place, one in enumerate(series):
        drawn += _band(one, COLOURS[place % len(COLOURS)])
        drawn.append({
            "type": "line", "name": one.name, "data": list(one.values), "connectNulls": False,
            "showSymbol": len(labels) < 40, "symbolSize": 5,
            "lineStyle": {"type": "dashed" if one.is_dashed else "solid", "width": 2},
            "color": COLOURS[place % len(COLOURS)],
        })  # fmt: skip
    option = {**_frame([one.name for one in series]), **_axes(labels), "series": drawn}
    return Picture(code, title, option, *_table(labels, series, over, said), **more)


def bars(
    code: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    is_stacked: bool = False,
    over: str = "",
    said: Said = lambda value: f"{value:,g}",
    **more: Any,
) -> Picture:
    """This will draw upright bars beside one another, or upon one another, the rest as lines."""
    drawn = [
        {
            "type": "bar", "name": one.name, "data": list(one.values), "barMaxWidth": 32,
            "color": COLOURS[place % len(COLOURS)], **({"stack": "all"} if is_stacked else {}),
        }
        for place, one in enumerate(series)
    ]  # fmt: skip
    option = {**_frame([one.name for one in series]), **_axes(labels), "series": drawn}
    return Picture(code, title, option, *_table(labels, series, over, said), **more)


def calendar(
    code: str,
    title: str,
    values: Mapping[dt.date, float],
    *,
    name: str,
    said: Said = lambda value: f"{value:,g}",
    **more: Any,
) -> Picture:
    """This will draw a year or less as a calendar whose days are darker the more they have. `name`
    says what is counted."""
    days = sorted(values)
    high = max(values.values(), default=0)
    option = {
        "tooltip": {},
        "visualMap": {
            "min": 0, "max": high or 1, "text": [said(high), said(0)], "calculable": False,
            "orient": "horizontal", "left": "center", "bottom": 0, "itemHeight": 90,
            "inRange": {"color": list(_TINTS)}, "textStyle": {"color": _SOFT},
        },
        "calendar": {
            "range": [days[0].isoformat(), days[-1].isoformat()] if days else [],
            "top": 30, "left": 40, "right": 12, "bottom": 60, "cellSize": ["auto", "auto"],
            "itemStyle": {"borderColor": "#fff", "borderWidth": 2, "color": "#f3f5f8"},
            "splitLine": {"lineStyle": {"color": _LINE}}, "yearLabel": {"show": False},
            "dayLabel": {"firstDay": 1, "color": _SOFT}, "monthLabel": {"color": _SOFT},
        },
        "series": [{
            "type": "heatmap", "coordinateSystem": "calendar", "name": name,
            "data": [[day.isoformat(), values[day]] for day in days],
        }],
    }  # fmt: skip
    rows = [(day.isoformat(), said(values[day])) for day in days]
    return Picture(code, title, option, (_("Day"), name), rows, **{"height": 240, **more})


def multiples(
    code: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    over: str = "",
    said: Said = lambda value: f"{value:,g}",
    **more: Any,
) -> Picture:
    """This will draw each series as a small picture of its own, all on one scale, so that they can
    be compared at a glance; the rest as for lines."""
    rows = -(-len(series) // _ABREAST)
    known = [value for one in series for value in one.values if value is not None]
    high, wide = max(known, default=0) or 1, 100 / _ABREAST
    grids, across, up, titles, drawn = [], [], [], [], []
    for place, one in enumerate(series):
        left, top = place % _ABREAST * wide, place // _ABREAST * _SMALL
        box = {"left": f"{left + 1.5:.2f}%", "width": f"{wide - 3:.2f}%"}
        grids.append({**box, "top": top + 26, "height": _SMALL - 50})
        across.append({**_across(labels), "gridIndex": place})
        up.append({"type": "value", "gridIndex": place, "show": False, "min": 0, "max": high})
        titles.append({"text": one.name, "left": box["left"], "top": top + 4,
                       "textStyle": {"fontSize": 12, "color": _INK}})  # fmt: skip
        drawn.append({
            "type": "line", "name": one.name, "data": list(one.values), "showSymbol": False,
            "xAxisIndex": place, "yAxisIndex": place, "color": COLOURS[0],
            "areaStyle": {"opacity": 0.12},
        })  # fmt: skip
    option = {"tooltip": {"trigger": "axis"}, "grid": grids, "xAxis": across, "yAxis": up,
              "title": titles, "series": drawn}  # fmt: skip
    more.setdefault("height", max(rows, 1) * _SMALL + 8)
    return Picture(code, title, option, *_table(labels, series, over, said), **more)


def _frame(names: Sequence[str]) -> dict[str, Any]:
    """What pictures with axes have in common."""
    legend = {"show": len(names) > 1, "data": list(names), "type": "scroll", "top": 0,
              "textStyle": {"color": _SOFT}}  # fmt: skip
    top = 34 if len(names) > 1 else 12
    return {
        "tooltip": {"trigger": "axis"},
        "legend": legend,
        "grid": {"left": 8, "right": 16, "top": top, "bottom": 8, "containLabel": True},
    }


def _axes(labels: Sequence[str]) -> dict[str, Any]:
    up = {
        "type": "value",
        "axisLabel": {"color": _SOFT},
        "splitLine": {"lineStyle": {"color": _LINE}},
    }
    return {"xAxis": _across(labels), "yAxis": up}


def _across(labels: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "category", "data": list(labels), "axisTick": {"show": False},
        "axisLabel": {"color": _SOFT, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": _SOFT}},
    }  # fmt: skip


def _band(one: Series, colour: str) -> list[dict[str, Any]]:
    """The interval of a line: what lies below it unseen, and upon that its width in a tint."""
    if not one.lows:
        return []
    widths = [
        None if low is None or high is None else high - low
        for low, high in zip(one.lows, one.highs, strict=True)
    ]
    plain = {"type": "line", "symbol": "none", "silent": True, "stack": f"band {one.name}",
             "stackStrategy": "all", "lineStyle": {"opacity": 0},
             "tooltip": {"show": False}}  # fmt: skip
    return [
        {**plain, "data": list(one.lows)},
        {**plain, "data": widths, "areaStyle": {"color": colour, "opacity": 0.16}},
    ]


def _table(
    labels: Sequence[str], series: Sequence[Series], over: str, said: Said
) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of what a picture shows; the ends of an interval stand beside its value."""
    head, columns = [over or _("Day")], [list(labels)]
    for one in series:
        head.append(one.name)
        columns.append([_tell(value, said) for value in one.values])
        if one.lows:
            head.append(_("{name}, interval").format(name=one.name))
            columns.append([
                "–" if low is None or high is None else f"{said(low)} … {said(high)}"
                for low, high in zip(one.lows, one.highs, strict=True)
            ])  # fmt: skip
    return head, [list(row) for row in zip(*columns, strict=True)]


def _tell(value: Value, said: Said) -> str:
    return "–" if value is None else said(value)
