"""Which format a file is in, as the end of its name says.

They stand apart from the readers, since what a reader needs is imported when a file asks for it.
"""

TEXT = (".csv", ".tsv", ".txt")
WORKBOOK = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")
PARQUET = (".parquet",)
