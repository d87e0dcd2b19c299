"""Short ways to write template entities in tests."""


def block(platform: str, keys: str) -> str:
    """Return a list of one block with one entity called X."""
    return f"[{{{platform}: {{name: X, {keys}}}}}]"


def record(**data: str) -> str:
    """Return actions that note ``data``."""
    shown = ", ".join(f"{key}: '{value}'" for key, value in data.items())
    return f"{{action: test.record, data: {{{shown}}}}}"
