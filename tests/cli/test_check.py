"""`csq check`: the gate, its exit code, and the files it leaves for a CI system."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from .contract import read_scorecard
from .driver import METRICS, TICKETS, Csq

LEVELS = METRICS.replace(
    '      - { value: ">= 85%", provenance: guide }\n',
    '      - { value: ">= 50%", level: floor }\n'
    '      - { value: ">= 70%" }\n'
    '      - { value: ">= 90%", level: stretch }\n',
)
"""The value is 75 %: over the floor and the target, short of the stretch."""


def test_a_missed_target_is_one(csq: Csq) -> None:
    answer = csq.run("check", "tickets.csv")
    assert (answer.code, answer.err) == (1, "")
    closing = "✘ 检查未通过（--fail-on target）：未达标 1\n"
    assert answer.out == csq.run("score", "tickets.csv").out + closing


def test_score_does_not_gate(csq: Csq) -> None:
    assert csq.run("score", "tickets.csv").code == 0


def test_met_targets_are_zero(csq: Csq) -> None:
    answer = csq.run("check", "--indicator", "frt", "--lang", "en")
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == "✔ Check passed (--fail-on target)"


def test_the_last_line_says_why_a_check_failed(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注") + "T9,待定,,电话,是\n")
    said = {
        "zh": "✘ 检查未通过（--fail-on target）：数据未通过校验，未达标 1，没有结论 1",
        "en": "✘ Check failed (--fail-on target): the exports are not valid, missed 1, no verdict 1",
    }
    for language, line in said.items():
        assert csq.run("check", "--lang", language).out.splitlines()[-1] == line


@pytest.mark.parametrize(
    ("fail_on", "code"), [("stretch", 1), ("target", 0), ("floor", 0), ("never", 0)]
)
def test_a_level_fails_at_or_above_what_is_asked(csq: Csq, fail_on: str, code: int) -> None:
    csq.put("metrics.yaml", LEVELS)
    assert csq.run("check", "--indicator", "fcr", "--fail-on", fail_on).code == code


@pytest.mark.parametrize(
    ("fail_on", "code"), [("stretch", 1), ("target", 1), ("floor", 1), ("never", 0)]
)
def test_below_the_floor_everything_but_never_fails(csq: Csq, fail_on: str, code: int) -> None:
    csq.put("metrics.yaml", LEVELS.replace("50%", "76%").replace("70%", "80%"))
    assert csq.run("check", "--indicator", "fcr", "--fail-on", fail_on).code == code


def test_a_missed_target_of_a_group_fails_too(csq: Csq) -> None:
    typed = ("check", "--indicator", "frt", "--by", "first_contact_resolved")
    assert csq.run(*typed[:3]).code == 0
    assert csq.run(*typed).code == 1


def test_a_target_without_data_is_no_pass(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注"))
    answer = csq.run("check", "--indicator", "frt")
    assert (answer.code, answer.err) == (
        5,
        "no-verdict: 1 项有目标的指标没有结论：平均首次响应时长"
        " → 补上数据，或用 --indicator 只检查需要的指标\n",
    )


def test_a_target_without_data_is_told_in_english_too(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注"))
    answer = csq.run("check", "--indicator", "frt", "--lang", "en")
    assert (answer.code, answer.err) == (
        5,
        "no-verdict: indicators with a target but without a verdict (1): Average first response time"
        " → add the data, or check only some with --indicator\n",
    )


COUNTED = """\
  - id: volume
    name: { zh: 工单量, en: Tickets }
    formula: COUNT(tickets)
    unit: count
    direction: down
    targets: [{ value: "-20%", baseline: 2025-07..2025-08 }]
"""
NO_VERDICT_OF_LENGTH = {
    "zh": "no-verdict: 1 项有目标的指标没有结论：工单量"
    " → 把 baseline: 换成与本期一样长的时段，或用 --indicator 只检查需要的指标\n",
    "en": "no-verdict: indicators with a target but without a verdict (1): Tickets"
    " → choose a baseline: that is as long as the period, or check only some with --indicator\n",
}
NO_VERDICTS = {
    "zh": "no-verdict: 2 项有目标的指标没有结论：平均首次响应时长、工单量"
    " → 补上数据；把 baseline: 换成与本期一样长的时段，或用 --indicator 只检查需要的指标\n",
    "en": "no-verdict: indicators with a target but without a verdict (2):"
    " Average first response time, Tickets"
    " → add the data; choose a baseline: that is as long as the period,"
    " or check only some with --indicator\n",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_baseline_of_another_length_is_not_mended_with_data(csq: Csq, language: str) -> None:
    csq.put("metrics.yaml", METRICS + COUNTED)
    typed = ("check", "--lang", language, "--period", "2025-08", "--indicator")
    answer = csq.run(*typed, "volume")
    assert (answer.code, answer.err) == (5, NO_VERDICT_OF_LENGTH[language])
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注"))
    answer = csq.run(*typed, "volume", "--indicator", "frt")
    assert (answer.code, answer.err) == (5, NO_VERDICTS[language])


@pytest.mark.parametrize(
    ("keys", "advice"),
    [
        # Of July there is one row, too few for a baseline; it is as long as August.
        ('min_n: 3, targets: [{ value: "-20%", baseline: 2025-07 }]', "补上数据"),
        (
            'targets: [{ value: "-20%", baseline: 2025-07..2025-08 },'
            ' { value: "-10%", level: floor, baseline: 2024-08 }]',
            "补上数据；把 baseline: 换成与本期一样长的时段",
        ),
        (
            'targets: [{ value: "-20%", baseline: 2025-07..2025-08 },'
            ' { value: "-30%", level: stretch, baseline: 2024-08 }]',
            "把 baseline: 换成与本期一样长的时段",
        ),
    ],
    ids=["too few rows", "one of each", "one of each, of which one does not fail"],
)
def test_each_baseline_is_mended_as_it_needs(csq: Csq, keys: str, advice: str) -> None:
    counted = "{ id: volume, name: 量, formula: COUNT(tickets), unit: count, direction: down"
    csq.put("metrics.yaml", f"version: 1\nindicators:\n  - {counted}, {keys} }}\n")
    answer = csq.run("check", "--period", "2025-08")
    assert (answer.code, answer.err) == (
        5,
        f"no-verdict: 1 项有目标的指标没有结论：量 → {advice}，或用 --indicator 只检查需要的指标\n",
    )


def test_a_target_from_a_baseline_without_data_is_no_pass(csq: Csq) -> None:
    change = 'value: "+5pp", baseline: 2024H1, provenance: guide'
    csq.put("metrics.yaml", METRICS.replace('value: ">= 85%", provenance: guide', change))
    why = "目标 +5pp 无法判定：缺少基期 2024H1 的数据"
    answer = csq.run("check", "--indicator", "fcr", "--junit", "out.xml")
    assert answer.code == 5
    assert answer.err.startswith("no-verdict: 1 项有目标的指标没有结论：一次性解决率 → ")
    (line,) = (line for line in answer.out.splitlines() if "一次性解决率" in line)
    assert line.startswith("·  一次性解决率  75.0 %")
    assert line.endswith(why)
    assert answer.out.splitlines()[-1] == "✘ 检查未通过（--fail-on target）：没有结论 1"
    suites = ElementTree.fromstring((csq.folder / "out.xml").read_bytes())  # noqa: S314 (our own)
    case = suites.find(".//testcase[@name='fcr']/error")
    assert case is not None
    assert (case.get("type"), case.get("message")) == ("no_target", f"一次性解决率：{why}")
    told = csq.run("check", "--indicator", "fcr", "--format", "json")
    (row,) = read_scorecard(told.out)["indicators"]
    assert (told.code, row["value"], row["verdict"]) == (5, 0.75, "no_target")
    assert (row["target"], row["gap"], row["unjudged"]) == (None, None, {"target": why})


def test_too_few_rows_are_no_verdict(csq: Csq) -> None:
    csq.put("metrics.yaml", METRICS.replace("    dimension: 质量", "    min_n: 5"))
    answer = csq.run("check", "--indicator", "fcr", "--format", "json")
    assert answer.code == 5
    assert read_scorecard(answer.out)["indicators"][0]["verdict"] == "not_enough_evidence"


def test_what_never_fails_needs_no_verdict(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注"))
    assert csq.run("check", "--indicator", "frt", "--fail-on", "never").code == 0


def test_no_verdict_outranks_a_missed_target(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注"))
    assert csq.run("check").code == 5


def test_invalid_data_outranks_a_missed_target(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS + "T9,待定,,电话,是\n")
    answer = csq.run("check")
    assert answer.code == 3
    assert "75.0 %" in answer.out


def test_not_delivered_outranks_a_missed_target(csq: Csq) -> None:
    assert csq.run("check", "-o", "missing/out.json").code == 6
    assert csq.run("check", "--junit", "missing/out.xml").code == 6
    assert csq.run("check", "--json", "missing/out.json").code == 6


def test_not_delivered_outranks_no_verdict(csq: Csq) -> None:
    csq.put("tickets.csv", TICKETS.replace("首次响应时间", "备注"))
    assert csq.run("check", "-o", "missing/out.json").code == 6


@pytest.mark.parametrize("command", ["score", "check"])
def test_invalid_data_outranks_not_delivered(csq: Csq, command: str) -> None:
    csq.put("tickets.csv", TICKETS + "T9,待定,,电话,是\n")
    assert csq.run(command, "-o", "missing/out.json").code == 3


def test_a_wrong_definition_outranks_missing_data(csq: Csq) -> None:
    csq.put("metrics.yaml", METRICS.replace("unit:", "unti:"))
    assert csq.run("check", "nothing.csv").code == 4


def test_what_could_not_be_delivered_does_not_keep_the_rest_back(csq: Csq) -> None:
    """Each file is written if it can be, whatever became of the others."""
    answer = csq.run("check", "--json", "missing/out.json", "--junit", "out.xml", "-o", "out.md")
    assert answer.code == 6
    assert answer.err.startswith("missing/out.json: cannot-write: ")
    assert (csq.folder / "out.xml").exists()
    assert (csq.folder / "out.md").exists()


def test_junit_and_json_beside_the_table(csq: Csq) -> None:
    answer = csq.run("check", "--junit", "out.xml", "--json", "out.json")
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith(csq.run("score").out)
    written = (csq.folder / "out.json").read_text(encoding="utf-8")
    assert written == csq.run("score", "--format", "json").out
    suites = ElementTree.fromstring((csq.folder / "out.xml").read_bytes())  # noqa: S314 (our own)
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("3", "1", "0")
    cases = {case.get("name"): case for case in suites.iter("testcase")}
    assert list(cases) == ["exports", "fcr", "frt"]
    failure = cases["fcr"].find("failure")
    assert failure is not None
    assert failure.get("message") == "一次性解决率 75.0 %，未达目标 ≥ 85 %（差距 −10.0 pp）"
    assert cases["frt"].find("failure") is None


def test_junit_is_the_same_byte_for_byte(csq: Csq) -> None:
    written = []
    for _ in range(2):
        csq.run("check", "--junit", "out.xml", "--by", "channel")
        written.append((csq.folder / "out.xml").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("option", ["-o", "--json", "--junit"])
def test_no_output_of_check_overwrites_an_input(csq: Csq, option: str) -> None:
    answer = csq.run("check", "tickets.csv", option, "tickets.csv")
    assert (answer.code, answer.out) == (2, "")
    assert (csq.folder / "tickets.csv").read_text(encoding="utf-8") == TICKETS


def test_two_outputs_in_one_file_are_wrong_usage(csq: Csq) -> None:
    answer = csq.run("check", "--json", "out", "--junit", "out")
    assert (answer.code, answer.out) == (2, "")
    assert not (csq.folder / "out").exists()


def test_exports_that_are_not_kept_are_asked_for_by_name_alone(csq: Csq) -> None:
    csq.put("metrics.yaml", METRICS.replace("    dimension: 效率", "    optional: true"))
    csq.put("calls.csv", "通话编号,进线时间\nC1,2025-08-01 09:00:00\n")
    assert csq.run("check", "calls.csv").code == 5
    csq.put("metrics.yaml", METRICS.replace("    dimension:", "    optional: true\n    dimension:"))
    assert csq.run("check", "calls.csv").code == 0
    assert csq.run("check", "calls.csv", "--indicator", "frt").code == 5
    assert csq.run("check", "tickets.csv").code == 1
