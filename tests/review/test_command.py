"""`csq review` as it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ..cli.driver import Csq

NAMES = ["csq-review-2025Q3.html", "csq-review-2025Q3.xlsx"]


@pytest.fixture
def csq(few: Path, tmp_path: Path) -> Csq:
    """csq in a folder with the few tickets and their definition."""
    csq = Csq(tmp_path / "work", tmp_path / "tmp")
    csq.temporary.mkdir()
    for name in ("工单.csv", "metrics.yaml"):
        csq.put(name, (few / name).read_bytes())
    return csq


def test_it_writes_the_workbook_and_the_page_into_a_folder_and_reads_neither(csq: Csq) -> None:
    """A second run over both folders counts nothing twice."""
    typed = ("review", ".", "--period", "2025Q3", "-o", "out", "--lang", "en")
    first, out = csq.run(*typed), csq.folder / "out"
    assert (first.code, first.out) == (0, "")
    assert first.err.splitlines()[:2] == [str(Path("out") / name) for name in NAMES]
    assert sorted(path.name for path in out.iterdir()) == NAMES
    before = [(out / name).read_bytes() for name in NAMES]
    assert csq.run(*typed).code == 0
    assert [(out / name).read_bytes() for name in NAMES] == before


@pytest.mark.parametrize("name", NAMES)
def test_one_of_the_two_files_is_the_same_alone(csq: Csq, name: str) -> None:
    typed = ("review", ".", "--period", "2025Q3", "--lang", "en")
    assert csq.run(*typed, "-o", "both").code == 0
    answer = csq.run(*typed, "-o", "one", "--format", Path(name).suffix[1:])
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.splitlines()[0] == str(Path("one") / name)
    (alone,) = (csq.folder / "one").iterdir()
    assert (alone.name, alone.read_bytes()) == (name, (csq.folder / "both" / name).read_bytes())


def test_a_period_without_rows_has_no_review(csq: Csq) -> None:
    answer = csq.run("review", ".", "--period", "2019Q1", "-o", "out")
    assert answer.code == 5
    assert not (csq.folder / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(csq: Csq) -> None:
    csq.put("out", "a file")
    answer = csq.run("review", ".", "--period", "2025Q3", "-o", "out")
    assert answer.code == 6
    assert "cannot-write" in answer.err


@pytest.mark.parametrize("period", ["2025-08", "2025Q3", "2025H2", "2025-07..2025-08", "2025-W32"])
def test_a_review_is_of_any_period(csq: Csq, period: str) -> None:
    answer = csq.run("review", ".", "--period", period, "-o", "out")
    assert answer.code == 0
    assert {path.suffix for path in (csq.folder / "out").iterdir()} == {".html", ".xlsx"}
    page = next((csq.folder / "out").glob("*.html")).read_text("utf-8")
    assert period.replace("..", " 至 ") in page


def test_other_commands_do_not_load_what_only_a_review_needs() -> None:
    lines = "import sys; import csq.cli.app, csq.api, csq.reports.excel; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, encoding="utf-8", check=True
    ).stdout.split()
    assert {"vl_convert", "csq.review.ask", "csq.reports.review.page"}.isdisjoint(loaded)
