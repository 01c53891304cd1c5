"""How exports spell times, durations, yes/no and numbers; shared by both ways of reading them.

`reading` reads one cell in Python, `intake.typing` builds the query tree that reads a column.
Both take their words and patterns from here, and a property test holds them to the same answers.
Patterns are of the common part of Python's and RE2's syntax.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Clock(StrEnum):
    """What the two numbers of a duration such as `03:25` are."""

    MINUTES = "mm:ss"
    HOURS = "hh:mm"

    @property
    def seconds(self) -> tuple[int, int]:
        """Seconds in one of each number."""
        return (60, 1) if self is Clock.MINUTES else (3_600, 60)


class DateOrder(StrEnum):
    """The order of day and month where a date does not begin with a year of four digits."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


BLANK_WORDS = ("null", "none", "nan", "n/a", "\\n", "nil", "nat")
"""Words that stand for "nothing" in a column that holds no text; in text they stay as they are."""

YES_WORDS = (
    *("是", "是的", "对", "有", "√", "✓", "✔", "✅", "☑"),
    *("y", "yes", "true", "t", "1", "1.0"),
    *("oui", "ja", "sí", "sim", "да", "はい", "예", "네"),
)
NO_WORDS = (
    *("否", "不是", "没有", "無", "无", "×", "✗", "✘", "❌", "☐"),
    *("n", "no", "false", "f", "0", "0.0"),
    *("non", "nein", "não", "нет", "いいえ", "아니오", "아니요"),
)
"""By the whole value, in small letters: Chinese and English, then a few more languages."""

EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
"""Years outside are slips of the keyboard or two-digit years, and not read as a time."""

YEAR_FIRST_DATES = {"-": "%Y-%m-%d", "/": "%Y/%m/%d", ".": "%Y.%m.%d", "年": "%Y年%m月%d日"}
"""Dates that begin with a year of four digits, by the sign behind it."""

ORDERED_DATES = {
    DateOrder.DAY_FIRST: ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
    DateOrder.MONTH_FIRST: ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"),
    DateOrder.YEAR_FIRST: (),
}

SHORT_DATES = {
    DateOrder.DAY_FIRST: ("%d/%m/%y", "%d-%m-%y", "%d.%m.%y"),
    DateOrder.MONTH_FIRST: ("%m/%d/%y", "%m-%d-%y", "%m.%d.%y"),
    DateOrder.YEAR_FIRST: ("%y/%m/%d", "%y-%m-%d", "%y.%m.%d"),
}
"""Dates whose year has two digits: 00 to 68 are of this century, as POSIX reads them."""

NAMED_DATES = ("%d-%b-%Y", "%d %b %Y")
SHORT_NAMED_DATES = ("%d-%b-%y", "%d %b %y")
"""Dates whose month is an English abbreviation, so that their order is plain."""

BEFORE_TIME = r"(?:[ \t\n\v\f\rT](?s:.*))?"
SHORT_DATE = r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}" + BEFORE_TIME
SHORT_YEAR_FIRST = r"\d{2}[-/.]\d{1,2}[-/.]\d{1,2}" + BEFORE_TIME
NAMED_DATE = r"\d{1,2}[- ][A-Za-z]{3}[- ]\d{4}" + BEFORE_TIME
SHORT_NAMED_DATE = r"\d{1,2}[- ][A-Za-z]{3}[- ]\d{2}" + BEFORE_TIME
"""What tells these dates from one whose year has another number of digits."""

TIMES = (
    " %H:%M:%S",
    " %H:%M",
    "",
    "T%H:%M:%S",
    "T%H:%M:%S.%f",
    " %H:%M:%S.%f",
    "T%H:%M",
    " %I:%M:%S %p",
    " %I:%M %p",
    " %I:%M:%S%p",
    " %I:%M%p",
)
"""How a time of day stands behind a date, the likeliest first; `strptime` formats."""

OFFSET_FORMATS = tuple(
    f"%Y-%m-%d{time}"
    for time in ("T%H:%M:%S", "T%H:%M:%S.%f", "T%H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %H:%M")
)
"""What may stand before an offset from UTC."""

COMPACT_TIME = r"\d{8}(?:\d{6})?"
COMPACT_FORMATS = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}
"""A date of digits alone, with or without a time of day; its format by its length."""
OFFSET_TIME = r"(.*\d:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(?:([zZ])|([+-])(\d{2}):?(\d{2}))"
"""A time with its offset from UTC: groups are the local time, Z, sign, hours, minutes."""

ORDERED_DATE = r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}"
"""The beginning of a date whose order of day and month must be decided; both numbers grouped."""

THOUSANDS = ", '"
"""What may stand between groups of three digits, one of them throughout a number."""


def _grouped(most: int) -> str:
    """A whole number in groups of three digits, with up to so many groups behind the first."""
    groups = "|".join(rf"(?:{mark}\d{{3}}){{1,{most}}}" for mark in THOUSANDS)
    return rf"[1-9]\d{{0,2}}(?:{groups})"


INTEGER = rf"[+-]?(?:\d{{1,15}}|{_grouped(4)})(?:\.0{{1,6}})?"
NUMBER = rf"[+-]?(?:\d{{1,12}}|{_grouped(3)})(?:\.\d{{1,18}})?"
"""Three digits behind a comma are thousands, but for `0,611`: nobody groups a zero."""
PERCENT = NUMBER + r" ?%"
_RATING_UNIT = r" ?(?:分|颗星|星|stars?|points?|pts)"
_LABEL = r"(?:[^\x00-@\[-`{-\x7f、—][^\d()]*[^\x00- \d()]|[^\x00-\x7f、—])"
RATING_WITH_UNIT = f"({NUMBER}){_RATING_UNIT}"
"""`5星`, `4 points`: ratings are in small letters here."""
LABELLED_RATING = (
    rf"({NUMBER})(?:(?:{_RATING_UNIT})? ?[-:=、(—]{{1,2}} ?|{_RATING_UNIT} |\. )({_LABEL})\)?"
)
"""`4 - satisfied`, `5分（非常满意）`: the number, then what it is said to mean."""
RATED_LABEL = rf"({_LABEL}) ?\(({NUMBER})(?:{_RATING_UNIT})?\)"
"""`satisfied (4)`: what it means, then the number."""


NUMBER_OF_RATING = r"[+-]?\d(?:[\d ,']*\d)?(?:\.\d+)?"
"""The first number in a rating that is known to fit; it has no other but its scale's end."""


def rating_of(top: int) -> str:
    """How a rating is spelt that names the largest one: `4/5`, `4 out of 5`."""
    return rf"({NUMBER}) ?(?:/|out of|of) ?{top}(?:{_RATING_UNIT})?"


STAR, HOLLOW_STAR = "★", "☆"
MOST_STARS = 10
"""Larger scales are not drawn."""

FIVE_RATINGS = tuple(
    tuple(dict.fromkeys(each for word in words for each in (word, word.replace("满", "滿"))))
    for words in (
        ("非常不满意", "很不满意", "十分不满意", "very dissatisfied", "very unsatisfied"),
        ("不满意", "比较不满意", "较不满意", "不太满意", "dissatisfied", "unsatisfied")
        + ("somewhat dissatisfied",),
        ("一般", "普通", "中立", "neutral", "neither satisfied nor dissatisfied"),
        ("满意", "比较满意", "较满意", "satisfied", "somewhat satisfied"),
        ("非常满意", "很满意", "十分满意", "very satisfied"),
    )
)
"""The words of a scale of satisfaction of five, from the worst to the best; small letters."""

LEANINGS = {word: n - 2 for n, words in enumerate(FIVE_RATINGS) for word in words}
"""Which way a word leans: below 0 to the bad end of any scale, above 0 to the good one."""

CLOCK_DURATION = r"(\d{1,5}):([0-5]?\d):([0-5]?\d(?:\.\d{1,9})?)"
"""Hours (also over 24), minutes, seconds."""

SHORT_CLOCK_DURATION = r"(\d{1,5}):([0-5]?\d(?:\.\d{1,6})?)"
"""`03:25`, which a column's `Clock` must tell: minutes and seconds, or hours and minutes."""

DAY_CLOCK_DURATION = r"(\d{1,5})[:.]([01]\d|2[0-3]):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)"
"""Days, then hours, minutes and seconds of two digits each: `1:2:3:4` may be anything.

`1.02:03:04.0000000` is how .NET writes it.
"""

DAYS_AND_CLOCK_DURATION = (
    r"(\d{1,5}) ?(?:days?|d|天|日)[,.]? ?([01]?\d|2[0-3]):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)"
)
"""`1 day, 2:03:04`, `2 days 03:04:05.000000000`: what Python, pandas and SQL write; lower case.

Where decimal commas are read as points, the comma behind the days is one too.
"""

_PLAIN = rf"(?:\d{{1,8}}|{_grouped(1)}|[1-9]\d?(?:,\d{{3}}){{2}})(?:\.\d{{1,18}})?"
_AMOUNT = f"({_PLAIN})"
ISO_DURATION = rf"p(?:{_AMOUNT}d)?(?:t(?:{_AMOUNT}h)?(?:{_AMOUNT}m)?(?:{_AMOUNT}s)?)?"
"""A duration of ISO 8601, without the years and months that are no fixed length; lower case."""
ISO_DURATION_END = r"p.*\d[dhms]"
"""What an ISO 8601 duration is besides, so that it names at least one amount."""

WORDED_DURATION = (
    rf"(?:{_AMOUNT} ?(?:d|days?|天|日) ?)?"
    rf"(?:{_AMOUNT} ?(?:h|hrs?|hours?|小时|时) ?)?"
    rf"(?:{_AMOUNT} ?(?:m|mins?|minutes?|分钟|分) ?)?"
    rf"(?:{_AMOUNT} ?(?:s|secs?|seconds?|秒钟|秒) ?)?"
)
"""Days, hours, minutes, seconds in words of either language, each optional; lower case."""

UNIT_BEGINNINGS = ("d|天|日", "h|小时|时", "m|分", "s|秒")
"""How the unit of each group of a worded or ISO duration begins, which tells it from the others."""
AMOUNT_BEFORE = r"(\d(?:[\d ,']*\d)?(?:\.\d+)?) ?(?:{unit})"
"""The amount before a unit, in a duration that is known to fit."""

WORDED_SECONDS = (86_400, 3_600, 60, 1)
"""Seconds in one of each group of a duration that begins with its days."""

BETWEEN_VALUES = "┋"
"""What stands between the values of a text that holds several, once it has been read."""

FLATTENED_ID = r"\d(?:\.\d+)?[eE]\+\d+"
"""A long number that a spreadsheet has rounded to a few digits."""

UNCALCULATED = "#FORMULA!"
"""How a formula is spelt that was saved without its value."""

CELL_ERROR = (
    r"#(?:N/A|NV|N/[DB]|Н/Д|GETTING_DATA|[¡¿]?[A-ZÀ-ÖØ-ÞА-Я/0_]{2,20}[!?])|Err:5\d\d"
    r"|=(?:[A-GI-Z]|H[A-XZ])[A-Z0-9.]*\((?s:.*)\)"
)
"""What a spreadsheet shows where a formula failed, in whatever language it speaks, or a formula
that was saved instead of its value: no value, and no blank either. `=HYPERLINK(…)` shows a text."""
HIDDEN_CELL = r"#{2,}"
"""What a spreadsheet shows of a number or a date that is wider than its column."""
NO_VALUE = rf"(?:{CELL_ERROR}|{HIDDEN_CELL})"
"""What a spreadsheet shows where it has no value, or does not show it."""

_SUMS = (
    r"[合总小累共]\s*计|汇\s*总|[合總小共]\s*計|平\s*均(?:值|数)?|均值|中位数|最大值|最小值|总数|總數"
    r"|(?:合计|总)?人数(?:合计)?|(?i:(?:grand |sub)?totals?|(?:sub|grand )total"
    r"|total (?:agents|tickets|calls|rows|records|count|number)|sum|average|avg|count|summe|gesamt)"
    r"|총계|합계|総計"
)
TOTALS_ROW = (
    rf"(?:{_SUMS})(?:\s*[:：].*|\s*[(（]?\s*\d[\d,.]*\s*[人名个個条條行单單笔次通项項]?\s*[)）]?)?"
)
"""What stands for an id in a row that sums up the others."""
GROUP_TOTAL = (
    r"[^,\d]{1,40}?(?:\s*(?:小\s*[计計]|[汇匯]\s*[总總]|[合总總]\s*[计計])"
    r"|\s+(?i:(?:sub)?total|count)|\s+[计計][数數])"
)
"""What Excel and others write before the sums of a group: its name, and that it is a total."""
_PLAIN_NUMBER = r"[+-]?\d[\d,.]*%?"

FOOTNOTE_ROW = (
    r"(?:制\s*表|制单|填表|填报|编制|统计|审\s*核|复核|核对|审批|批准|打印|导出|下载|生成)(?:人员?|员|者|日期|时间|单位|部门)?"
    r"\s*[:：](?s:.*)"
    r"|(?:制\s*表|制单|填表|编制|审\s*核|复核|审批|批准|打印|导出)(?:人员?|员|者|日期|时间)"
    r"|数据(?:来源|口径|范围|时间|截[至止]时?间?)\s*[:：](?s:.*)|(?:备\s*注|附?\s*注|说\s*明)\s*[:：](?s:.*)"
    r"|(?:以上)?共\s*\d+\s*[条條行笔单項项人名个個][^\d]*"
    r"|第\s*\d+\s*[页頁](?:\s*[/／,，]?\s*共\s*\d+\s*[页頁])?"
    r"|(?:已选择|已選取)?\s*[(（]?\d+ ?行(?:受影响|受影響|记录|記錄)?[)）]?[。.]?"
    r"|(?:已?[应應]用的)?[筛篩][选選]器?\s*[:：](?s:.*)|版[权權]所有(?s:.*)|机密信息(?s:.*)|機密資訊(?s:.*)"
    r"|[*＊※]\s*(?:表示|代表|注|说明|为)(?s:.*)"
    r"|[-=—_#~]{3,}\s*[^\d\s=—_#~-][^\d]*"
    r"|(?i:(?:prepared|printed|exported|generated|reviewed|approved|signed|checked)"
    r"(?:\s+(?:by|on|at|date))?\s*:(?s:.*)"
    r"|(?:notes?|(?:data )?sources?|report date|run date)\s*:(?s:.*)"
    r"|end(?: of (?:report|file|data|table|list))?"
    r"|page \d+ of \d+"
    r"|[(（]?\d+ (?:rows?|records?|results?)(?: (?:in set|selected|affected))?\b[^,\d]*"
    r"(?:[\d.]+ sec\))?"
    r"|(?:applied )?filters?(?: applied)?\s*:(?s:.*)|copyright (?:\([c]\)|©)(?s:.*)|©(?s:.*)"
    r"|confidential information\b(?s:.*))"
)
"""What stands first in a row below a table: who made it, who checked it, when it was printed."""

RULED_LINE = r"[-=—_+:]{3,}"
"""What each cell of a row holds that only draws a line, as Markdown and terminals do."""

PLACEHOLDER_ID = (
    r"[-–—－_*＊?？/／\\.。…·|]+|[(（<]?(?:空|空白|无|無|暂无|未知|未填|未填写|未作答|未评价|跳过|缺失|不详|待补)[)）>]?"
    r"|[(（<]?(?i:null|none|n/a|nil|unknown|blank|empty|skipped|no answer|tbd)[)）>]?"
    r"|nan|NaN|NAN|\\N"
)
"""What stands where there is no id: rows with it are no copies of one another."""

NOBODY = (
    rf"{PLACEHOLDER_ID}|(?:匿名|未知|未登录|隐藏|保密|无|無)(?:的?(?:用户|客户|访客|号码|来电|主叫|人))|匿名|游客|访客"
    r"|(?i:anonymous|private|withheld|restricted|unavailable|unassigned|(?:unknown|private|blocked|no)"
    r" (?:caller|number|user|customer|name)|not (?:available|assigned)|guest)"
)
"""What stands for a person where nobody is known: many rows with it are not of one."""

NO_TIME = r"(?:0000-0?0-0?0|0001-0?1-0?1|1900-0?1-0?[01]|1899-12-3[01]|1970-0?1-0?1)(?:[ T].*)?"
"""What systems write where there was no moment: the first one they can hold; with dashes."""

INVISIBLE = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f"
    "\u0085\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
"""What nobody sees in a text, as a pattern; two texts that differ in it look the same."""
INVISIBLE_ID = rf"(?s:.*){INVISIBLE}(?s:.*)"

PLAIN_AMOUNT = _PLAIN
"""Eight digits: in days, the longest unit, they are just within 64 bits of microseconds."""

LARGEST_NUMBER = 10**12
"""A number reaches up to, not including, this one: what DECIMAL(18, 6) holds."""


def is_total(filled: Sequence[str]) -> bool:
    """Whether a row with these filled cells sums up others, or those of a group.

    >>> is_total(["合计", "3"]), is_total(["电话 汇总", "3"]), is_total(["电话 汇总", "T3", "x"])
    (True, True, False)
    """
    if not filled:
        return False
    if re.fullmatch(TOTALS_ROW, filled[0], re.ASCII):
        return True
    are_numbers = all(re.fullmatch(_PLAIN_NUMBER, cell, re.ASCII) for cell in filled[1:])
    return are_numbers and bool(re.fullmatch(GROUP_TOTAL, filled[0]))


def fold(text: str) -> str:
    """Text in small letters, each letter for itself, as engines do it.

    >>> fold("ΟΔΟΣ"), fold("İ")
    ('οδοσ', 'i')
    """
    return text.lower() if text.isascii() else "".join(char.lower()[0] for char in text)


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
NARROW: Mapping[int, int | str | None] = {
    **_WIDE,
    **str.maketrans(
        "\u3000\u00a0\u202f\u2009\u2010\u2011\u2012\u2013\u2212\ufe63\u2019", "    ------'"
    ),
    ord("⭐"): "★",
    0xFE0F: None,
}
"""Full-width letters, digits and signs, and the likes of blanks and dashes, in plain spelling."""
WIDE = "[" + "".join(map(chr, NARROW)) + "]"
"""A pattern of every sign that `NARROW` spells otherwise."""


def narrow(text: str) -> str:
    """Text that is no prose with its digits and signs as they are on a keyboard.

    >>> narrow("２０２５－０８－０１　０９：００"), narrow("−９８％")
    ('2025-08-01 09:00', '-98%')
    """
    return text if text.isascii() else text.translate(NARROW)


_SWAPPED = str.maketrans(",.", ".,")


def swap_marks(text: str) -> str:
    """A number with decimal commas as one with decimal points.

    >>> swap_marks("1.234,5")
    '1,234.5'
    """
    return text.translate(_SWAPPED)


BLANKS = (
    " \t\r\n\f\v\u0085\u00a0\u2028\u2029\u3000"
    "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
)
"""What is cut off both ends of every cell: blanks of every width, and marks nobody sees."""

_WRAPPED = re.compile(r'="([^"]*)"|\'([0-9=+\-@].*)', re.DOTALL)


def unwrap(text: str) -> str:
    """A cell without what keeps Excel from taking it for a number: `="007"`, `'007`.

    >>> unwrap('="007"'), unwrap("'007"), unwrap("'t is")
    ('007', '007', "'t is")
    """
    found = _WRAPPED.fullmatch(text)
    return (found[1] or found[2] or "").strip(BLANKS) if found else text
