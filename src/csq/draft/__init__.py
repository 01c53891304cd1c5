"""A first definition for exports nobody has described: what is recognised, what is only guessed."""
