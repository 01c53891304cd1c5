"""The calendars of a definition, with the holidays and single days they name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path as FilePath

from csq.calendar import Calendar, Spans, knows_holidays, parse_spans, parse_weekdays
from csq.definition.models import CalendarSettings, Definition
from csq.definition.yaml import Document
from csq.errors import Place, Problem, reason_of
from csq.problems.definition import DAYS_UNREADABLE, UNKNOWN_HOLIDAYS, WRONG_DAY
from csq.wording import Wording

_OFF = {"off", "休", "放假", "休息"}
_WORK = {"work", "班", "上班", "调休"}


_NOT_UTF_8 = Wording("不是 UTF-8 编码", "it is not UTF-8")


def read_calendars(
    definition: Definition, document: Document, folder: FilePath
) -> tuple[dict[str, Calendar], tuple[Problem, ...], dict[FilePath, bytes]]:
    """Every calendar, everything wrong with one, and what stands in the files it names.

    A file of days is looked for beside the definition.
    """
    calendars, problems, contents = {}, list[Problem](), dict[FilePath, bytes]()
    for name, settings in definition.calendars.items():
        path = ("calendars", name)
        country, _, part = (settings.holidays or "").partition("-")
        if country and not knows_holidays(country, part or None):
            place = document.place((*path, "holidays"))
            problems.append(UNKNOWN_HOLIDAYS.at(place, value=settings.holidays))
            country = ""
        days: dict[date, Spans] = {}
        if settings.days is not None:
            file = folder / settings.days
            try:
                contents[file] = file.read_bytes()
                text = contents[file].decode("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                reason = reason_of(error) if isinstance(error, OSError) else _NOT_UTF_8
                place = document.place((*path, "days"))
                problems.append(DAYS_UNREADABLE.at(place, value=settings.days, reason=reason))
            else:
                problems += _read_days(text, settings, days, file.name)
        calendars[name] = make_calendar(settings, country or None, part or None, days)
    return calendars, tuple(problems), contents


def make_calendar(
    settings: CalendarSettings,
    country: str | None,
    subdivision: str | None,
    days: Mapping[date, Spans],
) -> Calendar:
    """What the settings say; a day worked instead of a day off has Monday's hours by default."""
    hours = {
        number: spans
        for name, spans in settings.hours.items()
        for number in parse_weekdays(name) or ()
    }
    makeup = settings.hours.get("makeup", hours.get(0, ()))
    return Calendar(hours, makeup, country, subdivision, days)


def _read_days(
    text: str, settings: CalendarSettings, days: dict[date, Spans], file: str
) -> Iterator[Problem]:
    """Lines of a day and `off`, `work` or its spans, into `days`; a first line may be a header."""
    ordinary = settings.hours.get("makeup", settings.hours.get("mon", ()))
    for number, line in enumerate(csv.reader(io.StringIO(text)), 1):
        cells = [cell.strip() for cell in line if cell.strip()]
        if not cells:
            continue
        try:
            day = date.fromisoformat(cells[0])
        except ValueError:
            if number > 1:
                yield WRONG_DAY.at(Place(file, row=number), value=cells[0])
            continue
        words = [word.lower() for word in cells[1:]]
        spans: Spans | None
        if len(words) == 1 and words[0] in _OFF:
            spans = ()
        elif len(words) == 1 and words[0] in _WORK:
            spans = ordinary
        else:
            spans = parse_spans(tuple(part for word in words for part in word.split()))
        if not words or spans is None or day in days:
            yield WRONG_DAY.at(Place(file, row=number), value=" ".join(cells))
        else:
            days[day] = spans
