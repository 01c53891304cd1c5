"""Exports in the engine: their rows typed, counted once and weighed against each other."""
