"""The quarterly review drawn: one prepared document, a workbook and a page."""
