"""A review as a document: numbers, wording and order settled once; formats only draw it."""

from __future__ import annotations

from csq.narrative.tell import Story, tell
from csq.reports.review import wordings as words
from csq.reports.review.blocks import Block, Document, Tone
from csq.reports.review.cells import TONES, say_sentence
from csq.reports.review.definitions import definition_chapter
from csq.reports.review.groups import group_chapter
from csq.reports.review.indicators import indicator_chapter, make_tiles
from csq.reports.review.peak_hours import peak_chapter
from csq.reports.review.problem_types import type_chapter
from csq.reports.review.satisfaction import satisfaction_chapter
from csq.reports.review.sheets import Sheets
from csq.reports.review.shown import shown_scores
from csq.reports.review.stages import stage_chapter
from csq.reports.review.traced import detail_chapter, quality_chapter
from csq.reports.review.tracking import tracking_chapter
from csq.reports.review.trends import trend_chapter
from csq.reports.view import show_period
from csq.review.facts import Review
from csq.scorecard import Verdict
from csq.wording import Language, Wording


def make_document(review: Review, language: Language) -> Document:
    """The review in words of one language."""
    sheets = Sheets(review, language)
    chapters = (
        indicator_chapter(review, sheets, language),
        trend_chapter(review, language),
        group_chapter(review, language),
        peak_chapter(review, language),
        type_chapter(review, language),
        satisfaction_chapter(review, language),
        stage_chapter(review, language),
        tracking_chapter(review, language),
        detail_chapter(review, language),
        quality_chapter(review, language),
        definition_chapter(review, language),
    )
    return Document(
        language=language,
        title=words.TITLE.say(language),
        subtitle=_subtitle(review, language),
        tiles=make_tiles(review, language),
        counts=_counts(review, language),
        story=_blocks(tell(review), language),
        chapters=tuple(chapter for chapter in chapters if chapter is not None),
        sheets=sheets.make(),
    )


def _subtitle(review: Review, language: Language) -> str:
    scorecard = review.scorecard
    parts = [show_period(scorecard.period).say(language)]
    if not scorecard.complete:
        last = max(review.days).isoformat()
        parts[0] += (
            Wording("（本期未完，数据到 {last}）", " (not over yet: data until {last})")
            .fill(last=last)
            .say(language)
        )
    for source in dict.fromkeys(receipt.source for receipt in scorecard.receipts):
        own = [receipt for receipt in scorecard.receipts if receipt.source == source]
        parts.append(f"{own[0].title.say(language)} {sum(r.kept for r in own):,}")
    if scorecard.condition:
        parts.append(scorecard.condition)
    return " · ".join(parts)


def _counts(review: Review, language: Language) -> tuple[tuple[Tone, str, str], ...]:
    found = []
    for verdict in Verdict:
        number = sum(1 for score in shown_scores(review) if score.verdict is verdict)
        if number:
            text = f"{verdict.sign} {verdict.wording.say(language)}"
            found.append((TONES[verdict], str(number), text))
    return tuple(found)


def _blocks(story: Story, language: Language) -> tuple[Block, ...]:
    """The story by its three headings; the one line comes first and has none."""
    blocks = []
    if story.pattern:
        blocks.append(Block("pattern", "", (say_sentence(story.pattern, language),)))
    for key, sentences in (
        ("strengths", story.strengths),
        ("weaknesses", story.weaknesses),
        ("directions", story.directions),
    ):
        if sentences:
            title = words.STORY[key].say(language)
            lines = tuple(say_sentence(sentence, language) for sentence in sentences)
            blocks.append(Block(key, title, lines))
    return tuple(blocks)
