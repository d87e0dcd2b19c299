"""The version of inglenook, and that of Home Assistant's API which its clients read, in one place."""

__version__ = "0.1.0"

# Clients take this for a version of Home Assistant and choose by it what they send; it names the API that is spoken.
HA_VERSION = "2026.11.0"
