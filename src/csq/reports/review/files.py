"""The files a review consists of."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from csq.reports.csv import write_csv
from csq.reports.review.page import draw_review_page
from csq.reports.review.sheets import file_name
from csq.reports.review.view import make_document
from csq.reports.review.workbook import draw_review_workbook
from csq.review.facts import Review
from csq.wording import Language


def draw_files(
    review: Review,
    language: Language,
    templates: Path | None,
    formats: Collection[str],
) -> dict[str, bytes]:
    """Each file by its name; the names tell the period. Rows too many go with the workbook."""
    document = make_document(review, language)
    files: dict[str, bytes] = {}
    if "html" in formats:
        files[file_name(review, ".html")] = draw_review_page(document, templates).encode()
    if "xlsx" not in formats:
        return files
    files[file_name(review, ".xlsx")] = draw_review_workbook(document)
    for sheet in document.sheets:
        if not sheet.fits:
            header = [column.title for column in sheet.columns]
            files[sheet.file_name] = write_csv(header, sheet.rows)
    return files
