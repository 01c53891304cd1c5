"""A draft as the text of a metrics.yaml: what is certain in comments, what is needed in effect."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from csq.draft.draft import Draft, DraftFile, DraftSource
from csq.draft.guesses import Unplaced
from csq.records.reading import FieldType
from csq.wording import Language, Wording, join

_HEAD = Wording(
    "由 csq init 按下面这些导出写成的定义初稿。\n"
    "已经生效的猜测都标着“请核对”；建议都在注释里，去掉行首的“# ”（连同它后面的一个空格）才生效。\n"
    "改完运行 csq lint 检查，再运行 csq score。",
    "A first definition, written by csq init from the exports below.\n"
    "Guesses in effect are marked “please check”; suggestions are comments until “# ” is\n"
    "removed, the blank behind it too.\n"
    "Run csq lint after a change, then csq score.",
)
_EXTENDS = Wording(
    "csq 自带的指标都在，下面写的优先", "all indicators csq ships; what stands here goes first"
)
_ZONE = Wording(
    "带时区的时间换算到这里，请核对",
    "times with an offset are moved to this zone, please check",
)
_EXPORTS = Wording("读到的导出", "The exports")
_SOURCE_LINE = Wording(
    "{title}（{source}）：{files} 个文件，{rows} 行",
    "{title} ({source}): files: {files}, rows: {rows}",
)
_FILE_LINE = Wording("{name}：{rows} 行", "{name}: {rows} rows")
_SYSTEM = Wording("，按 {system} 的表头识别", ", headers as {system} documents them")
_PLACED = Wording("认出的列", "Columns recognised")
_UNPLACED = Wording(
    "没有放进字段的列，和最像的字段", "Columns without a field, and the fields most like them"
)
_NO_GUESS = Wording("没有相近的字段", "no field is like it")
_OWN_FIELD = Wording(
    "要用自己的列，加在 fields: 下，例如",
    "to use a column of your own add it under fields:, for example",
)
_CHECK = Wording("猜的，请核对", "a guess, please check")
_NULLS = Wording(
    "这些写法在本该是时间或数字的列里代表“没有”，请核对",
    "these stand for nothing in columns of times or numbers, please check",
)
_UNDECIDED = Wording(
    "日期分不清“日/月”还是“月/日”，去掉 # 并写对才能计算",
    "day/month or month/day cannot be told: remove the # and choose",
)
_EVENTS = Wording(
    "同一个 {key} 有好几行，每行像是一个事件：不合并时只有最后一行算数",
    "several rows share one {key}, each seems an event: where they are not folded, the last counts",
)
_FOLDED = Wording("一个个案的几行合成一行", "the rows of a case become one")
_RESOLVING = Wording("写上表示解决的事件", "name the event that resolves a case")
_CLOSING = Wording(
    "没有解决时间的导出，可以把关闭当作解决",
    "where nothing tells when a case was resolved, its closing may stand for that",
)
_RATING = Wording(
    "满意度，指标在文件末尾；请核对 5 分最好",
    "for the satisfaction at the end of the file; check that 5 is best",
)
_RATED = Wording("客户满意度（{title}）", "Customer satisfaction ({title})")
_STRANGERS = Wording("认不出是哪一类数据的导出", "Exports of no kind that csq knows")
_STRANGER_HINT = Wording(
    "要用它们，在 sources: 里用 files: 和 columns: 说明",
    "to use them describe them with files: and columns: under sources:",
)
_NEAREST = Wording(
    "最像{kind}（认出：{placed}），但没有可用的列：{lacking}。导出时加上，"
    "或在 sources: 的 columns: 里写出它的表头",
    "nearest to {kind} (recognised: {placed}), but no usable column for: {lacking}; export it too,"
    " or name its header with columns: under sources:",
)
_SUMS = Wording(
    "像是汇总好的统计表。csq 要一行一条记录：请在系统里导出工单、会话或通话的明细",
    "seems a table of totals and averages. csq counts single cases: export the list of tickets,"
    " chats or calls itself, one a row",
)
_CARRIED = Wording("这些数据能算的指标（{n} 个）", "Indicators this data can carry ({n})")
_WITHIN_REACH = Wording(
    "采纳上面注释里的建议后还能算的指标（{n} 个）",
    "Indicators it can carry once the suggestions above are taken ({n})",
)
_LACKING = Wording(
    "还不能算的指标（{n} 个）和缺什么", "Indicators it cannot carry yet ({n}), and what is missing"
)
_OMITTED = Wording(
    "报表不列出，csq check 也不要求；有了数据，删去它那一行",
    "no report lists them and csq check asks for none: delete a line once its data is there",
)
_CHANGE = Wording(
    "改指标：只写 id 和要改的键，其余照旧；新的指标写全，公式的写法见 docs/formulas.md",
    "To change an indicator write its id and what is different; a new one is written in full, "
    "see docs/formulas.md",
)
_OWNER = Wording("一线客服部", "Front desk")
_SHAPES = {
    FieldType.TEXT: Wording("文字", "text"),
    FieldType.TIMESTAMP: Wording("时间", "times"),
    FieldType.DURATION: Wording("时长", "durations"),
    FieldType.FLAG: Wording("是/否", "yes or no"),
    FieldType.INTEGER: Wording("整数", "whole numbers"),
    FieldType.NUMBER: Wording("数字", "numbers"),
}


def quote(text: str) -> str:
    """A text as a double-quoted YAML scalar on one line, whatever is in it.

    >>> quote('a"b\\n# c')
    '"a\\\\"b\\\\n# c"'
    """
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escape(char) for char in quoted)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def draw_draft(draft: Draft, language: Language) -> str:
    """The whole metrics.yaml."""
    return "\n".join(_Drawing(language).lines(draft)) + "\n"


class _Drawing:
    """The lines of a draft in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, wording: Wording, **slots: object) -> str:
        return wording.fill(**slots).say(self.language)

    def lines(self, draft: Draft) -> Iterator[str]:
        yield from (f"# {line}" for line in self.say(_HEAD).splitlines())
        yield ""
        yield "version: 1"
        yield f"extends: csq                # {self.say(_EXTENDS)}"
        yield f"language: {self.language}"
        yield f"timezone: Asia/Shanghai     # {self.say(_ZONE)}"
        yield ""
        yield from self._exports(draft)
        yield from self._sources(draft.sources)
        yield from self._indicators(draft)

    def _exports(self, draft: Draft) -> Iterator[str]:
        yield f"# ── {self.say(_EXPORTS)}"
        for source in draft.sources:
            yield "#"
            yield "# " + self.say(
                _SOURCE_LINE,
                title=source.schema.title,
                source=source.schema.source,
                files=len({each.place.file for each in source.files}),
                rows=f"{source.rows:,}",
            )
            for each in source.files:
                yield f"#   {self._file(each)}"
                if each.events:
                    yield f"#     {self.say(_EVENTS, key=quote(each.events.key))}"
            yield f"#   {self.say(_PLACED)}:"
            for name, headers in _placed(source).items():
                yield f"#     {name}: {', '.join(map(quote, headers))}"
            yield from self._unplaced(each for file in source.files for each in file.unplaced)
        if draft.strangers:
            yield "#"
            yield f"# {self.say(_STRANGERS)} ({self.say(_STRANGER_HINT)})"
            for each in draft.strangers:
                yield f"#   {self._file(each)}"
                if told := tell_stranger(each):
                    yield f"#     {self.say(told)}"
                yield from self._unplaced(each.unplaced)
        yield ""

    def _file(self, each: DraftFile) -> str:
        line = self.say(_FILE_LINE, name=name_file(each), rows=f"{each.rows:,}")
        return line + (self.say(_SYSTEM, system=each.system) if each.system else "")

    def _unplaced(self, columns: Iterable[Unplaced]) -> Iterator[str]:
        found = {each.header: each for each in columns}
        if found:
            yield f"#   {self.say(_UNPLACED)}:"
        for each in found.values():
            guesses = ", ".join(
                f"{field.name} {self.say(field.title)}"
                for field in {field.name: field for field in each.guesses}.values()
            )
            shape = self.say(_SHAPES[each.shape])
            yield f"#     {quote(each.header)} ({shape}) → {guesses or self.say(_NO_GUESS)}"
        for each in list(found.values())[:1]:
            field = f"{{ type: {each.shape.value}, columns: {quote(each.header)} }}"
            yield f"#     {self.say(_OWN_FIELD)} my_field: {field}"

    def _sources(self, sources: Iterable[DraftSource]) -> Iterator[str]:
        drawn = {source.schema.source: list(self._settings(source)) for source in sources}
        drawn = {source: lines for source, lines in drawn.items() if lines}
        if drawn:
            in_effect = any(active for lines in drawn.values() for _, active in lines)
            yield "sources:" if in_effect else "# sources:"
        for source, lines in drawn.items():
            if any(active for _, active in lines):
                yield f"  {source}:"
                yield from (f"    {line}" if active else f"    # {line}" for line, active in lines)
            else:
                yield f"  # {source}:"
                yield from (f"  #   {line}" for line, _ in lines)
        yield from [""] if drawn else []

    def _settings(self, source: DraftSource) -> Iterator[tuple[str, bool]]:
        """The settings of a source, and whether each line is in effect."""
        guessed = [each for each in source.files if each.guessed]
        if guessed:
            names = dict.fromkeys(glob.escape(each.place.file or "") for each in guessed)
            yield f"files: [{', '.join(map(quote, names))}]", True
        folding = _fold(source)
        columns: dict[str, dict[tuple[str, ...], None]] = {}
        for each in guessed:
            for name, headers in {**each.placed, **each.guessed}.items():
                if folding is None or name != folding.began:
                    columns.setdefault(name, {})[headers] = None
        if columns or source.suggested or source.closing:
            yield "columns:", bool(columns)
        for name, spellings in columns.items():
            mark = f"   # {self.say(_CHECK)}" if any(name in f.guessed for f in guessed) else ""
            yield f"  {name}: {_where(list(spellings))}{mark}", True
        for name, header in source.suggested.items():
            yield f"  {name}: {quote(header)}", False
        if source.closing:
            yield f"  resolved_at: {quote(source.closing)}   # {self.say(_CLOSING)}", False
        yield from self._own(source, folding)
        nulls: dict[str, dict[str, None]] = {}
        for each in source.files:
            for name, tokens in each.nulls.items():
                nulls.setdefault(name, {}).update(dict.fromkeys(tokens))
        if nulls:
            yield f"nulls:   # {self.say(_NULLS)}", True
        for name, found in nulls.items():
            yield f"  {name}: [{', '.join(map(quote, found))}]", True
        if source.rating and source.rating.nulls:
            yield from [] if nulls else [("nulls:", False)]
            yield f"  {_OWN_RATING}: [{', '.join(map(quote, source.rating.nulls))}]", False
        if any(each.undecided for each in source.files):
            yield f"date_order: dmy   # dmy | mdy: {self.say(_UNDECIDED)}", False

    def _own(self, source: DraftSource, folding: _Folding | None) -> Iterator[tuple[str, bool]]:
        """Fields of the user's own: ratings, and what makes one row of the events of a case.

        The events are in effect where a guess rests on them.
        """
        active = folding is not None and folding.began is not None
        if folding or source.rating:
            yield "fields:", active
        if source.rating:
            field = f"{{ type: number, columns: {quote(source.rating.header)}, scale: [1, 5] }}"
            yield f"  {_OWN_RATING}: {field}   # {self.say(_RATING)}", False
        if folding is None:
            return
        mark = self.say(_CHECK) if active else self.say(_FOLDED)
        for name, header in folding.own.items():
            kind = "timestamp" if name == _EVENT_TIME else "text"
            yield f"  {name}: {{ type: {kind}, columns: {quote(header)} }}", active
        grain = f"key: {source.schema.key}, keep: last, time: {_EVENT_TIME}"
        yield f"grain: {{ {grain}, activity: {folding.activity} }}   # {mark}", active
        if active or source.is_resolved_by_events:
            yield "events:", active
        if active:
            yield f'  {folding.began}: {{ first: "*" }}', True
        if source.is_resolved_by_events:
            yield f'  resolved_at: {{ last: "…" }}   # {self.say(_RESOLVING)}', False

    def _indicators(self, draft: Draft) -> Iterator[str]:
        yield f"# ── {self.say(_CARRIED, n=len(draft.carried))}"
        yield from _spread(draft.carried)
        if draft.within_reach:
            yield "#"
            yield f"# ── {self.say(_WITHIN_REACH, n=len(draft.within_reach))}"
            yield from _spread(draft.within_reach)
        yield ""
        omitted = [each for each in draft.lacking if each[0] not in draft.within_reach]
        yield f"# ── {self.say(_LACKING, n=len(omitted))}"
        # Without them all there would be no definition left.
        mark = "" if draft.carried or draft.within_reach else "# "
        if omitted:
            yield f"# {self.say(_OMITTED)}"
            yield f"{mark}omit:"
        width = max((len(key) for key, _, _ in omitted), default=0)
        for key, name, reasons in omitted:
            yield f"{mark}  - {key:{width}}   # {self.say(name)}: {self.say(join(list(reasons)))}"
        yield ""
        key, target = draft.example
        yield f"# ── {self.say(_CHANGE)}"
        yield "# indicators:"
        yield f"#   - id: {key}"
        yield f"#     target: {quote(target)}"
        yield f"#     owner: [{self.say(_OWNER)}]"
        for each in draft.sources:
            if each.rating:
                source = each.schema.source
                yield f"#   - id: csat_{source}"
                yield f"#     name: {quote(self.say(_RATED, title=each.schema.title))}"
                rated = f"COUNT({source}, {_OWN_RATING})"
                yield f"#     formula: COUNTIF({source}, {_OWN_RATING} >= 4) / {rated} × 100%"
                yield "#     unit: percent"
                yield "#     direction: up"


def name_file(file: DraftFile) -> str:
    """A file, with its sheet, in quotes."""
    return quote(":".join(filter(None, (file.place.file, file.place.sheet))))


def tell_stranger(file: DraftFile) -> Wording | None:
    """Why an export is of no known kind, and what to export instead, as far as its columns show."""
    if file.holds_sums:
        return _SUMS
    if file.nearest is None:
        return None
    return _NEAREST.fill(
        kind=file.nearest.schema.title,
        placed=join([each.title for each in file.nearest.placed]),
        lacking=join([each.title for each in file.nearest.lacking]),
    )


def _spread(ids: Sequence[str]) -> Iterator[str]:
    """Ids as comments, six a line."""
    for start in range(0, len(ids), 6):
        yield f"#   {', '.join(ids[start : start + 6])}"


def _placed(source: DraftSource) -> dict[str, list[str]]:
    """By field every header it stands under in the files of a source."""
    found: dict[str, dict[str, None]] = {}
    for each in source.files:
        for name, headers in each.placed.items():
            found.setdefault(name, {}).update(dict.fromkeys(headers))
    return {name: list(headers) for name, headers in found.items()}


_OWN_RATING = "rating"
"""What the draft calls ratings of records that have none."""

_EVENT_TIME, _ACTIVITY = "event_at", "activity"
"""What the draft calls the fields of an event log that no kind of record has."""


@dataclass(frozen=True, slots=True)
class _Folding:
    """How the events of a case become one row."""

    own: dict[str, str]
    """Fields of the user's own, each with its header."""
    activity: str
    """The field that says what happened."""
    began: str | None
    """The time that was guessed to stand where that of an event does: it is the first of them."""


def _fold(source: DraftSource) -> _Folding | None:
    """How to fold the first of the files that seems to hold events and says what they are."""
    for file in source.files:
        if file.events and file.events.activity:
            headers = {**file.placed, **file.guessed}
            named = [name for name, each in headers.items() if each == (file.events.activity,)]
            own = {_EVENT_TIME: file.events.time}
            if not named:
                own[_ACTIVITY] = file.events.activity
            began = [name for name, each in file.guessed.items() if each == (file.events.time,)]
            return _Folding(own, (*named, _ACTIVITY)[0], (*began, None)[0])
    return None


def _where(spellings: list[tuple[str, ...]]) -> str:
    """Where a field stands: under one header, under one of several, or in several joined."""
    joined = next((headers for headers in spellings if len(headers) > 1), None)
    if joined:
        return f"{{ join: [{', '.join(map(quote, joined))}] }}"
    headers = [quote(headers[0]) for headers in spellings]
    return headers[0] if len(headers) == 1 else f"[{', '.join(headers)}]"
