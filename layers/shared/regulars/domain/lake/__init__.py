"""The lake as the rules know it: its tables and columns, and SQL as trees."""
