"""Why an indicator has the value it has: every step from the exports down to the rows."""
