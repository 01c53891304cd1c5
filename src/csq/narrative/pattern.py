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
    """Up to two highs of different dimensions against up to two lows of different ones."""
    highs, lows = _apart(find_met(review)), _apart(find_missed(review))
    title = _PATTERNS.get((len(highs), len(lows)))
    if title is None:
        return None
    figures: dict[str, Figure] = {}
    names: dict[str, Wording | Comparison | date] = {"title": title}
    said: dict[str, list[Wording]] = {"high": [], "low": []}
    focus = find_focus(review)
    for side, scores in (("high", highs), ("low", lows)):
        for mark, score in zip((f"{side}_a", f"{side}_b"), scores, strict=False):
            names[f"{mark}_name"] = score.indicator.name
            figures[f"{mark}_value"] = value_figure(score)
            zh, en = f"「{{{mark}_name}}」{{{mark}_value}}", f"“{{{mark}_name}}” {{{mark}_value}}"
            if side == "low" and focus and focus.score is score:
                names["group"] = label_of(review, focus.field, focus.label)
                figures["own"] = value_figure(focus.contribution.score)
                zh, en = zh + "（{group} {own}）", en + " ({group} {own})"
            said[side].append(Wording(zh, en))
    zh = "；".join(
        lead + "、".join(each.zh for each in said[side])
        for side, lead in (("high", "强在"), ("low", "弱在")) if said[side]
    )  # fmt: skip
    en = "; ".join(
        lead + " and ".join(each.en for each in said[side])
        for side, lead in (("high", "strong in "), ("low", "weak in ")) if said[side]
    )  # fmt: skip
    return Sentence(
        "pattern", Wording("{title}：" + zh + "。", "{title}: " + en + "."), figures, names
    )


def _apart(scores: list[Score]) -> list[Score]:
    """The first two of different dimensions."""
    found: list[Score] = []
    for score in scores:
        if score.indicator.dimension not in {each.indicator.dimension for each in found}:
            found.append(score)
    return found[:2]
