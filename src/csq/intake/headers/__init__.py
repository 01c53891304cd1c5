"""Which kind of record an export holds, and which of its columns is which field."""
