"""What is allowed in a definition and hardly meant; with exports, what the data does not hold."""
