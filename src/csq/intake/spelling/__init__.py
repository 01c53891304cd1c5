"""How a column spells its values, decided on all its cells and never on a sample."""
