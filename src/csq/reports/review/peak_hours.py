"""When the work comes: how many tickets by hour and weekday, and how well they were answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from csq.definition.targets import Unit
from csq.reports.json import number
from csq.reports.numbers import show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Cell, Chapter, Chart, ChartKind, Column, Row, Table
from csq.reports.review.cells import count_cell, text_cell
from csq.review.facts import HourCell, Hours, Review
from csq.wording import Language, Wording

_SECONDS = Wording("（秒）", " (s)")


def peak_chapter(review: Review, language: Language) -> Chapter | None:
    hours = review.hours
    if hours is None or not hours.cells:
        return None
    title = words.CHAPTERS["peaks"].say(language)
    measures: tuple[tuple[str, Wording, Callable[[HourCell], Fraction | None], bool], ...] = (
        ("volume", Wording("来件量", "Volume"), lambda c: Fraction(c.volume), False),
        ("response", Wording("平均首次响应", "Mean first response"), lambda c: c.response, True),
        ("complaints", Wording("投诉量", "Complaints"), lambda c: Fraction(c.complaints), False),
    )
    tables, charts = [], []
    for key, wording, value_of, timed in measures:
        if not any(value_of(cell) for cell in hours.cells):
            continue
        name = wording.say(language)
        tables.append(_heat_table(hours, key, name, value_of, language, timed=timed))
        charts.append(_heat_chart(hours, key, name, value_of, language, timed=timed))
    return Chapter(
        "peaks", title, tuple(_peak_lines(hours, language)), tuple(tables), tuple(charts)
    )


def _peak_lines(hours: Hours, language: Language) -> Iterator[str]:
    cells, peaks = hours.by_hour(), hours.peaks()
    total = sum(cell.volume for cell in cells)
    if peaks:
        share = Fraction(sum(cell.volume for cell in peaks), total)
        yield (
            Wording(
                "高峰时段（来件量高出平均每小时四分之一以上）：{hours}，占全部来件的 {share}。",
                "Peak hours (more than a quarter above the mean hour): {hours}, {share} of all.",
            )
            .fill(
                hours=words.COMMA.say(language).join(
                    f"{cell.hour}:00–{cell.hour + 1}:00" for cell in peaks
                ),
                share=show_value(share, Unit.PERCENT, language),
            )
            .say(language)
        )
    else:
        yield Wording("没有明显的来件高峰。", "No hour stands out by volume.").say(language)
    timed = [cell for cell in cells if cell.response is not None]
    if timed:
        worst = max(timed, key=lambda cell: cell.response or 0)
        yield (
            Wording(
                "首次响应最慢的一个小时：{hour}:00 起，平均 {value}。",
                "The slowest hour to a first response begins at {hour}:00: {value} on average.",
            )
            .fill(
                hour=worst.hour,
                value=show_value(worst.response or Fraction(0), Unit.DURATION, language),
            )
            .say(language)
        )
    for incident in hours.incidents:
        line = Wording(
            "异常：{day} {start}:00–{end}:00 投诉 {n} 件，占当月投诉的 {share}（当月 {of} 件）",
            "Incident: {day} {start}:00–{end}:00 brought {n} complaints, {share} of that month's"
            " {of}",
        ).fill(
            day=incident.start.date().isoformat(),
            start=incident.start.hour,
            end=incident.end.hour or 24,
            n=incident.complaints,
            share=show_value(
                Fraction(incident.complaints, incident.of_month), Unit.PERCENT, language
            ),
            of=incident.of_month,
        )
        more = Wording("。", ".")
        if incident.response is not None:
            more = Wording(
                "，{volume} 件来件平均首次响应 {value}。",
                "; {volume} contacts, first response {value} on average.",
            ).fill(
                volume=incident.volume,
                value=show_value(incident.response, Unit.DURATION, language),
            )
        yield line.say(language) + more.say(language)
    yield Wording(
        "图中每列是一天里的一个小时，每行是一个星期几；数字是整个时段的合计或平均，颜色越浓数越大。",
        "Columns are the hours of the day, rows the days of the week; a number is the sum or the"
        " mean of the whole period; the stronger its colour, the larger it is.",
    ).say(language)
    if len(set(hours.days.values())) > 1:
        counted = words.COMMA.say(language).join(
            f"{words.WEEKDAYS[day - 1].say(language)} {count}" for day, count in hours.days.items()
        )
        yield (
            Wording(
                "本期有数据的天数：{days}；天数多的一行，合计也大。",
                "Days with data: {days}; more of them make a row's sums larger.",
            )
            .fill(days=counted)
            .say(language)
        )


def _heat_of(value: Fraction | None, largest: Fraction) -> int | None:
    return None if value is None or not largest else min(9, int(value / largest * 9))


def _heat_table(
    hours: Hours,
    key: str,
    name: str,
    value_of: Callable[[HourCell], Fraction | None],
    language: Language,
    *,
    timed: bool,
) -> Table:
    by_place = {(cell.weekday, cell.hour): cell for cell in hours.cells}
    clock = sorted({cell.hour for cell in hours.cells})
    largest = max((value_of(cell) or Fraction(0) for cell in hours.cells), default=Fraction(0))

    def cell_at(weekday: int, hour: int) -> Cell:
        found = by_place.get((weekday, hour))
        value = value_of(found) if found else None
        if value is None:
            return EMPTY
        shown = Cell(f"{float(value):.1f}", value, "0.0") if timed else count_cell(int(value))
        return replace(shown, heat=_heat_of(value, largest))

    rows = tuple(
        Row((text_cell(words.WEEKDAYS[day - 1].say(language)), *(cell_at(day, h) for h in clock)))
        for day in range(1, 8)
        if day in hours.days or any(place[0] == day for place in by_place)
    )
    unit = _SECONDS.say(language) if timed else ""
    corner = Wording("星期＼时", "Day \\ hour").say(language)
    columns = (Column(corner, 10), *(Column(f"{hour}", 7, is_number=True) for hour in clock))
    return Table(f"heat-{key}", name + unit, columns, rows)


def _heat_chart(
    hours: Hours,
    key: str,
    name: str,
    value_of: Callable[[HourCell], Fraction | None],
    language: Language,
    *,
    timed: bool,
) -> Chart:
    largest = max((value_of(cell) or Fraction(0) for cell in hours.cells), default=Fraction(0))
    points: list[dict[str, str | float | int | None]] = []
    for cell in hours.cells:
        value = value_of(cell)
        day = words.WEEKDAYS[cell.weekday - 1].say(language)
        if value is None:
            continue
        shown = show_value(value, Unit.DURATION, language) if timed else f"{int(value):,}"
        points.append(
            {
                "weekday": day,
                "order": cell.weekday,
                "hour": cell.hour,
                "value": number(value),
                "share": float(value / largest) if largest else 0,
                "shown": f"{float(value):.0f}" if value else "",
                "text": f"{day} {cell.hour}:00 · {name} {shown}",
            }
        )
    worst = max(hours.cells, key=lambda cell: value_of(cell) or 0)
    highest = value_of(worst) or Fraction(0)
    alt = (
        Wording(
            "{name}按小时和星期：最高在{day} {hour}:00，{value}",
            "{name} by hour and weekday: highest on {day} at {hour}:00, {value}",
        )
        .fill(
            name=name,
            day=words.WEEKDAYS[worst.weekday - 1],
            hour=worst.hour,
            value=show_value(highest, Unit.DURATION, language) if timed else f"{int(highest):,}",
        )
        .say(language)
    )
    unit = _SECONDS.say(language) if timed else ""
    return Chart(ChartKind.HEAT, f"heat-{key}", name + unit, alt, tuple(points))
