"""What editors write for devices: ``trigger: device`` and its like, which mean something of an entity."""
