"""Steps: one module a kind of action."""
