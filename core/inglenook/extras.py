"""What an optional part needs is an extra of the package: the command that installs one for this very Python."""

import sys
from pathlib import Path
from typing import Final

DISCOVERY: Final = "discovery"
TLS: Final = "tls"

_CHECKOUT: Final = Path(__file__).parents[2]


def install_command(extra: str) -> str:
    """Return what a person types to install ``extra``: ``pip install 'inglenook[tls]'``.

    In a virtual environment it is that environment's ``pip``; in a clone the package is the clone, wherever that lies.
    """
    is_clone = (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "core").is_dir()
    pip = str(Path(sys.prefix) / "bin" / "pip") if sys.prefix != sys.base_prefix else "pip"
    package = f"-e '{_CHECKOUT}[{extra}]'" if is_clone else f"'inglenook[{extra}]'"
    return f"{pip} install {package}"
