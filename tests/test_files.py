"""csq's own resources and the folder it spills into; how files are delivered is tests/cli's."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from csq.errors import BudgetError, DeliveryError, UsageError
from csq.files import (
    refuse_input_as_output,
    resource_path,
    shipped_definition,
    spill_folder,
    write_file,
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files, empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


def test_the_shipped_definition_is_a_metrics_file() -> None:
    assert b"\nversion: 1\n" in shipped_definition()
    assert resource_path("metrics.yaml").is_file()
    assert resource_path("templates").is_dir()


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    for content in (b"", b"x", b"\0" * 1_000_000):
        write_file(path, content)
        assert path.read_bytes() == content
    assert files_in(tmp_path) == [path]


def test_a_name_that_is_too_long_is_not_delivered(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError):
        write_file(tmp_path / ("x" * 300), b"x")
    assert files_in(tmp_path) == []


def test_an_output_beside_an_input_is_fine(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("x")
    refuse_input_as_output(tmp_path / "out.csv", [source, tmp_path, tmp_path / "missing"])
    (tmp_path / "out.csv").write_text("x")
    refuse_input_as_output(tmp_path / "out.csv", [source])


def test_an_output_that_is_an_input_by_another_way_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError):
        refuse_input_as_output(tmp_path / "folder" / ".." / "in.csv", [source])


def test_a_spill_folder_is_private_and_gone_afterwards(root: Path) -> None:
    with spill_folder() as folder:
        assert root in folder.parents
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.parent.stat().st_mode & 0o077 == 0
        (folder / "spilt").write_text("x")
    assert files_in(root) == []


def test_a_spill_folder_is_gone_after_an_error_too(root: Path) -> None:
    def spill_and_fail() -> None:
        with spill_folder() as folder:
            (folder / "spilt").write_text("x")
            raise SystemExit(143)

    with pytest.raises(SystemExit):
        spill_and_fail()
    assert files_in(root) == []


def test_two_runs_have_a_folder_each(root: Path) -> None:
    with spill_folder() as one, spill_folder() as other:
        assert one != other
        (one / "spilt").write_text("x")
        with spill_folder():
            assert (one / "spilt").exists()


def test_what_a_dead_run_left_is_removed(root: Path) -> None:
    with spill_folder() as folder:
        abandoned = folder.parent / "abandoned"
        abandoned.mkdir()
        (abandoned / "duckdb_temp_storage").write_text("x")
        abandoned.with_suffix(".lock").touch()
    with spill_folder():
        assert not abandoned.exists()
    assert files_in(root) == []


def test_what_is_no_folder_of_a_run_is_left_alone(root: Path) -> None:
    with spill_folder() as folder:
        stray = folder.parent / "stray"
        stray.write_text("x")
    with spill_folder():
        assert stray.exists()


def fail(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


@pytest.mark.parametrize("operation", ["fcntl.flock", "pathlib.Path.mkdir", "os.open"])
def test_a_disk_that_cannot_lock_or_make_a_folder_is_told(
    root: Path, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network drive may know no locks, and a full one no new names."""
    (root / f"csq-spill-{os.getuid()}").mkdir(mode=0o700)
    monkeypatch.setattr(operation, fail)
    with pytest.raises(BudgetError) as raised, spill_folder():
        pass
    assert [problem.line("en") for problem in raised.value.problems] == [
        "cannot-spill: a temporary file cannot be written: the disk gives no locks → make room,"
        " or name another folder with the environment variable TMPDIR"
    ]
    monkeypatch.undo()
    assert files_in(root) == []


@pytest.mark.parametrize("operation", ["fcntl.flock", "pathlib.Path.unlink", "shutil.os.rmdir"])
def test_what_cannot_be_removed_does_not_take_the_result_with_it(
    root: Path, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run finds it."""
    with spill_folder() as folder:
        (folder / "spilt").write_text("x")
        monkeypatch.setattr(operation, fail)
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(root))
    with spill_folder():
        assert not folder.exists()
    assert files_in(root) == []
