"""What customers say: the means of the questions of a survey, and low ratings with a comment."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sqlglot import exp

from csq.intake.staging.incoming import FILE, ROW
from csq.intake.staging.tables import moment_of
from csq.review.desk import Desk
from csq.review.facts import Comment, Rating

_LOW_RATING = 2
_MOST_COMMENTS = 60


def ask_ratings(desk: Desk) -> Iterator[Rating]:
    """The mean of each question of the survey, beside the one before."""
    schema = desk.schema("surveys")
    if schema is None:
        return
    fields = [f for f in schema.fields if f.name.startswith("d_") and desk.carries(schema, f.name)]
    for field in fields:
        column = exp.column(field.name, quoted=True)
        asked = [exp.Count(this=column), exp.Sum(this=column.copy())]
        n, total = desk.engine.fetch(desk.select(schema, asked))[0]
        (before_n, before) = desk.engine.fetch(
            desk.select(schema, [each.copy() for each in asked], desk.period.previous())
        )[0]
        yield Rating(
            field,
            n,
            Fraction(total) / n if n else None,
            Fraction(before) / before_n if before_n else None,
        )


def ask_comments(desk: Desk) -> Iterator[Comment]:
    """The lowest ratings with a comment, the worst first, then the latest."""
    schema = desk.schema("surveys")
    if schema is None or schema.key is None or not desk.carries(schema, "csat", "comment"):
        return
    csat, comment = exp.column("csat", quoted=True), exp.column("comment", quoted=True)
    labels = [
        exp.column(name, quoted=True) if desk.carries(schema, name) else exp.null()
        for name in ("channel", "problem_type")
    ]
    key = exp.column(schema.key, quoted=True)
    moment = moment_of(schema)
    query = (
        desk.select(schema, [key, *labels, csat, comment])
        .where(exp.LTE(this=csat.copy(), expression=exp.Literal.number(_LOW_RATING)))
        .where(exp.NEQ(this=comment.copy(), expression=exp.Literal.string("")))
        .order_by(csat.copy(), exp.Ordered(this=moment, desc=True), FILE, ROW)
        .limit(_MOST_COMMENTS)
    )
    for name, channel, problem_type, rating, text in desk.engine.fetch(query):
        yield Comment(str(name), channel, problem_type, Fraction(rating), text)
