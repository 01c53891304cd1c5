"""`csq lint` for scripts; what it remarks stands in the case files of tests/linting."""

from __future__ import annotations

import json

import pytest

from .driver import METRICS, Csq

UNUSED = METRICS.replace("rows:\n", "rows:\n  没用: { from: tickets }\n")
BROKEN = METRICS.replace("COUNT(有效工单)", "COUNT(nowhere)")
REMARK = {
    "code": "unused-name",
    "severity": "notice",
    "file": "metrics.yaml",
    "sheet": None,
    "row": 3,
    "column": "3",
    "value": "没用",
    "count": 1,
}
SAID = {
    "zh": {"message": "没有公式用到「没用」", "hint": "删去它，或检查该用它的公式"},
    "en": {
        "message": "no formula uses “没用”",
        "hint": "delete it, or look at the formula that should use it",
    },
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_scripts_get_the_remarks_as_json(csq: Csq, language: str) -> None:
    csq.put("metrics.yaml", UNUSED)
    answer = csq.run("lint", "--format", "json", "--lang", language)
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out) == {"problems": [REMARK | SAID[language]]}
    assert csq.run("lint", "--lang", language, "-o", "out.json").out == ""
    assert (csq.folder / "out.json").read_text("utf-8") == answer.out


def test_scripts_get_the_faults_as_json_and_people_as_lines(csq: Csq) -> None:
    csq.put("metrics.yaml", BROKEN)
    answer = csq.run("lint", "--format", "json")
    assert answer.code == 4
    (fault,) = json.loads(answer.out)["problems"]
    line = "metrics.yaml:{row}:{column}: {code}: {message} → {hint}\n".format(**fault)
    assert (fault["code"], fault["severity"], answer.err) == ("formula-name", "error", line)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "two-definitions: 给了两个指标定义：a.yaml 和 b.yaml → 一次只检查一个\n"),
        (
            "en",
            "two-definitions: two definitions are given: a.yaml and b.yaml → check one at a time\n",
        ),
    ],
)
def test_of_two_definitions_none_is_left_unchecked(csq: Csq, language: str, said: str) -> None:
    """The one behind --metrics was, without a word."""
    csq.put("a.yaml", METRICS)
    csq.put("b.yaml", BROKEN)
    answer = csq.run("lint", "a.yaml", "--metrics", "b.yaml", "--lang", language)
    assert (answer.code, answer.out, answer.err) == (2, "", said)
    assert csq.run("lint", "a.yaml", "--metrics", "a.yaml").code == 0


def test_a_definition_is_never_overwritten(csq: Csq) -> None:
    answer = csq.run("lint", "--format", "json", "-o", "metrics.yaml")
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        "metrics.yaml: output-is-input: 输出文件就是输入文件 → 换一个输出文件名\n",
    )
    assert (csq.folder / "metrics.yaml").read_text("utf-8") == METRICS


def test_no_export_is_overwritten_either(csq: Csq) -> None:
    before = (csq.folder / "tickets.csv").read_bytes()
    typed = ("lint", "--data", ".", "--format", "json", "-o", "tickets.csv")
    answer = csq.run(*typed)
    assert (answer.code, answer.out) == (2, "")
    assert (csq.folder / "tickets.csv").read_bytes() == before
