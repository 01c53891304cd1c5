"""The parts of a workbook that is a zip archive."""

from __future__ import annotations

import errno
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from csq.intake.readers.sheets import BrokenWorkbook

_BLOCK = 1 << 20


def read_part(path: Path, part: str, size: int = _BLOCK) -> Iterator[bytes]:
    """A part of the archive, a piece of this size at a time; raises `BrokenWorkbook`."""
    with _faults_told(), zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        while block := stream.read(size):
            yield block


def part_sizes(path: Path) -> dict[str, int]:
    """The bytes that each part claims to unpack to; raises `BrokenWorkbook`."""
    with _faults_told(), zipfile.ZipFile(path) as archive:
        return {part.filename: part.file_size for part in archive.infolist()}


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
