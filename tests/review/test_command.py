"""`csq review` as it is typed."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

COMMAND = Path(sysconfig.get_path("scripts")) / "csq"
NAMES = ["csq-review-2025Q3.html", "csq-review-2025Q3.xlsx"]


def run(folder: Path, *typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *typed], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


def test_it_writes_the_workbook_and_the_page_into_a_folder_and_reads_neither(
    exports: Path, tmp_path: Path
) -> None:
    """A second run over both folders counts nothing twice."""
    for name in ("工单.csv", "投诉.csv"):
        (tmp_path / name).write_bytes((exports / name).read_bytes())
    typed = ("review", ".", "--period", "2025Q3", "-o", "out", "--lang", "en")
    first = run(tmp_path, *typed)
    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr.splitlines()[:2] == [str(Path("out") / name) for name in NAMES]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == NAMES
    before = [(tmp_path / "out" / name).read_bytes() for name in NAMES]
    assert run(tmp_path, *typed).returncode == 0
    assert [(tmp_path / "out" / name).read_bytes() for name in NAMES] == before


def test_a_period_without_rows_has_no_review(exports: Path, tmp_path: Path) -> None:
    answer = run(tmp_path, "review", str(exports), "--period", "2019Q1", "-o", "out")
    assert answer.returncode == 5
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    answer = run(tmp_path, "review", str(exports), "--period", "2025Q3", "-o", "out")
    assert answer.returncode == 6
    assert "cannot-write" in answer.stderr


def test_other_commands_do_not_load_what_only_a_review_needs() -> None:
    lines = "import sys; import csq.cli.app, csq.api, csq.reports.excel; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, encoding="utf-8", check=True
    ).stdout.split()
    assert {"vl_convert", "csq.review.ask", "csq.reports.review.page"}.isdisjoint(loaded)
