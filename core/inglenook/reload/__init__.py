"""Hot reload of the rule files: what is saved is live."""

from inglenook.reload.reloader import Reload, Reloader

__all__ = ["Reload", "Reloader"]
