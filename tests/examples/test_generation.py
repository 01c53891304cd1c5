"""The generator writes the examples as they are committed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
NOT_GENERATED = {"README.md", "generate.py"}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    generate = EXAMPLES / "generate.py"
    subprocess.run([sys.executable, "-B", generate, folder], check=True)
    return folder


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()} - NOT_GENERATED


def test_the_same_files_are_written(generated: Path) -> None:
    assert names_in(generated) == names_in(EXAMPLES)


def test_text_files_are_the_same_to_the_byte(generated: Path) -> None:
    names = {name for name in names_in(EXAMPLES) if not name.endswith(".xlsx")}
    different = [n for n in names if (generated / n).read_bytes() != (EXAMPLES / n).read_bytes()]
    assert different == []


def test_workbooks_hold_the_same_cells(generated: Path) -> None:
    """Not the same bytes: how a workbook is packed depends on the version of zlib.

    Cells are only read where the parts inside are not the same, which openpyxl decides.
    """
    names = {name for name in names_in(EXAMPLES) if name.endswith(".xlsx")}
    assert len(names) > 1
    different = [n for n in names if parts(generated / n) != parts(EXAMPLES / n)]
    assert [n for n in different if cells(generated / n) != cells(EXAMPLES / n)] == []


def parts(path: Path) -> dict[str, bytes]:
    """What is packed into a workbook, byte for byte."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The values of every sheet; 1 and "1" and 1.0 are told apart."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [
            tuple((type(value), value) for value in row)
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
    }
