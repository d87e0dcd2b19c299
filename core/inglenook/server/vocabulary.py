"""What rules may be written with: the bundled kinds, and those that plugins bring."""

from inglenook.plugins import PluginManager
from inglenook.rules import BUNDLED, Vocabulary


def vocabulary_of(plugins: PluginManager) -> Vocabulary:
    """Return the bundled vocabulary with what ``plugins`` add; a bundled kind is not replaced."""
    return Vocabulary(
        triggers={**plugins.gather("register_triggers"), **BUNDLED.triggers},
        conditions={**plugins.gather("register_conditions"), **BUNDLED.conditions},
        actions={**BUNDLED.actions, **plugins.gather("register_actions")},
    )
