"""Which files are read: exports, each once, and nothing that hangs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from tests.cli.driver import Csq

from csq.errors import IntakeError
from csq.intake.discover import file_state, find_exports

CONTENT = "工单编号,创建时间\n1,2025-08-31\n"


def put(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CONTENT, encoding="utf-8")
    return folder


def names_of(*paths: Path) -> list[str]:
    return [file.name for file in find_exports(paths)[0]]


def test_exports_are_found_in_a_stable_order_by_their_names_below_the_folder(
    tmp_path: Path,
) -> None:
    put(
        tmp_path,
        "b.csv",
        "a.CSV",
        "二/c.tsv",
        "二/d.txt",
        "z.xlsx",
        "y.xlsm",
        "x.parquet",
        "w.xls",
        "v.ods",
    )
    assert names_of(tmp_path) == [
        "a.CSV",
        "b.csv",
        "v.ods",
        "w.xls",
        "x.parquet",
        "y.xlsm",
        "z.xlsx",
        "二/c.tsv",
        "二/d.txt",
    ]


@pytest.mark.parametrize("name", [
    ".hidden.csv", "~$open.xlsx", "_draft.csv", "._resource.csv", "a.csv.bak", "a.csv~", "a.csv.part", "a.csv.crdownload",
    "notes.md", "a.numbers", "a.csv.gz", "Thumbs.db", ".DS_Store", "a",
])  # fmt: skip
def test_what_is_no_export_is_left_out(tmp_path: Path, name: str) -> None:
    put(tmp_path, "t.csv", name)
    assert names_of(tmp_path) == ["t.csv"]


def test_what_was_left_out_is_told_in_one_line(tmp_path: Path) -> None:
    _, [notice] = find_exports([put(tmp_path, "t.csv", "old.et", "t.csv.bak")])
    assert notice.count == 2
    assert notice.line("zh") == (
        "left-out-file: 未读取这种格式的文件：old.et, t.csv.bak"
        " → 若其中有数据，另存为 xlsx 或 csv（压缩包先解开）"
    )
    assert notice.line("en") == (
        "left-out-file: files of a kind that csq does not read: old.et, t.csv.bak"
        " → if one holds data, save it as xlsx or csv (unpack an archive first)"
    )


def test_files_in_hidden_folders_are_not_read(tmp_path: Path) -> None:
    # .git, .venv and the trash are full of .txt and .csv files.
    put(tmp_path, "t.csv", ".git/x.csv", ".venv/lib/y.txt", ".Trash-0/files/t.csv")
    assert names_of(tmp_path) == ["t.csv"]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "t.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "t.csv")
    os.link(tmp_path / "t.csv", tmp_path / "hard.csv")
    assert len(names_of(tmp_path, tmp_path, tmp_path / "t.csv")) == 1


def test_links_that_lead_nowhere_or_in_a_circle_are_passed(tmp_path: Path) -> None:
    put(tmp_path, "t.csv", "sub/u.csv")
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nothing.csv")
    (tmp_path / "self.csv").symlink_to(tmp_path / "self.csv")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert names_of(tmp_path) == ["sub/u.csv", "t.csv"]


def test_a_folder_called_like_a_file_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "folder.csv/t.csv")
    assert names_of(tmp_path) == ["folder.csv/t.csv"]


def test_pipes_sockets_and_devices_in_a_folder_are_passed(tmp_path: Path) -> None:
    # Opening a pipe nobody writes to waits for ever.
    put(tmp_path, "t.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)
        try:
            server.bind("socket.csv")
        finally:
            os.chdir(here)
        assert names_of(tmp_path) == ["t.csv"]


@pytest.mark.parametrize("name", ["pipe.csv", "zero.csv", "pipe.xlsx", "pipe.parquet"])
def test_a_pipe_or_a_device_asked_for_by_name_does_not_hang(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "zero.csv":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)
    answer = Csq(tmp_path, tmp_path).forked("score", path)
    assert (answer.code, "Traceback" in answer.err) == (3, False)


def test_a_path_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    put(tmp_path, "t.csv")
    with pytest.raises(IntakeError) as refused:
        find_exports([tmp_path, Path("gone.csv"), Path("away")])
    assert [problem.line("zh") for problem in refused.value.problems] == [
        "gone.csv: missing-path: 没有这个文件或文件夹 → 检查路径的拼写",
        "away: missing-path: 没有这个文件或文件夹 → 检查路径的拼写",
    ]
    assert refused.value.problems[0].line("en") == (
        "gone.csv: missing-path: there is no such file or folder → check the spelling of the path"
    )


def test_a_folder_without_exports_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "empty/readme.md")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IntakeError) as refused:
        find_exports([Path("empty")])
    [problem] = refused.value.problems
    assert problem.line("zh") == (
        "empty: no-exports: 这里没有可读的导出文件 → 写上导出所在的文件夹，例如 csq score exports；或放入 csv、tsv、xlsx、xls、ods、parquet 文件"
    )
    assert problem.line("en") == (
        "empty: no-exports: no export that can be read is here → name the folder of the exports, as in csq score exports; or put csv, tsv, xlsx, xls, ods or parquet files here"
    )


def test_a_folder_of_other_formats_alone_says_which(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as refused:
        find_exports([put(tmp_path, "old.et", "all.zip", "notes.md")])
    assert [problem.line("en").partition(": ")[2] for problem in refused.value.problems] == [
        "no-exports: no export that can be read is here → name the folder of the exports, as in csq score exports; or put csv, tsv, xlsx, xls, ods or parquet files here",
        "files of a kind that csq does not read: all.zip, old.et"
        " → if one holds data, save it as xlsx or csv (unpack an archive first)",
    ]


def test_a_file_that_is_written_to_changes_its_state(tmp_path: Path) -> None:
    put(tmp_path, "t.csv")
    [file] = find_exports([tmp_path])[0]
    before = file_state(file)
    os.utime(file.path, (1, 1))
    assert file_state(file) != before


def test_names_do_not_hold_the_path_of_the_machine(tmp_path: Path) -> None:
    put(tmp_path, "a/t.csv")
    assert names_of(tmp_path) == ["a/t.csv"]
    assert names_of(tmp_path / "a" / "t.csv") == ["t.csv"]
