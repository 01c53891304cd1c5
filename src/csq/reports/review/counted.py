"""The chapters that are counted beside the scorecard: peaks, types, satisfaction, stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from csq.definition.targets import Unit
from csq.formula.tree import fields_of
from csq.narrative.figures import say_value
from csq.reports.json import number
from csq.reports.numbers import show_difference, show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import (
    EMPTY,
    Cell,
    Chapter,
    Chart,
    ChartKind,
    Column,
    Row,
    Table,
    Tone,
)
from csq.reports.review.cells import (
    TONES,
    count_cell,
    difference_cell,
    duration_cell,
    indicator_scale,
    label,
    score_cell,
    share_cell,
    target_text,
    text_cell,
    value_cell,
)
from csq.reports.review.scored import shown_scores
from csq.review.facts import HourCell, Hours, Review, Shares
from csq.scorecard import Score, Verdict
from csq.wording import Language, Wording

_OTHER = "其他"
_SECONDS = Wording("（秒）", " (s)")

# When the work comes --------------------------------------------------------------------------


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
        comma = "、" if language == "zh" else ", "
        share = Fraction(sum(cell.volume for cell in peaks), total)
        yield (
            Wording(
                "高峰时段（来件量高出平均每小时四分之一以上）：{hours}，占全部来件的 {share}。",
                "Peak hours (more than a quarter above the mean hour): {hours}, {share} of all.",
            )
            .fill(
                hours=comma.join(f"{cell.hour}:00–{cell.hour + 1}:00" for cell in peaks),
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
        shown = duration_cell(value, language) if timed else count_cell(int(value))
        if timed:
            shown = Cell(f"{float(value):.1f}", value, "0.0")
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


# What it is about -----------------------------------------------------------------------------


def type_chapter(review: Review, language: Language) -> Chapter | None:
    if not review.shares:
        return None
    title = words.CHAPTERS["types"].say(language)
    lines = (
        Wording(
            "占比由件数算出；合计一行检查各类之和是否等于总数。",
            "Shares are worked out from counts; the total row checks that the classes add up.",
        ).say(language),
    )
    return Chapter(
        "types",
        title,
        lines,
        tuple(_share_table(review, shares, language) for shares in review.shares),
        tuple(_pareto(review, shares, language) for shares in review.shares),
    )


def _share_title(shares: Shares, language: Language) -> str:
    return f"{shares.schema.title.say(language)} · {shares.field.title.say(language)}"


def _shown_value(review: Review, shares: Shares, value: str | None, language: Language) -> str:
    said = say_value(shares, value).say(language)
    return review.shield.text(said)


def _share_table(review: Review, shares: Shares, language: Language) -> Table:
    columns = (
        Column(shares.field.title.say(language), 26),
        Column(words.COUNT.say(language), 10, is_number=True),
        Column(words.SHARE.say(language), 10, is_number=True),
        Column(words.CUMULATIVE.say(language), 10, is_number=True),
        Column(words.PREVIOUS.say(language), 10, is_number=True),
        Column(words.CHANGE.say(language), 11, is_number=True),
    )
    before_total = sum(shares.previous.values())
    rows, running = [], 0
    for value, count in shares.counts:
        running += count
        share = Fraction(count, shares.total)
        before = Fraction(shares.previous.get(value, 0), before_total) if before_total else None
        change = EMPTY
        if before is not None:
            text = show_difference(share - before, Unit.PERCENT, language)
            change = Cell(text, share - before, "+0.0%;-0.0%;0.0%")
        rows.append(
            Row(
                (
                    text_cell(_shown_value(review, shares, value, language)),
                    count_cell(count),
                    share_cell(share, language),
                    share_cell(Fraction(running, shares.total), language),
                    share_cell(before, language),
                    change,
                )
            )
        )
    check = Wording("✔ 之和等于总数", "✔ adds up").say(language)
    rows.append(
        Row(
            (
                text_cell(f"{words.TOTAL.say(language)}（{check}）" if language == "zh"
                          else f"{words.TOTAL.say(language)} ({check})"),
                count_cell(sum(count for _, count in shares.counts)),
                share_cell(sum((Fraction(c, shares.total) for _, c in shares.counts), Fraction(0)), language),
                EMPTY, EMPTY, EMPTY,
            ),
            tone=Tone.TOTAL,
        )
    )  # fmt: skip
    lines = []
    shown_sum = sum(round(Fraction(count * 1000, shares.total)) for _, count in shares.counts)
    if shown_sum != 1000:
        lines.append(
            Wording(
                "各行四舍五入后相加为 {sum} %，件数之和仍等于总数。",
                "The rounded shares add up to {sum} %; the counts add up exactly.",
            )
            .fill(sum=f"{shown_sum / 10:.1f}")
            .say(language)
        )
    if shares.counts[0][0] == _OTHER:
        lines.append(
            Wording(
                "「其他」是最大的一类：分类需要细化，否则看不出原因。",
                "“Other” is the largest class: the classes need refining to tell a cause.",
            ).say(language)
        )
    key = f"share-{shares.schema.source}"
    return Table(key, _share_title(shares, language), columns, tuple(rows), tuple(lines))


def _pareto(review: Review, shares: Shares, language: Language) -> Chart:
    points: list[dict[str, str | float | int | None]] = []
    running = 0
    for position, (value, count) in enumerate(shares.counts):
        running += count
        shown = _shown_value(review, shares, value, language)
        share = show_value(Fraction(count, shares.total), Unit.PERCENT, language)
        total = show_value(Fraction(running, shares.total), Unit.PERCENT, language)
        points.append(
            {
                "value": shown,
                "order": position,
                "count": count,
                "share": float(Fraction(count, shares.total)),
                "cumulative": float(Fraction(running, shares.total)),
                "text": f"{shown}：{count:,} · {share} · {words.CUMULATIVE.say(language)} {total}",
            }
        )
    first = points[0]
    alt = (
        Wording(
            "{title}按件数排列，最多的是{first}，{n} 件", "{title} by count; most: {first}, {n}"
        )
        .fill(title=_share_title(shares, language), first=first["value"], n=f"{first['count']:,}")
        .say(language)
    )
    return Chart(
        ChartKind.PARETO,
        f"pareto-{shares.schema.source}",
        _share_title(shares, language),
        alt,
        tuple(points),
        names={"count": words.COUNT.say(language), "cumulative": words.CUMULATIVE.say(language)},
    )


# What customers say ---------------------------------------------------------------------------


def satisfaction_chapter(review: Review, language: Language) -> Chapter | None:
    tables = [
        table
        for table in (
            _rating_table(review, language),
            *_survey_groups(review, language),
            _comment_table(review, language),
        )
        if table is not None
    ]
    if not tables:
        return None
    return Chapter("satisfaction", words.CHAPTERS["satisfaction"].say(language), (), tuple(tables))


def _rating_table(review: Review, language: Language) -> Table | None:
    rated = [rating for rating in review.ratings if rating.mean is not None]
    if not rated:
        return None
    columns = (
        Column(words.DIMENSION.say(language), 18),
        Column(Wording("均分", "Mean").say(language), 10, is_number=True),
        Column(words.PREVIOUS.say(language), 10, is_number=True),
        Column(words.CHANGE.say(language), 10, is_number=True),
        Column("n", 9, is_number=True),
    )
    worst = min(rated, key=lambda rating: rating.mean or 0)
    rows = []
    for rating in rated:
        assert rating.mean is not None
        change = EMPTY
        if rating.previous is not None:
            step = rating.mean - rating.previous
            text = f"{float(step):+.2f}".replace("-", "−")
            change = Cell(text, step, "+0.00;-0.00;0.00")
        rows.append(
            Row(
                (
                    text_cell(rating.field.title.say(language)),
                    replace(
                        score_cell(rating.mean, Unit.SCORE, language),
                        tone=Tone.MISSED if rating is worst else Tone.PLAIN,
                        note=Wording("最低", "lowest").say(language) if rating is worst else "",
                    ),
                    score_cell(rating.previous, Unit.SCORE, language),
                    change,
                    count_cell(rating.n),
                )
            )
        )
    title = Wording("各维度均分（1 到 5）", "Dimensions (1 to 5)").say(language)
    return Table("ratings", title, columns, tuple(rows))


def _survey_groups(review: Review, language: Language) -> Iterator[Table]:
    """The first indicator of satisfaction by channel and by type, the worst first."""
    score = next(
        (
            s
            for s in shown_scores(review)
            if s.indicator.unit is Unit.PERCENT
            and any("csat" in {f.name for f in fields_of(a)} for a in s.measurement.indicator.aggregates)
        ),
        None,
    )  # fmt: skip
    if score is None:
        return
    scale = indicator_scale(score, language)
    for name in ("channel", "problem_type", "customer_type"):
        groups = review.groups_of(score.indicator.id, name)
        if not groups:
            continue
        field_title = next(
            field.title.say(language)
            for schema in review.understood.schemas.values()
            if (field := schema.field(name))
        )
        columns = (
            Column(field_title, 18),
            Column(score.indicator.name.say(language), 13, is_number=True),
            Column(words.TARGET.say(language), 10, is_number=True),
            Column(words.GAP.say(language), 10, is_number=True),
            Column("n", 9, is_number=True),
        )
        rows = tuple(
            Row(
                (
                    text_cell(label(review.understood.schemas, name, each.group[0][1], language)),
                    replace(
                        value_cell(
                            each.value,
                            each.indicator,
                            scale,
                            language,
                            each.target.value if each.target else None,
                        ),
                        tone=TONES[each.verdict],
                    ),
                    text_cell(target_text(each, language)),
                    difference_cell(each.gap, each.indicator, scale, language),
                    count_cell(each.measurement.n),
                )
            )
            for each in sorted(groups, key=lambda each: (each.value is None, each.value or 0))
        )
        title = f"{score.indicator.name.say(language)} · {field_title}"
        yield Table(f"satisfaction-{name}", title, columns, rows)


def _comment_table(review: Review, language: Language) -> Table | None:
    if not review.comments:
        return None
    schema = review.understood.schemas["surveys"]
    columns = tuple(
        Column(title.say(language), width, is_number=is_number)
        for title, width, is_number in (
            (schema.field("survey_id").title, 18, False),  # type: ignore[union-attr]
            (Wording("渠道", "Channel"), 10, False),
            (Wording("问题类型", "Problem type"), 14, False),
            (Wording("评分", "Rating"), 8, True),
            (Wording("评价内容", "Comment"), 60, False),
        )
    )
    rows = tuple(
        Row(
            (
                text_cell(review.shield.text(comment.key)),
                text_cell(_or_blank(review, "channel", comment.channel, language)),
                text_cell(_or_blank(review, "problem_type", comment.problem_type, language)),
                Cell(f"{float(comment.rating):g}", comment.rating, "0"),
                text_cell(review.shield.text(comment.text)),
            )
        )
        for comment in review.comments
    )
    title = Wording("低分评价", "Low ratings with a comment").say(language)
    return Table("comments", title, columns, rows)


def _or_blank(review: Review, name: str, value: str | None, language: Language) -> str:
    return "" if value is None else label(review.understood.schemas, name, value, language)


# The stages of service ------------------------------------------------------------------------


def stage_chapter(review: Review, language: Language) -> Chapter | None:
    tables = [
        table
        for table in (_stage_table(review, language), _process_table(review, language))
        if table is not None
    ]
    if not tables:
        return None
    return Chapter("stages", words.CHAPTERS["stages"].say(language), (), tuple(tables))


def _stage_table(review: Review, language: Language) -> Table | None:
    if not review.stages:
        return None
    columns = (
        Column(Wording("环节", "Stage").say(language), 24),
        Column("n", 9, is_number=True),
        Column(Wording("平均", "Mean").say(language), 12, is_number=True),
        Column(Wording("中位数", "Median").say(language), 12, is_number=True),
        Column("P90", 12, is_number=True),
        Column(Wording("占全程", "Share of all").say(language), 10, is_number=True),
    )
    names = [(stage.start.name, stage.end.name) for stage in review.stages]
    whole = review.stages[-1] if len(names) > 2 and names[-1][0] == names[0][0] else None
    parts = sum((s.mean * s.n for s in review.stages if s is not whole and s.mean), Fraction(0))
    rows = []
    for stage, pair in zip(review.stages, names, strict=True):
        known = words.STAGES.get(pair)
        name = known.say(language) if known else " → ".join(
            field.title.say(language) for field in (stage.start, stage.end)
        )  # fmt: skip
        share = None
        if stage is not whole and parts and stage.mean is not None:
            share = stage.mean * stage.n / parts
        rows.append(
            Row(
                (
                    text_cell(name),
                    count_cell(stage.n),
                    duration_cell(stage.mean, language),
                    duration_cell(stage.median, language),
                    duration_cell(stage.p90, language),
                    share_cell(share, language),
                ),
                tone=Tone.TOTAL if stage is whole else Tone.PLAIN,
            )
        )
    title = Wording("各环节用时", "Time by stage").say(language)
    return Table("stages", title, columns, tuple(rows))


def _process_table(review: Review, language: Language) -> Table | None:
    """The guide's table of stages, pain points and evidence, filled from the scorecard."""
    columns = (
        Column(Wording("环节", "Stage").say(language), 12),
        Column(Wording("现有操作", "What is done").say(language), 26),
        Column(Wording("痛点", "Pain point").say(language), 26),
        Column(Wording("影响", "Impact").say(language), 8),
        Column(Wording("数据支撑", "Evidence").say(language), 46),
        Column(Wording("改进方向", "First idea").say(language), 40),
    )
    rows = []
    seen: set[str] = set()
    for stage, done, fields in words.PROCESS:
        own = [s for s in shown_scores(review) if s.indicator.id not in seen and _reads(s, fields)]
        seen |= {score.indicator.id for score in own}
        missed = [score for score in own if score.verdict is Verdict.MISSED]
        judged = [score for score in own if score.target is not None]
        if not own:
            continue
        missed.sort(key=lambda score: -_lacking_rows(score))
        evidence = missed or judged or own[:1]
        comma, dot = ("；", "、") if language == "zh" else ("; ", ", ")
        impact = _impact(missed)
        tone = (Tone.MISSED, Tone.UNSURE, Tone.PLAIN)[impact]
        rows.append(
            Row(
                (
                    text_cell(stage.say(language)),
                    text_cell(done.say(language)),
                    text_cell(dot.join(s.indicator.name.say(language) for s in missed)
                              or Wording("无未达标指标", "no target missed").say(language)),
                    text_cell(words.IMPACTS[impact].say(language), tone),
                    text_cell(comma.join(_evidence(score, language) for score in evidence[:4])),
                    text_cell(comma.join(dict.fromkeys(s.indicator.playbook.say(language) for s in missed
                                                       if s.indicator.playbook))),
                )
            )
        )  # fmt: skip
    if not rows:
        return None
    title = Wording("环节痛点（指南表 1）", "Stages and pain points (guide, table 1)").say(language)
    line = Wording(
        "影响按未达标的件数：500 件以上或差距超过两成为高，有未达标为中，其余为低。",
        "Impact by missing rows: high from 500 or a gap above a fifth, medium with any miss.",
    ).say(language)
    return Table("process", title, columns, tuple(rows), (line,))


def _reads(score: Score, fields: frozenset[str]) -> bool:
    names = {f.name for a in score.measurement.indicator.aggregates for f in fields_of(a)}
    return bool(names & fields)


def _lacking_rows(score: Score) -> int:
    return score.shortfall.rows or 0 if score.shortfall else 0


def _impact(missed: list[Score]) -> int:
    """0 high, 1 medium, 2 low: by how much is missing."""
    if not missed:
        return 2
    heavy = any(
        _lacking_rows(score) >= 500
        or (score.gap is not None and score.target is not None
            and abs(score.gap) > abs(score.target.value.quantity.value) / 5)
        for score in missed
    )  # fmt: skip
    return 0 if heavy else 1


def _evidence(score: Score, language: Language) -> str:
    target = score.target.value if score.target else None
    scale = indicator_scale(score, language)
    text = value_cell(score.value, score.indicator, scale, language, target).text
    return f"{score.indicator.name.say(language)} {text}" + (
        f"（{target_text(score, language)}）" if target and language == "zh"
        else f" ({target_text(score, language)})" if target else ""
    )  # fmt: skip
