"""All of it in one line."""

from __future__ import annotations

from datetime import date

from csq.definition.targets import Comparison
from csq.narrative.figures import Figure, Sentence, value_figure
from csq.narrative.focus import find_focus, label_of
from csq.narrative.judged import find_met, find_missed
from csq.review.facts import Review
from csq.scorecard import Score
from csq.wording import Wording

_PATTERNS = {
    (2, 2): Wording("双高双低", "Two highs, two lows"),
    (2, 1): Wording("双高一低", "Two highs, one low"),
    (1, 2): Wording("一高双低", "One high, two lows"),
    (1, 1): Wording("一高一低", "One high, one low"),
    (2, 0): Wording("整体达标", "On target throughout"),
    (1, 0): Wording("整体达标", "On target throughout"),
    (0, 2): Wording("普遍未达", "Below target throughout"),
    (0, 1): Wording("有短板", "One low"),
}


def say_pattern(review: Review) -> Sentence | None:
    """Up to two highs of different dimensions against up to two lows."""
    highs: list[Score] = []
    for score in find_met(review):
        if score.indicator.dimension not in {s.indicator.dimension for s in highs}:
            highs.append(score)
    lows: list[tuple[Wording, Score]] = []
    missed = find_missed(review)
    focus = find_focus(review)
    if missed:
        lows.append((missed[0].indicator.name, missed[0]))
    if focus:
        label = label_of(review, focus.field, focus.label)
        name = Wording("{group}的{name}", "{name} for {group}").fill(
            group=label, name=focus.score.indicator.name
        )
        lows.append((name, focus.contribution.score))
    elif len(missed) > 1:
        lows.append((missed[1].indicator.name, missed[1]))
    title = _PATTERNS.get((min(len(highs), 2), min(len(lows), 2)))
    if title is None:
        return None
    named = [(s.indicator.name, s) for s in highs[:2]]
    figures: dict[str, Figure] = {}
    names: dict[str, Wording | Comparison | date] = {"title": title}
    said = {"high": [], "low": []}  # type: dict[str, list[str]]
    for side, scores in (("high", named), ("low", lows)):
        for position, (name, score) in enumerate(scores):
            mark = f"{side}_{'ab'[position]}"
            names[f"{mark}_name"], figures[f"{mark}_value"] = name, value_figure(score)
            said[side].append(f"{{{mark}_name}} {{{mark}_value}}")
    zh = "；".join(
        part for part in ("强在" + "、".join(said["high"]) if said["high"] else "",
                          "弱在" + "、".join(said["low"]) if said["low"] else "") if part
    )  # fmt: skip
    en = "; ".join(
        part for part in ("strong in " + " and ".join(said["high"]) if said["high"] else "",
                          "weak in " + " and ".join(said["low"]) if said["low"] else "") if part
    )  # fmt: skip
    return Sentence(
        "pattern", Wording("{title}：" + zh + "。", "{title}: " + en + "."), figures, names
    )
