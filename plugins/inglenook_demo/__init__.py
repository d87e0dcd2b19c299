"""The demo plugin: a simulated home."""
