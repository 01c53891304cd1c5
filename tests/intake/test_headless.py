"""A file without a header: what its first row says of a customer is nobody else's business."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import Desk
from tests.intake.test_workbook import save

from csq.draft.draft import draft_definition
from csq.errors import IntakeError

ROWS = {
    "names and words": "张三,北京朝阳,不满意\n李四,上海徐汇,太慢\n",
    "a word that comes again": "张三,退款\n李四,退款\n王五,退款 2 次\n",
    "one row": "张三,北京朝阳,不满意\n",
    "one known word": "张三,电话,退款\n李四,在线,退款\n",
    "a number below": "张三,单元3,退款\n李四,单元4,换货\n",
    "a phone number": "张三,13800138000\n李四,13900139000\n",
    "an address": "张三,z3@example.com\n李四,l4@example.com\n",
    "objects": '{"姓名":"张三"}\n{"姓名":"李四","件数":1}\n',
    "prose": "张三来电，说机器坏了。\n李四 13:05 来电。\n",
}


def refused(desk: Desk, name: str = "t.csv") -> str:
    desk.indicator("COUNT(tickets)", "count")
    with pytest.raises(IntakeError) as error:
        desk.score()
    [problem] = error.value.problems
    assert problem.place.file == name
    return problem.line("zh") + problem.line("en")


@pytest.mark.parametrize("text", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_first_row_that_may_be_data_is_not_shown(desk: Desk, text: str, delimiter: str) -> None:
    desk.put("t.csv", text.replace(",", delimiter))
    said = refused(desk)
    assert "t.csv: missing-header: " in said
    assert not [
        cell for cell in ("张三", "北京", "退款", "单元", "13800138000", "z3@") if cell in said
    ]


def test_what_to_do_about_a_file_without_a_header(desk: Desk) -> None:
    desk.put("t.csv", ROWS["names and words"])
    assert refused(desk) == (
        "t.csv: missing-header: 没有认出表头：第一行可能就是数据（3 列）"
        " → 在第一行写上各列的名称；表头在更下面时，在 sources: 里写 header_row:"
        "t.csv: missing-header: no header was found: the first row may be data (columns: 3)"
        " → put the names of the columns into the first row; where they stand further down,"
        " write header_row: under sources:"
    )


def test_a_workbook_without_a_header(desk: Desk) -> None:
    desk.exports.mkdir()
    save(desk.exports, 七月=[["张三", "北京朝阳", "不满意"], ["李四", "上海徐汇", "太慢"]])
    assert "张三" not in refused(desk, "t.xlsx")


def test_a_declared_kind_does_not_show_it_either(desk: Desk) -> None:
    desk.put("t.csv", ROWS["names and words"])
    written = desk.indicator("COUNT(tickets)", "count")
    written.write_text(written.read_text() + "sources: { tickets: { files: [t.csv] } }\n")
    with pytest.raises(IntakeError) as error:
        desk.score()
    assert [problem.code for problem in error.value.problems] == ["missing-header"]


def test_a_draft_does_not_show_it_either(desk: Desk) -> None:
    desk.put("t.csv", ROWS["names and words"])
    with pytest.raises(IntakeError) as error:
        draft_definition([desk.exports], lambda _: None)
    assert [problem.code for problem in error.value.problems] == ["missing-header"]


@pytest.mark.parametrize("text", [
    "甲,乙\n1,2\n", "姓名,地区,分数\n张三,北京,3\n李四,北京,4\n", "工单号,姓名,意见\n张三,北京,退款\n", "名字,日期\n张三,2025-08-01\n名字,日期\n李四,2025-08-02\n",
])  # fmt: skip
def test_a_header_of_another_kind_is_shown(desk: Desk, text: str) -> None:
    desk.put("t.csv", text)
    said = refused(desk)
    assert "t.csv: unrecognised-export: " in said
    assert text.partition("\n")[0].replace(",", ", ") in said


def test_parquet_names_its_columns(desk: Desk, tmp_path: Path) -> None:
    desk.exports.mkdir()
    table = pa.table({"姓名": ["张三", "李四"], "意见": ["好", "差"]})
    pq.write_table(table, desk.exports / "t.parquet")
    assert "姓名, 意见" in refused(desk, "t.parquet")
