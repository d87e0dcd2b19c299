"""A template in one line, for messages."""


def excerpt(text: str, length: int = 120) -> str:
    """Return ``text`` in one line, cut to ``length`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
