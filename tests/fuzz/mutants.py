"""Small exports with a few slips in them, and what must hold of each: read, or refused in words.

`python tests/fuzz/mutants.py COUNT` tries that many; each is made from its number alone, so that
`python tests/fuzz/mutants.py 1 NUMBER` repeats one.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from csq.api import open_engine
from csq.definition.models import Definition
from csq.errors import CsqError
from csq.intake.discover import find_exports
from csq.intake.intake import take_in

DEFINITION = Definition.model_validate({"version": 1})
"""Nothing is declared of a mutant."""

_WORKBOOKS = Path(__file__).parents[1] / "intake" / "workbooks"
_HEADER = ("工单编号", "创建时间", "首次响应时间", "渠道", "是否首次解决", "重开次数", "客户备注")
_ROWS = (
    ("T001", "2025-08-01 09:00:00", "2025-08-01 09:00:20", "电话", "是", "0", "好，谢谢"),
    ("T002", "2025-08-02 10:30", "", "在线", "否", "1", '说 "不", 两行\n完'),
    ("T003", "2025/8/3", "2025-08-03 00:10:00", "邮件", "", "", ""),
    ("T004", "20250804", "2025-08-04 12:00:00", "phone", "Y", "2", "=1+1"),
    ("T005", "2025-08-05T08:00:00+08:00", "2025-08-05 08:00:05", "", "no", "0", "a;b|c"),
    ("T002", "2025-08-06 23:59:59.5", "2025-08-07 00:00:00", "電話", "1", "3", "NA"),
)
_STRAYS = (
    b"\0", b'"', b'""', b"\r", b"\n", b"\r\n", b",", b";", b"\t", b"|", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\x81", b"\xe7", b"#REF!", b"-", b"<", b"&", b"'", b"\x1a", b"9" * 40, b",,,,,,", b"=", b"\\",
)  # fmt: skip
_TYPED = (
    "\0", '"', '""', "\r", "\n", "\r\n", ",", ";", "\t", "|", "\ufeff", "\u3000", "，", "\x1a", "#REF!", "-", "'",
    "9" * 40, ",,,,,,", "=", "\\", "电", "😀", "合计", "１", "\x0b",
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "gb18030", "gb18030", "utf-16")


def make_csv(rng: random.Random, slips: int) -> bytes:
    """A table with so many slips below its header, as text."""
    delimiter, end = rng.choice(",,,;\t|"), rng.choice(("\n", "\n", "\r\n", "\r"))
    lines = []
    for row in (_HEADER, *(rng.choice(_ROWS) for _ in range(rng.randrange(9)))):
        cells = [
            f'"{c.replace(chr(34), chr(34) * 2)}"' if set(c) & set(',;|"\n') else c for c in row
        ]
        if rng.random() < 0.05:
            cells = cells[: rng.randrange(len(cells))] + cells[: rng.randrange(3)]
        lines.append(delimiter.join(cells))
    if rng.random() < 0.2:
        lines.insert(0, rng.choice(("导出", "", delimiter * 6, "sep=" + delimiter)))
    if rng.random() < 0.2:
        lines.append(rng.choice(("", "合计", delimiter * 6)))
    text = end.join(lines)
    header = text.find(_HEADER[-1]) + len(_HEADER[-1])
    for _ in range(slips):
        text = text[:header] + slip_text(rng, text[header:])
    return text.encode(rng.choice(_ENCODINGS))


def make_xlsx(rng: random.Random, slips: int) -> dict[str, bytes]:
    """The parts of a workbook of one sheet, with about so many slips in its cells."""
    rows = []
    for number, row in enumerate(
        (_HEADER, *(rng.choice(_ROWS) for _ in range(rng.randrange(7)))), 1
    ):
        cells = []
        for letter, text in zip("ABCDEFG", row, strict=True):
            if number > 1 and rng.random() < slips / 20:
                text = slip_text(rng, text)
            spelt = text.replace("&", "&amp;").replace("<", "&lt;")
            kind = rng.random()
            if number == 1:
                kind = 1
            if kind < 0.1:
                cells.append(f'<c r="{letter}{number}" s="1"><v>{rng.uniform(-5, 60000)}</v></c>')
            elif kind < 0.15:
                cells.append(f'<c r="{letter}{number}" t="e"><v>#N/A</v></c>')
            elif kind < 0.2:
                cells.append(f'<c r="{letter}{number}" t="s"><v>{rng.randrange(2)}</v></c>')
            else:
                cells.append(f'<c r="{letter}{number}" t="inlineStr"><is><t>{spelt}</t></is></c>')
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    packaged = "http://schemas.openxmlformats.org/package/2006/relationships"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{packaged}"><Relationship Id="r1" '
        f'Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{related}"><sheets>'
        '<sheet name="数据" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packaged}"><Relationship Id="r1" '
        f'Type="{related}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet {space}><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>'
        "</styleSheet>",
        "xl/sharedStrings.xml": f"<sst {space}><si><t>甲</t></si><si><t>2025-08-01</t></si></sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{''.join(rows)}</sheetData></worksheet>",
    }  # fmt: skip
    return {name: text.encode() for name, text in parts.items()}


def slip_text(rng: random.Random, text: str) -> str:
    """One slip of a person or a program that writes text: characters lost, doubled or put in."""
    at = rng.randrange(len(text) + 1)
    length = rng.choice((1, 1, 2, 7, 60))
    match rng.randrange(6):
        case 0:
            return text[:at] + text[at + length :]
        case 1:
            return text[:at] + text[at : at + length] * 2 + text[at + length :]
        case 2:
            return text[:at] if rng.random() < 0.2 else text
    return text[:at] + rng.choice(_TYPED) + text[at:]


def slip(rng: random.Random, content: bytes) -> bytes:
    """One slip: bytes lost, doubled, put in or overwritten, or the end cut off."""
    at = rng.randrange(len(content) + 1)
    length = rng.choice((1, 1, 2, 7, 60))
    match rng.randrange(6):
        case 0:
            return content[:at] + content[at + length :]
        case 1:
            return content[:at] + content[at : at + length] * 2 + content[at + length :]
        case 2 | 3:
            return content[:at] + rng.choice(_STRAYS) + content[at:]
        case 4:
            return content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
    return content[:at] if rng.random() < 0.2 else content


def make_mutant(number: int) -> tuple[str, bytes]:
    """The name and the content of the mutant of this number.

    In four of five what is written slips, so that most can be read; in the fifth bytes do.
    """
    rng = random.Random(number)
    typed, slips = rng.choice((0, 1, 1, 2, 3, 5)), 0
    if rng.random() < 0.2:
        typed, slips = 0, typed
    kind = rng.random()
    if kind < 0.6:
        content = make_csv(rng, typed)
        for _ in range(slips):
            content = slip(rng, content)
        return f"m{number}.csv", content
    if kind < 0.63:
        name = rng.choice(("desk.xls", "desk.ods"))
        content = (_WORKBOOKS / name).read_bytes()
        for _ in range(slips):
            content = slip(rng, content)
        return f"m{number}.{name[5:]}", content
    parts = make_xlsx(rng, typed)
    for _ in range(slips):
        name = rng.choice((*parts, "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"))
        parts[name] = slip(rng, parts[name])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            if slips < 3 or rng.random() < 0.98:
                archive.writestr(name, content)
    whole = stream.getvalue()
    return f"m{number}.xlsx", slip(rng, whole) if slips and rng.random() < 0.2 else whole


def take(number: int, folder: Path) -> Counter[str]:
    """What became of a mutant: `read`, or the codes it was refused with.

    An exception that is no `CsqError`, or books that do not add up, is a fault of csq.
    """
    name, content = make_mutant(number)
    path = folder / name
    path.write_bytes(content)
    try:
        with open_engine("500MB") as engine:
            intake = take_in(find_exports([path]), DEFINITION, engine, {}, lambda _: None)
            for receipt in intake.receipts(None):
                # That read = kept + rejected + … holds is what making a receipt checks.
                parts = (receipt.kept, receipt.rejected, receipt.duplicates, receipt.outside_period)
                assert min(parts) >= 0, (name, receipt)
                sheet = receipt.place.sheet
                explained = {p.place.row for p in intake.row_problems if p.place.sheet == sheet}
                assert bool(explained) is bool(receipt.rejected), (name, receipt)
        return Counter(["read"])
    except CsqError as error:
        assert error.problems, name
        for problem in error.problems:
            assert len(problem.line("zh")) < 2_000, name
        return Counter(problem.code for problem in error.problems)
    finally:
        path.unlink()


def fuzz(first: int, count: int) -> Counter[str]:
    """What became of so many mutants; raises where one of them shows a fault of csq."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            try:
                found += take(number, Path(folder))
            except Exception as error:
                raise AssertionError(f"mutant {number}: {error!r}") from error
    return found


if __name__ == "__main__":
    wanted = int(sys.argv[1])
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for code, times in fuzz(start, wanted).most_common():
        print(f"{times:>7,} {code}")
