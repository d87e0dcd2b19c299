"""Plain scalars: what an unquoted word of YAML 1.1 means, exactly as PyYAML's safe loader has it."""

from collections.abc import Callable
from typing import Any, Final

from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

MAX_DIGITS: Final = 400  # of a number; longer ones cost quadratic time and mean nothing in a home

TAG: Final = "tag:yaml.org,2002:"
MERGE: Final = object()  # the value of the key ``<<``


class ScalarError(ValueError):
    """A scalar that is no value of its type; the message says what came and what was expected."""


_resolver: Final[Any] = Resolver()
_constructor: Final = SafeConstructor()
_CONSTRUCT: Final[dict[str, Callable[[ScalarNode], Any]]] = {
    f"{TAG}null": _constructor.construct_yaml_null,
    f"{TAG}bool": _constructor.construct_yaml_bool,
    f"{TAG}int": _constructor.construct_yaml_int,
    f"{TAG}float": _constructor.construct_yaml_float,
    f"{TAG}timestamp": _constructor.construct_yaml_timestamp,
    f"{TAG}str": lambda node: node.value,
    f"{TAG}value": lambda node: node.value,
}
_FIRST_CHARACTERS: Final = frozenset(Resolver.yaml_implicit_resolvers)  # any other begins plain text


def plain(text: str) -> Any:
    """Return the value of an unquoted scalar; ``MERGE`` for ``<<``, which only a key may be.

    Raises:
        ScalarError: it looks like a number or date and is none.
    """
    if text and text[0] not in _FIRST_CHARACTERS:
        return text
    if text == "<<":
        return MERGE
    return tagged(_resolver.resolve(ScalarNode, text, (True, False)), text)


def tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar with one of YAML's own tags, like ``!!str``.

    Raises:
        KeyError: the tag is none of them.
        ScalarError: the text is no value of that type.
    """
    construct = _CONSTRUCT[tag]
    kind = tag.removeprefix(TAG)
    if kind in {"int", "float"} and len(text) > MAX_DIGITS:
        raise ScalarError(
            f"expected a number of at most {MAX_DIGITS} characters, got {len(text)}; quote it if it is text"
        )
    try:
        return construct(ScalarNode(tag, text))
    except (ValueError, KeyError, AttributeError, IndexError, OverflowError, ConstructorError):
        raise ScalarError(f"{text!r} looks like a {kind} and is none; quote it if it is text") from None


def is_base_60(text: str, value: object) -> bool:
    """True when ``1:30`` was read as the number 90, which is seldom what a person meant."""
    return ":" in text and isinstance(value, int | float)
