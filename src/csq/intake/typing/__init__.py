"""Text columns to typed columns, and which rows that refuses, as query trees."""
