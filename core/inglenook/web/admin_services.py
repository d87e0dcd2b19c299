"""Services that change the home itself: only who looks after it may call them."""

from typing import Final

_OF_THE_HOME: Final = frozenset(
    {
        ("homeassistant", "restart"),
        ("homeassistant", "stop"),
        ("homeassistant", "set_location"),
        ("homeassistant", "check_config"),
        ("homeassistant", "save_persistent_states"),
        ("system_log", "clear"),
        ("logger", "set_default_level"),
        ("logger", "set_level"),
        ("frontend", "set_theme"),
        ("recorder", "purge"),
        ("recorder", "purge_entities"),
        ("recorder", "enable"),
        ("recorder", "disable"),
    }
)


def asks_for_admin(domain: str, service: str) -> bool:
    """True when ``domain.service`` is for admins alone: it stops, moves or reads the home anew, or silences its log."""
    return service.startswith("reload") or (domain, service) in _OF_THE_HOME
