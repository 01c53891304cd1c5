"""How the exports of common systems are headed: one table a system, each with its source."""
