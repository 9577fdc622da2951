"""The rule language: its nodes, the one table of comparisons and operations, the one fold."""
