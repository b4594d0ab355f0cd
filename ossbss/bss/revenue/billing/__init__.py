"""Bills: what a contract owes for a period, line by line."""
