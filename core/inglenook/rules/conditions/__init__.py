"""Conditions: one module a kind."""
