"""What can go wrong, where, and the exit code.

    CsqError                 anything a user can mend; only `cli` catches it
    ├── UsageError           2   the command line asks for something impossible
    ├── IntakeError          3   the exports cannot be used
    ├── DefinitionError      4   metrics.yaml is wrong
    ├── NoDataError          5   nothing to judge where a verdict was required
    ├── DeliveryError        6   computed, but the result could not be written
    └── BudgetError          7   stopped at csq's own limit of memory or time

Every other exception is a bug in csq: exit code 70, with its traceback.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from itertools import accumulate
from typing import ClassVar

from csq.privacy import scrub
from csq.wording import Language, Wording, verbatim

Slot = Wording | str | int | date | None
"""What can fill a gap in a wording."""


class ExitCode(IntEnum):
    """The exit codes scripts depend on."""

    DONE = 0
    MISSED = 1
    USAGE = 2
    INVALID_DATA = 3
    WRONG_DEFINITION = 4
    NO_VERDICT = 5
    NOT_DELIVERED = 6
    OVER_BUDGET = 7
    BUG = 70

    @property
    def meaning(self) -> Wording:
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: Wording(
        "完成，没有达到 --fail-on 的问题", "done, nothing at or above `--fail-on`"
    ),
    ExitCode.MISSED: Wording("有指标未达标（check）", "a target was missed (`check`)"),
    ExitCode.USAGE: Wording("命令用法不对", "wrong usage"),
    ExitCode.INVALID_DATA: Wording(
        "导出数据的校验超出容许范围", "the exports did not pass validation beyond tolerance"
    ),
    ExitCode.WRONG_DEFINITION: Wording("指标定义有错", "the definition is wrong"),
    ExitCode.NO_VERDICT: Wording(
        "需要结论的指标没有数据或证据不足",
        "no data or not enough evidence where a verdict was required",
    ),
    ExitCode.NOT_DELIVERED: Wording(
        "已算出，但文件没能写出", "computed, but a file or message could not be delivered"
    ),
    ExitCode.OVER_BUDGET: Wording(
        "达到自身的内存或时间上限而停止", "stopped at its own budget of memory or time"
    ),
    ExitCode.BUG: Wording("csq 自身的缺陷", "a bug in csq"),
}

_PRECEDENCE = (
    ExitCode.BUG,
    ExitCode.WRONG_DEFINITION,
    ExitCode.INVALID_DATA,
    ExitCode.OVER_BUDGET,
    ExitCode.NOT_DELIVERED,
    ExitCode.NO_VERDICT,
    ExitCode.MISSED,
    ExitCode.USAGE,
    ExitCode.DONE,
)


def choose_exit_code(codes: Iterable[ExitCode]) -> ExitCode:
    """The one code that stands for several at once: the gravest, `DONE` for none."""
    return min(codes, key=_PRECEDENCE.index, default=ExitCode.DONE)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a file, and inside it a sheet, a row (the first is 1), a column."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """The place on one line. A path is shown whole: cut or masked, nobody could open it."""
        file = None if self.file is None else one_line(self.file)
        inside = (self.sheet, self.row, self.column)
        parts = (file, *(clean(str(part)) for part in inside if part is not None))
        return ":".join(part for part in parts if part is not None)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what the user gave, and what to do about it.

    `count` is how many times the same thing was seen; `place` and `value` are then the first.
    """

    code: str
    message: Wording
    hint: Wording
    place: Place = NOWHERE
    value: str | None = None
    severity: Severity = Severity.ERROR
    count: int = 1

    def line(self, language: Language) -> str:
        """`place: code: what → what to do`, on one line."""
        place = f"{self.place}: " if str(self.place) else ""
        return f"{place}{self.code}: {self.message.say(language)} → {self.hint.say(language)}"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem with its stable code; `meaning` says why it matters, for the docs."""

    code: str
    message: Wording
    hint: Wording
    meaning: Wording
    severity: Severity = Severity.ERROR

    def at(self, place: Place = NOWHERE, /, **slots: Slot) -> Problem:
        """This problem in one place; `slots` fill the wording.

        `value` is also kept as the problem's value, `count` as how often it was seen.
        """
        filled = {
            name: clean(slot) if isinstance(slot, str) else slot for name, slot in slots.items()
        }
        value, count = filled.get("value"), filled.get("count")
        return Problem(
            code=self.code,
            message=self.message.fill(**filled),
            hint=self.hint.fill(**filled),
            place=place,
            value=None if value is None else str(value),
            severity=self.severity,
            count=count if isinstance(count, int) else 1,
        )


_REASONS = {
    errno.ENOENT: Wording("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EISDIR: Wording("它是一个文件夹", "it is a folder"),
    errno.ENOTDIR: Wording("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EEXIST: Wording("同名的文件已经存在", "a file of that name is already there"),
    errno.EACCES: Wording("没有权限", "permission denied"),
    errno.EPERM: Wording("没有权限", "permission denied"),
    errno.EROFS: Wording("磁盘是只读的", "the disk is read-only"),
    errno.ENOSPC: Wording("磁盘已满", "the disk is full"),
    errno.EFBIG: Wording("文件太大", "the file is too large"),
    errno.ENAMETOOLONG: Wording("名字太长", "the name is too long"),
    errno.EPIPE: Wording("读取的一方已经关闭", "its reader has gone"),
    errno.EDQUOT: Wording("磁盘配额已用完", "the disk quota is used up"),
    errno.EMFILE: Wording("打开的文件太多", "too many files are open"),
    errno.ENFILE: Wording("打开的文件太多", "too many files are open"),
    errno.ELOOP: Wording("链接绕成了圈", "links go round in a circle"),
    errno.EBUSY: Wording("它正被占用", "it is in use"),
    errno.EIO: Wording("读写设备出错", "the device failed"),
    errno.ESTALE: Wording("网络磁盘的连接已失效", "the network drive is gone"),
    errno.ENOLCK: Wording("这个磁盘不支持文件锁", "the disk gives no locks"),
    errno.ENOTSUP: Wording("这个磁盘不支持这样做", "the disk does not support it"),
    errno.EBADF: Wording("它已经关闭", "it is closed"),
}


def reason_of(error: OSError) -> Wording:
    """Why the system refused something, in words; its own where csq has none."""
    known = _REASONS.get(error.errno) if error.errno else None
    return known or verbatim(error.strerror or type(error).__name__)


_LONGEST_SHOWN = 80
_LONG_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])(\d{3})\d{4,}(\d{2})[\dXx]?(?![A-Za-z0-9_.])")
"""Digits in a message that may be anybody's: a message needs none of them whole."""


def one_line(text: str) -> str:
    """Text without anything that acts on a terminal; bytes of a name that are no text escaped.

    >>> one_line("a\\x1b[31m\\nb\\udcff")
    'a[31m b\\\\xff'
    """
    return "".join(map(_printable, text))


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    if char.isspace():
        return " "
    return f"\\x{ord(char) - 0xDC00:02x}" if "\udc80" <= char <= "\udcff" else ""


def mask(text: str) -> str:
    """Text on one line without phone numbers, identity and card numbers, e-mail addresses."""
    return _LONG_NUMBER.sub(r"\1****\2", scrub(one_line(text)))


def cut(text: str) -> str:
    """Text on one line, not endless.

    >>> cut("a\\x1b[31mb\\nc")
    'a[31mb c'
    """
    plain = one_line(text[: _LONGEST_SHOWN * 4])
    return plain if len(plain) <= _LONGEST_SHOWN else plain[: _LONGEST_SHOWN - 1] + "…"


def clean(text: str) -> str:
    """Text from a file made fit for a message: printable, nothing personal, not endless.

    >>> clean("a\\x1b[31mb 13812345678")
    'a[31mb 138****5678'
    """
    return cut(mask(text[: _LONGEST_SHOWN * 4]))


def list_names(names: Iterable[str]) -> str:
    """Names on one line, as many as a message has room for, and none of them in part.

    >>> list_names(["channel", "渠道"])
    'channel, 渠道'
    >>> list_names(["a" * 30, "b" * 30, "c" * 30])
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, …'
    """
    known = [mask(name) for name in names]
    whole = ", ".join(known)
    if len(whole) <= _LONGEST_SHOWN:
        return whole
    sizes = accumulate(len(f"{name}, ") for name in known)
    fitting = sum(size < _LONGEST_SHOWN for size in sizes)
    return ", ".join([*known[:fitting], "…"]) if fitting else cut(whole)


class CsqError(Exception):
    """Something a user can mend, as problems; only the command line catches it."""

    exit_code: ClassVar[ExitCode]

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.language: Language = "zh"

    def __str__(self) -> str:
        """Every problem on a line, in the language of the definition once that is known."""
        return "\n".join(problem.line(self.language) for problem in self.problems)


class UsageError(CsqError):
    exit_code = ExitCode.USAGE


class IntakeError(CsqError):
    exit_code = ExitCode.INVALID_DATA


class DefinitionError(CsqError):
    exit_code = ExitCode.WRONG_DEFINITION


class NoDataError(CsqError):
    exit_code = ExitCode.NO_VERDICT


class DeliveryError(CsqError):
    exit_code = ExitCode.NOT_DELIVERED


class BudgetError(CsqError):
    exit_code = ExitCode.OVER_BUDGET
