"""What csq says where it is let have too little address space."""

from __future__ import annotations

import sys

import pytest
from tests.cli.driver import METRICS, TICKETS, Csq

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs ulimit")

GIB = 1 << 20
"""In the kilobytes of ulimit."""


@pytest.fixture
def csq(tmp_path_factory: pytest.TempPathFactory) -> Csq:
    desk = Csq(tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("tmp"))
    desk.put("metrics.yaml", METRICS)
    desk.put("tickets.csv", TICKETS)
    return desk


@pytest.mark.parametrize("kilobytes", [200_000, GIB])
@pytest.mark.parametrize("command", ["score", "lint", "check --lang zh"])
def test_less_than_the_engine_needs_is_told_and_no_crash(
    csq: Csq, kilobytes: int, command: str
) -> None:
    """A library once ended the run with exit code 1, which says that a target was missed."""
    answer = csq.shell(f"ulimit -v {kilobytes}; csq {command}")
    value = "0.191" if kilobytes < GIB else "1"
    assert (answer.code, answer.out, answer.err) == (
        7,
        "",
        f"narrow-address-space: 地址空间被 ulimit -v 限制为 {value} GiB，至少要 1.5 GiB"
        " → 用 ulimit -v unlimited；要限制内存，用 --memory 或容器\n",
    )


def test_less_than_charts_need_is_told_and_nothing_is_written(csq: Csq) -> None:
    answer = csq.shell(f"ulimit -v {8 * GIB}; csq review tickets.csv -o out --lang en")
    assert (answer.code, answer.out, answer.err) == (
        7,
        "",
        "narrow-address-space: ulimit -v leaves 8 GiB of address space, and 70 GiB is needed"
        " → use ulimit -v unlimited; to limit memory use --memory or a container\n",
    )
    assert not (csq.folder / "out").exists()


def test_numbers_need_no_more_than_the_engine(csq: Csq) -> None:
    assert csq.shell(f"ulimit -v {4 * GIB}; csq score -o out.xlsx").code == 0
