"""How a text file is encoded, decided on all of it, and its text as UTF-8."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from csq.errors import IntakeError, Place
from csq.problems.files import BROKEN_ENCODING, CUT_OFF, UNKNOWN_ENCODING

BLOCK = 1 << 22
"""How many bytes of a file are read at a time."""
_LINES_WEIGHED = 10_000
CHINESE, WESTERN = ("gb18030", "big5hkscs"), ("cp1252",)
"""Encodings without a mark, the likeliest first."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # The mark of UTF-16 is the first half of this one.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(path: Path, head: bytes, place: Place) -> str | None:
    """The encoding by its mark, or UTF-8 if the whole file is valid; `None` where it is neither.

    A sample cannot decide: one row of Chinese may stand behind megabytes of ASCII.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark) and (encoding != "utf-8-sig" or _is_utf8(path)):
            return encoding
    if b"\0" in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if max(odd, even) * 5 > len(head) // 2 and not min(odd, even):
            return "utf-16-le" if odd else "utf-16-be"
    if _is_utf8(path):
        return "utf-8"
    if _is_mostly_utf8(path):
        is_cut = ends_within_character(path, "utf-8")
        raise IntakeError((CUT_OFF if is_cut else BROKEN_ENCODING).at(place))
    return None


def is_decodable(path: Path, encoding: str) -> bool:
    """Whether all of a file is text in an encoding."""
    if encoding in {"utf-8", "utf-8-sig"}:
        return _is_utf8(path)
    try:
        for _ in decoded(path, encoding):
            pass
    except UnicodeError:
        return False
    return True


def ends_within_character(path: Path, encoding: str) -> bool:
    """Whether all of a file is in an encoding but for its end, in the middle of a character."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                decoder.decode(block)
    except UnicodeError:
        return False
    return bool(decoder.getstate()[0])


def decoded(path: Path, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8, a piece at a time, without its mark; raises `UnicodeError`."""
    with path.open("rb") as stream:
        if encoding in {"utf-8", "utf-8-sig"}:
            # Files that were joined or saved twice begin with more than one mark.
            block = re.sub(rb"^(?:\xef\xbb\xbf)+", b"", stream.read(BLOCK))
            while block:
                yield block
                block = stream.read(BLOCK)
            return
        decoder = codecs.getincrementaldecoder(encoding)()
        while block := stream.read(BLOCK):
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()


def is_western(path: Path) -> bool:
    """Whether most bytes beyond ASCII stand alone among letters, as they do in Western text."""
    alone = runs = 0
    with path.open("rb") as stream:
        while runs < _LINES_WEIGHED and (block := stream.read(BLOCK)):
            is_beyond = np.frombuffer(block, np.uint8) > 0x7F
            begins = is_beyond & ~np.append(False, is_beyond[:-1])
            ends = is_beyond & ~np.append(is_beyond[1:], False)
            runs += int(np.count_nonzero(begins))
            alone += int(np.count_nonzero(begins & ends))
    return alone * 2 > runs


def _is_mostly_utf8(path: Path) -> bool:
    """Whether a file that is not valid UTF-8 is nevertheless no other encoding: damaged, or mixed.

    In a file of another encoding hardly a line beyond ASCII is UTF-8 by chance.
    """
    fitting = others = 0
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                try:
                    line.decode()
                    fitting += 1
                except UnicodeDecodeError:
                    others += 1
            if fitting + others >= _LINES_WEIGHED:
                break
    return fitting > others


def _is_utf8(path: Path) -> bool:
    """Validated in blocks that end with a line: no character of UTF-8 spans a line end."""
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            first, last = block.find(b"\n") + 1, block.rfind(b"\n") + 1
            if not first:
                rest += block
            elif is_valid(rest + block[:first]) and is_valid(block[first:last]):
                rest = block[last:]
            else:
                return False
    return is_valid(rest)


def is_valid(content: bytes) -> bool:
    """Whether bytes are UTF-8. Arrow checks them in place, several times faster than decoding."""
    ends = (0).to_bytes(4, sys.byteorder) + len(content).to_bytes(4, sys.byteorder)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(content)]
    try:
        pa.Array.from_buffers(pa.binary(), 1, buffers).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def decode_head(head: bytes, encoding: str, place: Place) -> str:
    """As much of the head as decodes; a fault at its cut end does not count."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        return decoder.decode(head, final=False).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise IntakeError(UNKNOWN_ENCODING.at(place)) from None
