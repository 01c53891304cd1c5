"""Arguments in, exit code out: one file a family of commands."""
