"""The helpers: what people declare in their configuration to give rules a memory, a clock or a choice.

Each module handles the key of the configuration that bears its name, by the doors that any plugin has. ``declared``
and ``schemas`` hold what they share.
"""
