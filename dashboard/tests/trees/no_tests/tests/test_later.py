"""Tests are to come."""
