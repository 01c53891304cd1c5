"""The formula language: grammar, types, compilation to query trees."""
