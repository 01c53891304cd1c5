"""Everything csq lint remarks: the whole lines, by the case files beside this one.

A case that fails leaves its whole file as csq has it now in tests/actual/linting/.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from csq.api import Run, lint, score
from csq.errors import Problem
from csq.request import Request

from ..formulas.cases import CaseFile, read_case_file

FOLDER = Path(__file__).parent
ACTUAL = FOLDER.parent / "actual" / "linting"
DEFINITION = read_case_file(FOLDER / "definition.txt")
DATA = read_case_file(FOLDER / "data.txt")

TICKETS = """\
工单编号,创建时间,渠道,问题类型,坐席工号,首次响应时间,解决时间,复杂问题
T1,2025-08-01 09:00,电话,售前咨询,A1,2025-08-01 09:30,,是
T2,2025-08-02 09:00,电话,售前咨询,A2,2025-08-02 09:20,,否
T3,2025-08-31 09:00,在线,投诉,A1,,,否
T4,2025-08-31 09:00,在线,技术服务,,,,否
"""


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    return folder


def describe_with(folder: Path, data: tuple[Path, ...]) -> Callable[[str], dict[str, str]]:
    def describe(text: str) -> dict[str, str]:
        metrics = folder / "metrics.yaml"
        metrics.write_text(text, encoding="utf-8")
        _, problems = lint(Run(metrics=metrics), data)
        return {"zh": lines(problems, "zh"), "en": lines(problems, "en")}

    return describe


def lines(problems: tuple[Problem, ...], language: str) -> str:
    said = [problem.line("zh" if language == "zh" else "en") for problem in problems]
    return "\n".join(said) or "none"


def check(file: CaseFile, title: str, describe: Callable[[str], dict[str, str]]) -> None:
    case = next(each for each in file.cases if each.title == title)
    found = describe(case.formula)
    if found != case.sections:
        ACTUAL.mkdir(parents=True, exist_ok=True)
        (ACTUAL / file.path.name).write_text(file.text(describe), encoding="utf-8")
    assert found == case.sections


@pytest.mark.parametrize("title", [case.title for case in DEFINITION.cases])
def test_what_a_definition_hardly_means(title: str, tmp_path: Path) -> None:
    check(DEFINITION, title, describe_with(tmp_path, ()))


@pytest.mark.parametrize("title", [case.title for case in DATA.cases])
def test_what_the_exports_do_not_hold(title: str, tmp_path: Path, exports: Path) -> None:
    check(DATA, title, describe_with(tmp_path, (exports,)))


def test_what_was_left_out_for_want_of_an_export_is_told_once_it_is_there(
    tmp_path: Path, exports: Path
) -> None:
    keys = "unit: count, direction: up"
    (tmp_path / "team.yaml").write_text(
        "version: 1\nrows:\n  电话来电: { from: calls, where: abandoned }\nindicators:\n"
        f"  - {{ id: tickets_n, name: {{ zh: 工单量, en: Tickets }}, formula: COUNT(tickets), {keys} }}\n"
        f"  - {{ id: calls_n, name: 来电量, formula: COUNT(电话来电), {keys} }}\n"
        f"  - {{ id: all_n, name: 总量, formula: '@tickets_n + @calls_n', {keys} }}\n"
        f"  - {{ id: kept, name: 甲, formula: COUNT(tickets), {keys} }}\n"
        f"  - {{ id: anew, name: 乙, formula: COUNT(tickets), {keys} }}\n",
        encoding="utf-8",
    )
    (tmp_path / "metrics.yaml").write_text(
        "version: 1\nextends: team.yaml\nomit:\n  - all_n\n  - tickets_n\n  - calls_n\n  - anew\n"
        f"indicators:\n  - {{ id: anew, name: 丙, formula: COUNT(tickets) + 1, {keys} }}\n",
        encoding="utf-8",
    )
    run = Run(metrics=tmp_path / "metrics.yaml")
    assert lint(run)[1] == ()

    def told() -> list[str]:
        found = lint(run, (exports,))[1]
        return [each.line("zh") for each in found if each.code == "omitted-carried"]

    tickets = (
        "metrics.yaml:5:5: omitted-carried: 「tickets_n」（工单量）写在 omit: 里，"
        "而这些导出已能算出它 → 要看它，就从 omit: 里删去；不要它，就不必改"
    )
    assert told() == [tickets]
    (exports / "calls.csv").write_text(
        "通话编号,进线时间,是否放弃\nK1,2025-08-04 09:00,否\n", encoding="utf-8"
    )
    assert [each.split("（")[0] for each in told()] == [
        "metrics.yaml:4:5: omitted-carried: 「all_n」",
        "metrics.yaml:5:5: omitted-carried: 「tickets_n」",
        "metrics.yaml:6:5: omitted-carried: 「calls_n」",
    ]


def test_nothing_is_remarked_about_what_csq_ships() -> None:
    for shipped in ("metrics.yaml", "src/csq/resources/standard.yaml"):
        _, problems = lint(Run(metrics=FOLDER.parents[1] / shipped))
        assert problems == (), shipped


def test_score_tells_of_a_text_that_no_row_has(tmp_path: Path, exports: Path) -> None:
    metrics = tmp_path / "metrics.yaml"
    head = "version: 1\nindicators:\n"
    line = "  - {{ id: {id}, name: {id}, formula: '{formula}', unit: percent, direction: up }}\n"
    formulas = {
        "none": 'SHARE(tickets, problem_type = "技术支持")',
        "no_list": 'SHARE(tickets, problem_type IN {"退款", "换货"})',
        "half_a_list": 'SHARE(tickets, problem_type IN {"投诉处理", "换货"})',
        "all_but": 'SHARE(tickets, problem_type <> "换货")',
        "other_source": 'SHARE(calls, queue = "一线")',
    }
    metrics.write_text(
        head + "".join(line.format(id=name, formula=text) for name, text in formulas.items()),
        encoding="utf-8",
    )
    told = score(Run((exports,), metrics, Request("2025-08"))).problems
    assert [(problem.code, problem.line("zh")) for problem in told] == [
        (
            "unknown-text",
            "unknown-text: 工单没有一行的「问题类型」是「技术支持, 退款, 换货」"
            "（用于none、no_list） → 数据里有：技术服务、售前咨询、投诉处理；"
            "改指标定义里的文字，或在 sources: 的 values: 里写明对应",
        )
    ]


def test_score_tells_of_a_text_in_where(exports: Path) -> None:
    run = Run((exports,), request=Request("2025-08", where='channel = "视频"'))
    assert "unknown-text" in {problem.code for problem in score(run).problems}
