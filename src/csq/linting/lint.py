"""A definition linted: every rule run, what they find in the order of the lines."""

from __future__ import annotations

from csq.coverage import find_data_end, whole_time
from csq.definition.load import LoadedDefinition
from csq.engines.base import Engine
from csq.errors import Problem
from csq.formula.tree import derived_in, fields_in
from csq.formula.understand import Understood, understand_omitted
from csq.intake.intake import Intake
from csq.linting.counts import count_parts
from csq.linting.data import never_true, omitted_carried, unfilled_fields, unknown_texts, users_of
from csq.linting.formulas import midnight_bounds, mixed_clocks, wrong_weights
from csq.linting.names import double_names, unused_names
from csq.linting.parts import Part, parts_of_definition, parts_of_targets
from csq.linting.targets import lint_targets
from csq.request import Request, events_of, needed_fields
from csq.workdays import create_calendars


def lint_definition(loaded: LoadedDefinition, understood: Understood) -> tuple[Problem, ...]:
    """What the definition says and hardly means, in the order of its lines."""
    found = [
        *double_names(loaded),
        *unused_names(loaded),
        *midnight_bounds(loaded, understood.scope),
        *(
            problem
            for position, indicator in enumerate(understood.indicators)
            for problem in (
                *wrong_weights(indicator, loaded, position),
                *mixed_clocks(indicator, loaded, position),
                *lint_targets(indicator, loaded, position),
            )
        ),
    ]
    return tuple(sorted(found, key=lambda each: (each.place.file or "", each.place.row or 0)))


def fields_to_lint(loaded: LoadedDefinition, understood: Understood) -> dict[str, frozenset[str]]:
    """The fields each source must keep so that `lint_data` can look at them, by source."""
    needed = {name: set(fields) for name, fields in needed_fields(understood, Request()).items()}
    for part in parts_of_definition(loaded, understood.scope):
        names = {field.name for term in part.terms for field in fields_in(term)}
        needed[part.schema.source] |= names
    for source, schema in understood.schemas.items():
        needed[source] |= {field.name for field in events_of(schema)}
    return {name: frozenset(fields) for name, fields in needed.items()}


def lint_data(
    engine: Engine,
    intake: Intake,
    loaded: LoadedDefinition,
    understood: Understood,
    whole: LoadedDefinition,
) -> tuple[Problem, ...]:
    """What the definition looks for and the exports do not hold, in the order of its lines.

    Texts that no row has, fields that no row fills, and conditions that no row fulfils for
    neither of these reasons; and what the `whole` definition has that the exports hold, and stands
    under `omit:`. Sources without an export are passed over.
    """
    by_source: dict[str, list[Part]] = {}
    for part in (
        *parts_of_definition(loaded, understood.scope),
        *parts_of_targets(loaded, understood),
    ):
        by_source.setdefault(part.schema.source, []).append(part)
    known = {name: parts for name, parts in by_source.items() if name in intake.sources}
    data_end = find_data_end(engine, intake)
    derived = [
        each
        for parts in known.values()
        for part in parts
        for term in (*part.base, *part.terms)
        for each in derived_in(term)
    ]
    create_calendars(engine, intake, understood, derived, data_end, [whole_time(intake)])
    found: list[Problem] = []
    for name, parts in known.items():
        source = intake.sources[name]
        counted = count_parts(engine, source, parts, intake)
        users = users_of(understood, source.schema)
        found += unfilled_fields(source, parts, counted, users)
        found += unknown_texts(engine, source, parts, counted, understood)
        found += never_true(parts, counted)
    written = {each.id for each in understood.indicators}
    omitted = (each for each in understand_omitted(whole) if each.id not in written)
    found += omitted_carried(intake, omitted, loaded.omitted)
    return tuple(sorted(found, key=lambda each: (each.place.file or "", each.place.row or 0)))
