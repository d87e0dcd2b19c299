"""Names and the ids that are made of them."""

from collections.abc import Callable

from slugify import slugify as _slugify


def slugify(text: str, separator: str = "_") -> str:
    """Return ``text`` as ``a-z0-9_``, transliterated: all else is one separator, and ``unknown`` if nothing is left."""
    if not text:
        return ""
    words = text.replace("_", " ").replace("-", " ")
    if words.isascii() and words.replace(" ", "").isalnum():  # as most names, and the library takes long
        return separator.join(words.lower().split())
    return _slugify(text, separator=separator) or "unknown"


def first_free(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return ``name``, or ``name`` with the first of ``_2``, ``_3`` … that is not taken."""
    free, number = name, 2
    while is_taken(free):
        free, number = f"{name}_{number}", number + 1
    return free


def folded(name: str) -> str:
    """Return what two names have in common that are the same to a person: case and spaces aside."""
    return name.casefold().replace(" ", "")
