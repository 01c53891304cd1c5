"""What the work is about: the share of each type, and how few make up most of it."""

from __future__ import annotations

from fractions import Fraction

from csq.definition.targets import Unit
from csq.narrative.figures import OTHER, say_value
from csq.reports.numbers import show_value
from csq.reports.review import wordings as words
from csq.reports.review.blocks import EMPTY, Chapter, Chart, ChartKind, Column, Row, Table, Tone
from csq.reports.review.cells import count_cell, points_cell, share_cell, text_cell
from csq.review.facts import Review, Shares
from csq.wording import Language, Wording


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


def _share_table(review: Review, shares: Shares, language: Language) -> Table:
    columns = (
        Column(shares.field.title.say(language), 26),
        Column(words.COUNT.say(language), 10, is_number=True),
        Column(words.SHARE.say(language), 10, is_number=True),
        Column(words.CUMULATIVE.say(language), 10, is_number=True),
        Column(words.PREVIOUS.say(language), 10, is_number=True, compares=True),
        Column(words.CHANGE.say(language), 11, is_number=True, compares=True),
    )
    before_total = sum(shares.previous.values())
    rows, running = [], 0
    for value, count in shares.counts:
        running += count
        share = Fraction(count, shares.total)
        before = Fraction(shares.previous.get(value, 0), before_total) if before_total else None
        change = EMPTY
        if before is not None:
            change = points_cell(share - before, language)
        rows.append(
            Row(
                (
                    text_cell(say_value(review, shares, value).say(language)),
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
    if shares.counts[0][0] == OTHER:
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
        shown = say_value(review, shares, value).say(language)
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
