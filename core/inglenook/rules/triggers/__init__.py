"""Triggers: one module a kind."""
