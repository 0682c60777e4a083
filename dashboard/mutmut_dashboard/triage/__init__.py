"""Decisions of people about undetected mutants: the file they live in, and what they still mean."""
