"""Files as text rows: one file a format."""
