"""The rooms of the workflow analytics engine: exact numbers in one half, the SQLite store in the other."""
