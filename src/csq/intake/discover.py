"""From the paths a person names to the files to read, each once and in a stable order."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from csq.errors import IntakeError, Place, Problem, reason_of
from csq.imprint import is_own
from csq.intake.readers import suffixes
from csq.intake.readers.base import Batch, ExportFile, Layout, RawTable, Recognise
from csq.problems.files import LEFT_OUT_FILE, MISSING_PATH, NO_EXPORTS, UNREADABLE_FILE
from csq.wording import Wording

_SUFFIXES = (*suffixes.TEXT, *suffixes.WORKBOOK, *suffixes.PARQUET)
_NOT_A_FILE = Wording("不是普通文件", "it is no regular file")
_TEMPORARY = ("~$", ".", "_")


Found = tuple[tuple[ExportFile, ...], tuple[Problem, ...]]
"""The export files under some paths, and notices of what was left out."""


def find_exports(paths: Iterable[Path]) -> Found:
    """The export files under the paths, and notices of what was left out.

    A file reached twice is read once. Names in reports are relative to the folder that was
    named. What csq itself wrote there is passed over without a word. Raises `IntakeError` for a
    path that is not there or when there is nothing to read.
    """
    found: dict[tuple[int, int], ExportFile] = {}
    left_out: list[str] = []
    missing: list[Problem] = []
    paths = tuple(paths)
    for path in paths:
        try:
            is_there = path.exists()
        except OSError as error:
            missing.append(UNREADABLE_FILE.at(Place(str(path)), reason=reason_of(error)))
            continue
        if not is_there:
            missing.append(MISSING_PATH.at(Place(str(path))))
            continue
        if not (path.is_dir() or path.is_file()):
            missing.append(UNREADABLE_FILE.at(Place(str(path)), reason=_NOT_A_FILE))
            continue
        unreadable: list[OSError] = []
        for file in _files_under(path, unreadable.append):
            if _is_to_be_read(file):
                found.setdefault(_identity(file.path), file)
            elif not _is_export(file.path) and _may_hold_data(file.path):
                left_out.append(file.name)
        missing.extend(
            UNREADABLE_FILE.at(Place(str(error.filename)), reason=reason_of(error))
            for error in unreadable
        )
    if missing:
        raise IntakeError(*missing)
    shown = ", ".join(left_out)
    notices = (LEFT_OUT_FILE.at(value=shown, count=len(left_out)),) if left_out else ()
    if not found:
        raise IntakeError(NO_EXPORTS.at(Place(", ".join(str(path) for path in paths))), *notices)
    return tuple(found.values()), notices


def possible_exports(paths: Iterable[Path]) -> Iterator[Path]:
    """The files under the paths that `find_exports` would read, however it ends."""
    for path in paths:
        yield from (file.path for file in _files_under(path, _pass_over) if _is_to_be_read(file))


def _pass_over(error: OSError) -> None:
    """A folder that cannot be looked into has been told of."""


def _is_to_be_read(file: ExportFile) -> bool:
    return file.asked_for or (_is_export(file.path) and not is_own(file.path))


def _files_under(path: Path, tell: Callable[[OSError], None]) -> Iterator[ExportFile]:
    """The file itself, or every file below a folder by its name; hidden folders are passed."""
    if not path.is_dir():
        yield ExportFile(path, _spell(path.name), asked_for=True)
        return
    children: list[Path] = []
    for folder, folders, names in os.walk(path, onerror=tell):
        folders[:] = [name for name in folders if not name.startswith(".")]
        children += [Path(folder, name) for name in names]
    for child in sorted(children, key=lambda each: _in_order(each.relative_to(path).as_posix())):
        try:
            mode = child.stat().st_mode if child.exists() else 0
        except OSError as error:
            tell(error)
            continue
        if stat.S_ISREG(mode):
            yield ExportFile(child, _spell(child.relative_to(path).as_posix()))


def _in_order(name: str) -> tuple[list[str | int], str]:
    """What names are sorted by: the numbers in them as numbers, so that 2025-9 is before 2025-10.

    The last row of a ticket counts, and that is the one of the later month.
    """
    parts = re.split(r"([0-9]+)", name)
    return [int(part) if n % 2 else part for n, part in enumerate(parts)], name


def _spell(name: str) -> str:
    """A file's name as text: bytes that are none are escaped."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")


def _is_export(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(_TEMPORARY)


def _may_hold_data(path: Path) -> bool:
    """Whether a file that is not read is worth a word: a spreadsheet, or a copy of an export."""
    endings = {suffix.lower() for suffix in path.suffixes}
    return bool(endings & {*_SUFFIXES, ".numbers", ".et", ".zip", ".gz"})


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return (status.st_dev, status.st_ino)


def open_export(file: ExportFile, recognise: Recognise, layout: Layout) -> tuple[RawTable, ...]:
    """The tables in a file, by the format its name says; raises `IntakeError`.

    So do their batches, however late a disk fails.
    """
    with _disk_told(file):
        return tuple(
            replace(
                table,
                batches=_told_of(file, table.batches),
                marked=_told_of(file, table.marked) if table.marked else None,
            )
            for table in _read_tables(file, recognise, layout)
        )


def _read_tables(file: ExportFile, recognise: Recognise, layout: Layout) -> tuple[RawTable, ...]:
    suffix = file.path.suffix.lower()
    if suffix in suffixes.WORKBOOK and not _is_text_named_xls(file.path):
        from csq.intake.readers.workbook import read_workbook

        return read_workbook(file, recognise, layout)
    if suffix in suffixes.PARQUET:
        from csq.intake.readers.parquet import read_parquet

        return (read_parquet(file),)
    from csq.intake.readers.delimited import read_delimited

    return (read_delimited(file, recognise, layout),)


@contextmanager
def _disk_told(file: ExportFile) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IntakeError(UNREADABLE_FILE.at(Place(file.name), reason=reason_of(error))) from None


def _told_of(
    file: ExportFile, batches: Callable[[], Iterator[Batch]]
) -> Callable[[], Iterator[Batch]]:
    def read() -> Iterator[Batch]:
        with _disk_told(file):
            yield from batches()

    return read


def _is_text_named_xls(path: Path) -> bool:
    """Whether it is a text table that a system calls “.xls” so that Excel opens it."""
    if path.suffix.lower() != ".xls":
        return False
    from csq.intake.readers.workbook import SIGNATURES, is_markup

    with path.open("rb") as stream:
        head = stream.read(4096)
    return not head.startswith(SIGNATURES) and not is_markup(path, head)


_PACKED = 6
"""How many times its size the text of a workbook or a Parquet file has: 2 and 4 to 6 are usual."""


def guess_size(files: Iterable[ExportFile]) -> int:
    """About how many bytes of text some files hold, before one is opened."""
    return sum(
        (state[0] if (state := file_state(file)) else 0)
        * (1 if file.path.suffix.lower() in suffixes.TEXT else _PACKED)
        for file in files
    )


def file_state(file: ExportFile) -> tuple[int, int, int] | None:
    """What changes when a file is written to: read before and after, it shows a file in flux.

    Another file that takes its place may be of the same size and, copied, of the same time; that
    it took its place no copying hides. `None` where there is no file any more.
    """
    try:
        status = file.path.stat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
