"""The XML of an xlsx: its tags, found all at once, and the texts in it with Excel's own escapes."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from csq.intake.readers.base import Positions, text_array
from csq.intake.readers.sheets import BrokenWorkbook

Bytes = npt.NDArray[np.uint8]

_ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENDS_A_NAME = np.isin(np.arange(256), list(b" \t\r\n/>"))
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def without_asides(xml: bytes) -> bytes:
    """The XML without comments, and with signs in place of what stands in it literally.

    `<!` is left in it only where one of these does not end.
    """
    return _ASIDE.sub(_spell_out, xml)


def _spell_out(aside: re.Match[bytes]) -> bytes:
    literal = aside[1] or b""
    return literal.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def plain(text: str) -> str:
    """The characters that a text of XML, and Excel's own escapes in it, stand for."""
    if "&" in text:
        text = re.sub(r"&(?:#(x[0-9A-Fa-f]{1,6}|\d{1,7})|(lt|gt|amp|quot|apos));", _character, text)
    if "_x" in text:
        text = re.sub(r"_(x[0-9A-Fa-f]{4})_", _character, text)
    return text


def plain_column(texts: pa.Array) -> pa.Array:
    """The same for many texts."""
    escaped = pc.or_(pc.match_substring(texts, "&"), pc.match_substring(texts, "_x"))
    if not pc.any(escaped).as_py():
        return texts
    spelt = [plain(text) for text in texts.filter(escaped).to_pylist()]
    return pc.replace_with_mask(texts, escaped, text_array(spelt))


def _character(escape: re.Match[str]) -> str:
    spelt = escape[1]
    if spelt is None:
        return _NAMED[escape[2]]
    code = int(spelt[1:], 16) if spelt[0] == "x" else int(spelt)
    return "" if code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)


def texts_in(prefix: str) -> Callable[[str], str]:
    """What joins the texts of a cell or a shared string, its furigana left out."""
    p = prefix
    phonetic = re.compile(rf"<{p}rPh\b.*?</{p}rPh\s*>", re.DOTALL)
    texts = re.compile(rf"<{p}t(?:\s[^>]*)?>(.*?)</{p}t\s*>", re.DOTALL)
    return lambda content: "".join(map(plain, texts.findall(phonetic.sub("", content))))


def find_tags(data: Bytes, tags: Positions, name: bytes) -> Positions:
    """Which of the tags that begin here have this name."""
    tags = tags[: np.searchsorted(tags, len(data) - len(name) - 1)]
    for offset, sign in enumerate(name, 1):
        tags = tags[data[tags + offset] == sign]
    return tags[_ENDS_A_NAME[data[tags + len(name) + 1]]]


def spans_from(data: bytes, starts: Positions) -> pa.Array:
    """The pieces that begin at these positions, each up to the next, without a copy."""
    offsets = np.append(starts, len(data)).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary(), len(starts), buffers)


def as_texts(spelt: pa.Array) -> pa.Array:
    """Bytes as the texts that they are; raises `BrokenWorkbook`."""
    try:
        return spelt.cast(pa.string())
    except pa.ArrowInvalid:
        raise BrokenWorkbook from None


def decode(content: bytes) -> str:
    """Bytes as the text that they are; raises `BrokenWorkbook`."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BrokenWorkbook from None
