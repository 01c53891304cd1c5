"""Makes the example exports; `examples/generate.py` runs it."""
