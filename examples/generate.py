"""Makes the example exports anew, byte for byte: `python examples/generate.py`.

The numbers they must add up to stand in `generator/story.py`; `expected.json` says what a reader
of the files must find. Nothing of csq is used here, so that tests can hold csq to it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from generator import expected
from generator.catalogue import all_exports
from generator.exports import account, lines_of, write
from generator.truth import make_truth


def generate(folder: Path) -> None:
    """Write every export and `expected.json` into the folder."""
    truth = make_truth()
    exports = {export.file: (export, lines_of(export)) for export in all_exports(truth)}
    for export, lines in exports.values():
        write(folder, export, lines)
    findings = {
        "figures": [asdict(figure) for figure in expected.figures(truth)],
        "in_period": expected.in_period(truth),
        "months": expected.by_month(truth),
        "files": account(exports),
    }
    text = json.dumps(findings, ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    """Write into the folder named on the command line, by default the one of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    generate(folder)


if __name__ == "__main__":
    main()
