"""Whose a row is: the agents it is credited to where it is broken down by agent.

`credited` and `replied` are of `tree.DERIVED`. `credited` is the agent of a ticket's last reply,
or each of the agents who replied, so that a row stands there once for each. `replied` is whether
one agent did, and for no agent whether nobody did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from csq.definition.indicators import Attribution
from csq.formula.compile import compile_row, derived_name, select_rows
from csq.formula.tree import Constant, FieldTerm, RowOperation, RowTerm, Type
from csq.records.schema import Schema

AGENT = "agent_id"
_FIRST, _TICKET = "first_agent_id", "ticket_id"
_REPLIES = "replies"
_OF_REPLIES = (Attribution.LAST, Attribution.ALL)


def fields_for(schema: Schema, attribution: Attribution) -> Mapping[str, frozenset[str]]:
    """The fields of each source by which the rows of one are credited to agents."""
    match attribution:
        case Attribution.OWNER:
            return {schema.source: frozenset({AGENT})}
        case Attribution.FIRST:
            return {schema.source: frozenset({_FIRST})}
    return {
        schema.source: frozenset({_TICKET}),
        _REPLIES: frozenset({_TICKET, AGENT}),
    }


def credited_to(schema: Schema, attribution: Attribution) -> RowTerm:
    """The agent, or each of the agents, that a row is credited to."""
    if attribution in _OF_REPLIES:
        policy = Constant(attribution.value, Type.TEXT, attribution.value)
        return RowOperation("credited", (_field(schema, _TICKET), policy), Type.TEXT)
    return _field(schema, AGENT if attribution is Attribution.OWNER else _FIRST)


def is_credited_to(schema: Schema, attribution: Attribution, agent: str | None) -> RowTerm:
    """Whether a row is credited to an agent, or to nobody; each row stands there once."""
    if attribution is Attribution.ALL:
        who = () if agent is None else (Constant(agent, Type.TEXT, agent),)
        replied = RowOperation("replied", (_field(schema, _TICKET), *who), Type.FLAG)
        return replied if who else RowOperation("not", (replied,), Type.FLAG)
    term = credited_to(schema, attribution)
    if agent is None:
        return RowOperation("isblank", (term,), Type.FLAG)
    return RowOperation("=", (term, Constant(agent, Type.TEXT, agent)), Type.FLAG)


def _field(schema: Schema, name: str) -> FieldTerm:
    field = schema.field(name)
    assert field is not None, (schema.source, name)
    return FieldTerm(field, Type.TEXT)


def join_replies(source: exp.Expr, terms: Iterable[RowOperation], name: str) -> exp.Expr:
    """Rows with a column for each `credited` and `replied` term, under the name of their source."""
    select = select_rows(source)
    for position, term in enumerate(terms):
        alias = f"_replies{position}"
        ticket, *others = term.operands
        on = exp.EQ(this=exp.column(_OF_TICKET, alias), expression=compile_row(ticket))
        if term.name == "credited":
            (policy,) = others
            assert isinstance(policy, Constant)
            agents = _agents(last=policy.text == Attribution.LAST.value)
            value: exp.Expr = exp.column(_BY_AGENT, alias)
        else:
            agents = _repliers(compile_row(others[0]) if others else None)
            found = exp.Is(this=exp.column(_OF_TICKET, alias), expression=exp.null())
            value = exp.not_(exp.paren(found))
        select = select.join(agents.subquery(alias), on=on, join_type="left")
        select = select.select(exp.alias_(value, derived_name(term), quoted=True))
    return select.subquery(name)


_OF_TICKET, _BY_AGENT = "_of_ticket", "_by_agent"


def _known() -> exp.Select:
    """The ticket and the agent of every reply of which the agent is known."""
    filled = exp.not_(exp.Is(this=exp.column(AGENT), expression=exp.null()))
    names = ((_TICKET, _OF_TICKET), (AGENT, _BY_AGENT))
    columns = [exp.alias_(exp.column(name), alias) for name, alias in names]
    return exp.select(*columns).from_(_REPLIES).where(filled)


def _agents(*, last: bool) -> exp.Select:
    """The tickets with the agents who replied, or with the agent of the last reply."""
    if not last:
        return _known().distinct()
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column(_TICKET)],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=exp.column("reply_at"), desc=True),
                exp.Ordered(this=exp.column("reply_id"), desc=True),
            ]
        ),
    )
    ranked = _known().select(exp.alias_(rank, "_rank"))
    return exp.select(_OF_TICKET, _BY_AGENT).from_(ranked.subquery("_ranked")).where("_rank = 1")


def _repliers(agent: exp.Expr | None) -> exp.Select:
    """The tickets to which an agent, or any agent, has replied."""
    known = _known()
    if agent is not None:
        known = known.where(exp.EQ(this=exp.column(AGENT), expression=agent))
    return exp.select(_OF_TICKET).distinct().from_(known.subquery("_known"))
