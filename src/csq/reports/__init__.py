"""One prepared view, and one file for each way of drawing it."""
