"""What functions do with input they cannot use: answer with the default, or say what came."""

from typing import Any, Final, NoReturn

NO_DEFAULT: Final[Any] = object()


def default_or_raise(default: Any, function: str, value: Any) -> Any:
    """Return ``default`` if one was given.

    Raises:
        ValueError: none was.
    """
    if default is NO_DEFAULT:
        refuse(function, value)
    return default


def refuse(function: str, value: Any) -> NoReturn:
    """Say that ``function`` got something it cannot use.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{function} got {value!r}, which it cannot use, and no default was given")
