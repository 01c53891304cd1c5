"""Where rows are put and queries run: a small seam, one file an engine."""
