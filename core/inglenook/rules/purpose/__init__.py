"""Purpose-specific triggers and conditions, like ``light.turned_on`` and ``door.is_open``: tables and mechanisms."""
