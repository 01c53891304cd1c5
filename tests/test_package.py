"""The wheel that is built from the checkout works without it: nothing is missing, nothing extra."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TICKETS = """\
工单编号,创建时间,首次响应时间,解决时间,渠道,首次解决
T1,2025-08-01 09:00:00,2025-08-01 09:00:10,2025-08-01 10:00:00,电话,是
T2,2025-08-31 09:00:00,2025-08-31 09:00:50,2025-08-31 10:00:00,在线,否
"""

pytestmark = pytest.mark.skipif(
    not (find_spec("build") and find_spec("hatchling")), reason="needs build and hatchling"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what is in the checkout."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("src", "templates"):
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("metrics.yaml", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source / name)
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout.decode() + built.stderr.decode()
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with csq in it and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
         "--disable-pip-version-check", "--target", folder, wheel],
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return folder


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_the_modules_and_resources_and_nothing_else(wheel: Path) -> None:
    sources = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    templates = {
        f"csq/resources/templates/{path.relative_to(ROOT / 'templates').as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
    }
    assert templates
    assert "csq/resources/standard.yaml" in sources
    expected = sources | templates | {"csq/resources/metrics.yaml"}
    assert {name for name in names_in(wheel) if not name.startswith("csq-")} == expected


def test_the_wheel_says_that_it_is_typed(wheel: Path) -> None:
    assert "csq/py.typed" in names_in(wheel)


def test_nothing_in_the_wheel_is_large(wheel: Path) -> None:
    """No picture, library or table has slipped in among what is written by hand."""
    with zipfile.ZipFile(wheel) as archive:
        large = {each.filename: each.file_size for each in archive.infolist()}
    assert max(large.values()) < 100_000, max(large, key=large.__getitem__)


def test_the_wheel_names_its_command_and_its_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith("/METADATA")]
        metadata = message_from_bytes(archive.read(name))
        entry_points = archive.read(name.replace("METADATA", "entry_points.txt")).decode()
    assert metadata["Name"] == "csq"
    assert "csq = csq.cli.main:main" in entry_points
    needs = {need.split(">=")[0].split(";")[0] for need in metadata.get_all("Requires-Dist", [])}
    assert {"duckdb", "openpyxl", "pydantic", "typer", "sqlglot"} <= needs


def run(installed: Path, folder: Path, *typed: str) -> subprocess.CompletedProcess[bytes]:
    """The installed csq in a folder, with the checkout kept out of sight.

    `-P` keeps the folder out of the search path, `-S` the editable installation; the libraries
    are found where this Python has them.
    """
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    start = "import sys; from csq.cli.main import main; sys.argv[0] = 'csq'; main()"
    return subprocess.run(
        [sys.executable, "-P", "-S", "-c", start, *typed],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), libraries]),
             "TMPDIR": str(folder.parent)},
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    (work / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    return work


def test_the_installed_csq_is_the_one_that_runs(installed: Path, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", "import csq; print(csq.__file__)"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert Path(done.stdout.decode().strip()).is_relative_to(installed)


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("out.json", b"{"), ("out.xlsx", b"PK"), ("out.html", b"<!doctype html>")],
)
def test_the_installed_csq_scores_and_draws(
    installed: Path, folder: Path, name: str, beginning: bytes
) -> None:
    """With the definition and the templates that it carries itself."""
    done = run(installed, folder, "score", "-o", name)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (folder / name).read_bytes().startswith(beginning)


def test_the_installed_csq_knows_its_version(installed: Path, folder: Path) -> None:
    done = run(installed, folder, "--version")
    assert (done.returncode, done.stdout.decode()) == (0, "csq 0.1.0\n")
