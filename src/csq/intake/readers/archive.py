"""The parts of a workbook that is a zip archive."""

from __future__ import annotations

import errno
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from csq.intake.readers.sheets import BrokenWorkbook

_BLOCK = 1 << 20


def read_part(path: Path, part: str, size: int = _BLOCK) -> Iterator[bytes]:
    """A part of the archive, a piece of this size at a time; raises `BrokenWorkbook`."""
    with _faults_told(), zipfile.ZipFile(path) as archive:
        spelt = {part_name(name): name for name in archive.namelist()}
        with archive.open(spelt[part_name(part)]) as stream:
            while block := stream.read(size):
                yield block


def part_sizes(path: Path) -> dict[str, int]:
    """The bytes that each part claims to unpack to, by its name; raises `BrokenWorkbook`."""
    with _faults_told(), zipfile.ZipFile(path) as archive:
        return {part_name(part.filename): part.file_size for part in archive.infolist()}


def part_name(spelt: str) -> str:
    """A name as it is compared: with any slash, in any case, from the root of the archive.

    ECMA-376 (part 2) lets names differ in case; some programs write them in Windows' manner.

    >>> part_name("/xl\\\\SharedStrings.xml")
    'xl/sharedstrings.xml'
    """
    return posixpath.normpath(spelt.replace("\\", "/")).lstrip("/").lower()


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except (
        EOFError, KeyError, NotImplementedError, RuntimeError, ValueError,
        zipfile.BadZipFile, zlib.error,
    ):  # fmt: skip
        raise BrokenWorkbook from None
    except OSError as error:
        # A part that claims to begin before the file does; any other is a fault of the disk.
        if error.errno != errno.EINVAL:
            raise
        raise BrokenWorkbook from None
