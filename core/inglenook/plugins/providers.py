"""Who would offer a service that nobody offers: one place that knows, for a run that fails and a check before it."""

from functools import cached_property
from typing import Final

from inglenook.home import Home
from inglenook.plugins.finder import find_plugins, find_sections
from inglenook.plugins.manager import PluginManager, PluginState

_DOMAINS: Final = {  # domains that several integrations serve
    "ai_task": "brings a language model",
    "assist_satellite": "brings a voice satellite",
    "conversation": "understands sentences",
    "image_processing": "looks at pictures",
    "stt": "turns speech into text",
    "wake_word": "listens for a word",
}
_NOTIFIERS: Final = ("mobile_app", "alexa_media")  # integrations whose services of notify begin with their names
_SAY: Final = "_say"  # the end of the names of services that speak, before tts.speak
_ENDED: Final = frozenset({PluginState.FAILED, PluginState.QUARANTINED, PluginState.ENDED})


class Providers:
    """Called with a service that nobody offers, says what would offer it, and whether that is to be had.

    Args:
        home: the home.
        plugins: those of the home.
    """

    def __init__(self, home: Home, plugins: PluginManager) -> None:
        self._home = home
        self._plugins = plugins

    def __call__(self, domain: str, name: str) -> str:
        """Return a sentence without capital and full stop; none for a name that nothing in its domain looks like."""
        if domain == "notify":
            return self._notifier(name)
        if domain == "tts" and name.endswith(_SAY):
            voice = self._integration(name.removesuffix(_SAY))
            return f"{voice}; tts.speak says the same through an entity of tts"
        plugin = self._plugins.plugins.get(domain)
        if plugin is not None and plugin.state in _ENDED:
            return f"the plugin {domain} does not run: {plugin.problem or plugin.state.value}"
        if plugin is not None or any(service.domain == domain for service in self._home.services.all()):
            return ""
        if domain in self._sections:
            return f"it comes with the key {domain}:, which the configuration does not have"
        if domain in _DOMAINS:
            return f"it takes an integration that {_DOMAINS[domain]}, and no plugin here does"
        return self._integration(domain)

    def _notifier(self, name: str) -> str:
        for integration in _NOTIFIERS:
            if name.startswith(integration):
                return self._integration(integration)
        return f"no plugin here offers it, and no group under notify: is called {name}"

    def _integration(self, name: str) -> str:
        if name in self._installed and name not in self._plugins.plugins:
            return f"it comes with the plugin {name}, which is installed: name it under plugins:"
        return f"it comes with the integration {name}, for which no plugin is installed here"

    @cached_property
    def _installed(self) -> frozenset[str]:
        return frozenset(find_plugins(self._home.settings.config_dir))

    @cached_property
    def _sections(self) -> frozenset[str]:
        return frozenset(find_sections())
