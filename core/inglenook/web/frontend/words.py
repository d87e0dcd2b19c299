"""The words and icons of entities and services that the frontend shows, in English; ``words.json`` is their table.

The table has for each domain: ``name``, ``icon``, ``states``, ``attributes`` and ``classes`` (by device class) with the
same keys again, and ``services``. An icon stands behind a bar: ``Open|mdi:door-open``. What a service's fields are is
known from the service itself.
"""

from collections.abc import Iterator, Mapping, Set
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from inglenook.home import Home
from inglenook.services import Service
from inglenook.web.service_fields import form_of

ISSUE_DOMAIN: Final = "inglenook"
ISSUE_KEY: Final = "configuration"
_ISSUE: Final = {
    "title": "The configuration says something that is wrong or seldom meant",
    "description": "{message}",
}
_ENERGY_ISSUES: Final = {
    "entity_negative_state": ("Below zero", "What is counted here never is:"),
    "entity_not_defined": ("Entity not found", "The home has no such entity:"),
    "entity_state_non_numeric": ("Not a number", "The state of these entities is no number:"),
    "entity_unavailable": ("Unavailable", "These entities have no value at the moment:"),
}
_MFA_SETUP: Final = {
    "step.init.title": "Log in with a code, too",
    "step.init.description": "Scan this with the authenticator app on your phone:\n\n{qr_code}\n\n"
    "Or type this secret into it: **`{code}`**\n\nThen enter the six digits that it shows.",
    "step.init.data.code": "Code",
    "error.invalid_code": "That is not the code of this moment. Is the clock of your phone right?",
}
_ANY_CLASS: Final = "_"
_ABBREVIATIONS: Final = {
    "hs": "HS", "hvac": "HVAC", "id": "ID", "rgb": "RGB", "rgbw": "RGBW", "rgbww": "RGBWW", "ttl": "TTL", "tts": "TTS",
    "url": "URL", "xy": "XY", "pct": "per cent",
}  # fmt: skip


def translations_of(home: Home, category: str, wanted: Set[str] | None) -> dict[str, str]:
    """Return the words of ``category``, like ``entity_component`` or ``services``, by their dotted keys.

    ``wanted`` are the integrations whose words are asked for; None for all.
    """
    if category == "entity_component":
        found = _entity_words()
    elif category == "services":
        found = _service_words(home)
    elif category == "title":
        found = {domain: {f"component.{domain}.title": title_of(domain)} for domain in _known(home)}
    elif category == "issues":
        found = _issue_words()
    elif category == "mfa_setup":
        found = {"auth": {f"component.auth.mfa_setup.totp.{key}": text for key, text in _MFA_SETUP.items()}}
    else:
        found = {}
    parts = [words for domain, words in found.items() if wanted is None or domain in wanted]
    return {key: text for words in parts for key, text in words.items()}


def _issue_words() -> dict[str, dict[str, str]]:
    head = f"component.{ISSUE_DOMAIN}.issues.{ISSUE_KEY}"
    found = {ISSUE_DOMAIN: {f"{head}.{name}": text for name, text in _ISSUE.items()}, "energy": {}}
    for kind, (title, description) in _ENERGY_ISSUES.items():
        head = f"component.energy.issues.{kind}"
        found["energy"] |= {f"{head}.title": title, f"{head}.description": description}
    return found


def icons_of(home: Home, category: str, wanted: Set[str] | None) -> dict[str, Any]:
    """Return the icons of ``category``, ``entity_component`` or ``services``, by domain; ``wanted`` as above."""
    if category == "entity_component":
        found = _entity_icons()
    elif category == "services":
        found = _service_icons(home)
    else:
        found = {}
    return {domain: icons for domain, icons in found.items() if wanted is None or domain in wanted}


def title_of(domain: str) -> str:
    """Return what people call a domain."""
    about = table().get(domain, {})
    title: str = about.get("title") or about.get("name") or humanized(domain)
    return title


def humanized(name: str) -> str:
    """Return a word of programs as people write it: ``set_hvac_mode`` is ``Set HVAC mode``."""
    words = [_ABBREVIATIONS.get(word, word) for word in name.split("_") if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


@cache
def table() -> dict[str, dict[str, Any]]:
    """Return what ``words.json`` says of each domain; nobody changes it."""
    text = files("inglenook.web.frontend").joinpath("words.json").read_bytes()
    found: dict[str, dict[str, Any]] = msgspec.json.decode(text)
    for about in found.values():
        if "classes_of" in about:
            about["classes"] = found[about["classes_of"]]["classes"]
    return found


def _known(home: Home) -> list[str]:
    services = {service.domain for service in home.services.all()}
    platforms = {entry.platform for entry in home.registry.entities}
    return sorted({*table(), *services, *platforms, *home.states.domains()})


# -- entities -------------------------------------------------------------------------------------------------------


@cache
def _entity_words() -> dict[str, dict[str, str]]:
    return {domain: dict(_words_of(domain)) for domain in table()}


def _words_of(domain: str) -> Iterator[tuple[str, str]]:
    yield f"component.{domain}.title", title_of(domain)  # dashboards ask for no category that has it
    for device_class, about in _classes(domain):
        head = f"component.{domain}.entity_component.{device_class}"
        if "name" in about:
            yield f"{head}.name", about["name"]
        for state, given in about.get("states", {}).items():
            yield f"{head}.state.{state}", _text(given)
        for attribute, more in about.get("attributes", {}).items():
            inner = f"{head}.state_attributes.{attribute}"
            yield f"{inner}.name", more["name"]
            for state, given in more.get("states", {}).items():
                yield f"{inner}.state.{state}", _text(given)


@cache
def _entity_icons() -> dict[str, Any]:
    found = {}
    for domain in table():
        icons = {name: made for name, about in _classes(domain) if (made := _icons(about))}
        if icons:
            found[domain] = icons
    return found


def _icons(about: Mapping[str, Any]) -> dict[str, Any]:
    icons: dict[str, Any] = {}
    if "icon" in about:
        icons["default"] = about["icon"]
    states = {state: icon for state, given in about.get("states", {}).items() if (icon := _icon(given))}
    if states:
        icons["state"] = states
    attributes = {name: made for name, more in about.get("attributes", {}).items() if (made := _icons(more))}
    if attributes:
        icons["state_attributes"] = attributes
    return icons


def _classes(domain: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    about = table()[domain]
    yield _ANY_CLASS, about
    yield from about.get("classes", {}).items()


# -- services -------------------------------------------------------------------------------------------------------


def _service_words(home: Home) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for service in home.services.all():
        found.setdefault(service.domain, {}).update(_words_of_service(service))
    return found


def _words_of_service(service: Service) -> Iterator[tuple[str, str]]:
    head = f"component.{service.domain}.services.{service.name}"
    yield f"{head}.name", humanized(service.name)
    yield f"{head}.description", _text(_about_service(service)) or "Does what the integration says."
    for name, field in form_of(service, frozenset())["fields"].items():
        yield f"{head}.fields.{name}.name", humanized(name)
        if isinstance(field, Mapping) and isinstance(field.get("description"), str):
            yield f"{head}.fields.{name}.description", field["description"]


def _service_icons(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for service in home.services.all():
        icon = _icon(_about_service(service)) or table().get(service.domain, {}).get("icon")
        if icon:
            found.setdefault(service.domain, {})[service.name] = {"service": icon}
    return found


def _about_service(service: Service) -> str:
    about: str = table().get(service.domain, {}).get("services", {}).get(service.name, "")
    if not about and service.name == "reload":
        return "Reads what the configuration says of it again.|mdi:reload"
    return about


def _text(given: str) -> str:
    return given.partition("|")[0]


def _icon(given: str) -> str:
    return given.partition("|")[2]
