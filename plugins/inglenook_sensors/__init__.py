"""Sensors that are made of other entities, of the time or of chance, and what keeps a room warm with a switch.

Each module is the platform that bears its name, ``sensor: [{platform: min_max, …}]``, or the key of its own, by the
doors that any plugin has. ``items``, ``following`` and ``numbers`` hold what they share.
"""
