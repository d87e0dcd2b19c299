"""What became of the home's entities: their past states, who caused them, and what numbers they come to."""

from inglenook.history.memory import MemoryHistory
from inglenook.history.rows import Change, Happening, History, Row, RunStart

__all__ = ["Change", "Happening", "History", "MemoryHistory", "Row", "RunStart"]
