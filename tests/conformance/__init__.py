"""What the original did, recorded, and a runner that asks this engine for the same."""
