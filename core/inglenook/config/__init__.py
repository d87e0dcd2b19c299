"""Configuration: YAML that knows where each value stands, and the schemas it must fit."""
