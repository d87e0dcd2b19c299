"""The ``inglenook`` command."""


def main() -> None:
    """Run the command."""
