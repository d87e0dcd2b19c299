"""The files that come with inglenook: the example configuration, its rules, the deployment files."""

from importlib.resources import files
from pathlib import Path
from typing import Final

_CHECKOUT: Final = Path(__file__).parents[3]


def shipped(name: str) -> Path:
    """Return the path of a shipped file or folder, like ``config.example.yaml`` or ``rules``.

    In an installed package they lie under ``inglenook/data``; a checkout has them at its root.
    """
    installed = Path(str(files("inglenook") / "data" / name))
    return installed if installed.exists() else _CHECKOUT / name
