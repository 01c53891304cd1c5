"""What a header, or a line above it, says of the zone of its times."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_UTC = r"(?:utc|gmt|zulu|coordinateduniversaltime|greenwichmeantime)"
_OF_UTC = re.compile(rf"{_UTC}(?:([+-])(\d{{1,2}})(?::?(\d{{2}}))?)?")
_BY_NAME = {
    **dict.fromkeys(
        ("世界时", "世界协调时", "协调世界时", "世界标准时", "国际标准时"), timedelta()
    ),
    **dict.fromkeys(
        ("格林威治", "格林尼治", "格林威治标准", "格林尼治标准", "零时区"), timedelta()
    ),
    **dict.fromkeys(("北京", "中国", "中国标准", "上海", "东八区", "東八區"), timedelta(hours=8)),
}
"""How far the zones with one offset are ahead of UTC, without the word for time behind."""
_OTHERS = re.compile(
    r"(?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific|us|etc)/[a-z/_+\-\d]+"
    r"|[ecmp][sd]?t|ak[sd]t|hst|bst|wes?t|cest|cet|ees?t|msk|ist|jst|kst|hkt|sgt|pht|ict|wib"
    r"|a[ewc][sd]t|nz[sd]t|brt|art|sast|(?:eastern|central|mountain|pacific)(?:standard|daylight)?"
    r"|美东|美西|美中|(?:美国|美國)?(?:东部|西部|中部|山区|太平洋|東部)|纽约|紐約|洛杉矶|芝加哥|伦敦|倫敦"
    r"|巴黎|柏林|东京|東京|日本|首尔|韩国|新加坡|悉尼|莫斯科|印度|[东西東][一二三四五六七八九十]+[区區]"
)
_AROUND = re.compile(
    r"(?:timezone|tz|时区|時區)?[:：]?(?:in)?(.+?)(?:standardtime|time|时间|時間)?"
)
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")
_BEHIND = re.compile(
    rf"(.*?)(?:[\s_\-./|]*(?:in\s+)?)({_UTC}(?:[+-]\d{{1,2}}(?::?\d{{2}})?)?)", re.DOTALL
)
_DECLARED = re.compile(
    r".*(?:time ?zone|时区|時區) ?(?:为|是|is)? ?[:=,]? ?(.+)"
    r"|.*\btimes?(?: are| is)?(?: all)?(?: shown| displayed| given| reported)? (?:in|as) (.+)"
    r"|.*时间(?:均|都|全部)?(?:为|是|采用|按)(.+)"
)
"""A line above a table that says what zone its times are of."""
_MENTIONED = re.compile(
    rf"(?<![a-z])({_UTC}(?: ?[+-] ?\d{{1,2}}(?::?\d{{2}})?)?)(?![a-z])"
    r"|((?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific|us)/[a-z/_]+)"
    r"|((?:eastern|central|mountain|pacific)(?: standard| daylight)? time)"
    r"|((?:美国|美國)?(?:东部|西部|中部|山区|太平洋)|美东|美西|北京|东京|伦敦|纽约|[东西]八?[一-十]区)时间"
)
_LONGEST_NAME = 200
_FARTHEST = timedelta(hours=14)


@lru_cache(maxsize=8192)
def split_zone(header: str) -> tuple[str, str]:
    """A header without the zone of its times, and that zone; nothing where it names none.

    >>> split_zone("Created at (UTC)"), split_zone("created_at_utc")
    (('created at', 'utc'), ('created_at', 'utc'))
    >>> split_zone("创建时间（北京时间）")
    ('创建时间', '北京')
    >>> split_zone("Created at (GMT+08:00)"), split_zone("Created at (approx.)")
    (('created at', 'gmt+08:00'), ('', ''))
    """
    plain = unicodedata.normalize("NFKC", header).casefold().strip()
    if len(plain) > _LONGEST_NAME:
        return "", ""
    if bracket := _BRACKET.search(plain):
        about = _AROUND.fullmatch("".join(bracket[1].split()))
        zone = about[1] if about else ""
        is_zone = zone in _BY_NAME or _OF_UTC.fullmatch(zone) or _OTHERS.fullmatch(zone)
        return (plain[: bracket.start()].strip(), zone) if is_zone else ("", "")
    behind = _BEHIND.fullmatch(plain)
    return (behind[1], behind[2]) if behind and behind[1] else ("", "")


def offset_of(zone: str) -> timedelta | None:
    """How far a zone is ahead of UTC; `None` where that depends on the day or is not known.

    >>> offset_of("utc"), offset_of("gmt+0530"), offset_of("est")
    (datetime.timedelta(0), datetime.timedelta(seconds=19800), None)
    """
    if found := _OF_UTC.fullmatch(zone):
        sign, hours, minutes = found.groups()
        ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        if ahead > _FARTHEST:
            return None
        return -ahead if sign == "-" else ahead
    return _BY_NAME.get(zone)


@dataclass(frozen=True, slots=True)
class ZoneAbove:
    """A zone that is named above a table, in the line `said`.

    `is_declared` where the line says nothing but that the times are of this zone.
    """

    said: str
    zone: str
    is_declared: bool

    def is_other_than(self, business: str) -> bool:
        """Whether the zone cannot be that of the business, in summer or in winter."""
        ahead = {moment.utcoffset() for moment in _half_years(business)}
        return not is_that_of(self.zone, business) and offset_of(self.zone) not in ahead


def find_zone_above(rows: Iterable[Sequence[str]]) -> ZoneAbove | None:
    """The zone that a row above a table names, the first that declares one before all others.

    >>> find_zone_above([["Tickets of August"], ["Time zone:", "UTC"]])
    ZoneAbove(said='Time zone: UTC', zone='utc', is_declared=True)
    >>> find_zone_above([["导出时间：2025-09-01 10:00 (UTC+8)"]]).zone
    'utc+8'
    """
    found = [named for cells in rows if (named := _zone_in(cells))]
    return next((each for each in found if each.is_declared), found[0] if found else None)


def _zone_in(cells: Sequence[str]) -> ZoneAbove | None:
    said = " ".join(" ".join(cells).split())
    plain = unicodedata.normalize("NFKC", said).casefold()
    if len(plain) > _LONGEST_NAME:
        return None
    if declared := _DECLARED.fullmatch(plain):
        rest = "".join(next(filter(None, declared.groups())).split()).strip("()[].。")
        about = _AROUND.fullmatch(rest)
        zone = about[1] if about else ""
        if zone in _BY_NAME or _OF_UTC.fullmatch(zone):
            return ZoneAbove(said, zone, is_declared=True)
    if mentioned := _MENTIONED.search(plain):
        zone = "".join(next(filter(None, mentioned.groups())).split())
        return ZoneAbove(said, zone, is_declared=False)
    return None


def _half_years(zone: str) -> tuple[datetime, datetime]:
    winter, summer = (datetime(2025, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    return winter, summer


def is_that_of(zone: str, business: str) -> bool:
    """Whether times of a zone that a header names are those of the business as they are.

    >>> is_that_of("gmt+8", "Asia/Shanghai"), is_that_of("cst", "Asia/Shanghai")
    (True, True)
    >>> is_that_of("utc", "Europe/London"), is_that_of("cet", "Europe/Berlin")
    (False, True)
    """
    winter, summer = _half_years(business)
    if (ahead := offset_of(zone)) is not None:
        return ahead == winter.utcoffset() == summer.utcoffset()
    names = {str(moment.tzname()).casefold() for moment in (winter, summer)}
    both = {f"{name[0]}t" for name in names if name.isalpha() and len(names) == 2}
    return zone in names | both | {business.casefold()}
