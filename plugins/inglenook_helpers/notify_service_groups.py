"""``notify:`` with ``platform: group`` and ``services``: a service that tells several others the same."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, ServiceCall, slugify
from inglenook.values import ensure_list, shown, slug, string
from inglenook_helpers.schemas import Config, mapping

NOTIFY: Final = "notify"
_MESSAGE: Final = vol.Schema(
    {vol.Required("message"): string, "title": string, "target": object, "data": vol.All(mapping, dict)}
)
_FIELDS: Final[Mapping[str, Any]] = {
    "message": {"required": True, "selector": {"text": {}}},
    "title": {"required": False, "selector": {"text": {}}},
    "data": {"required": False, "selector": {"object": {}}},
}


def _member(value: Any) -> Config:
    """Return the name of a service of ``notify``, and what it is told beside the message."""
    member = _MEMBER(value)
    if ("action" in member) == ("service" in member):
        raise vol.Invalid(f"expected action, the name of a service of notify; got {shown(value)}")
    return {"action": member.get("action") or member["service"], "data": member["data"]}


def _service(value: Any) -> str:
    return slug(string(value).removeprefix(f"{NOTIFY}."))


_MEMBER: Final = vol.Schema(
    {"action": _service, "service": _service, vol.Optional("data", default=dict): vol.All(mapping, dict)}
)
_SERVICES: Final = vol.Schema(
    {
        vol.Required("platform"): "group",
        vol.Required("name"): string,
        vol.Required("services"): vol.All(
            ensure_list, [_member], vol.Length(min=1, msg="expected one service or more")
        ),
    }
)


def service_group(of_entities: vol.Schema) -> Callable[[Any], Config]:
    """Return a validator of a group of services, or else of entities."""

    def validate(value: Any) -> Config:
        settings: Config = (_SERVICES if isinstance(value, dict) and "services" in value else of_entities)(value)
        return settings

    return validate


def is_of_services(item: Config) -> bool:
    """True for the settings of a group of services."""
    return "services" in item


def offered_services(items: Iterable[Config]) -> list[str]:
    """Return the services that ``items`` make, each as ``notify.NAME``."""
    return [f"{NOTIFY}.{slugify(item['name'])}" for item in items if is_of_services(item)]


class NotifyServiceGroups:
    """The groups of services of the configuration."""

    def __init__(self, home: Home, scope: PluginScope) -> None:
        self._services = home.services
        self._scope = scope
        self._there: dict[str, list[Config]] = {}

    def bring(self, items: Sequence[Config]) -> None:
        """Offer exactly ``items``. One that would come to itself is left out, as is one whose name is taken."""
        wanted = {slugify(item["name"]): item["services"] for item in items}
        for name in [name for name in self._there if wanted.get(name) != self._there[name]]:
            self._services.remove(NOTIFY, name)
            del self._there[name]
        for name, members in wanted.items():
            if name not in self._there and self._may_offer(name, wanted):
                self._there[name] = members
                self._scope.register_service(
                    NOTIFY, name, self._sender(members), _MESSAGE, fields=_FIELDS, has_target=False
                )

    def _may_offer(self, name: str, wanted: Mapping[str, Sequence[Config]]) -> bool:
        """Return whether a group can be offered; why it cannot is logged."""
        if _comes_to_itself(name, wanted):
            self._scope.log.error("%s.%s would tell itself; the group is left out", NOTIFY, name)
        elif self._services.has(NOTIFY, name):
            self._scope.log.error("%s.%s is there already; the group of this name is left out", NOTIFY, name)
        else:
            return True
        return False

    def _sender(self, members: Sequence[Config]) -> Callable[[ServiceCall], Any]:
        async def send(call: ServiceCall) -> None:
            calls = (
                self._services.call(NOTIFY, member["action"], _merged(member["data"], call.data), context=call.context)
                for member in members
            )
            for outcome in await asyncio.gather(*calls, return_exceptions=True):
                if isinstance(outcome, BaseException):  # all others have been told
                    raise outcome

        return send


def _comes_to_itself(name: str, groups: Mapping[str, Sequence[Config]]) -> bool:
    """Return whether a group is a member of itself, or of one of its members, however far down."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        for member in groups.get(ahead.pop(), ()):
            if member["action"] == name:
                return True
            if member["action"] not in seen:
                seen.add(member["action"])
                ahead.append(member["action"])
    return False


def _merged(own: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a call says with what a member is told beside it; the call goes before it."""
    merged = {**own, **said}
    for key, value in said.items():
        if isinstance(value, Mapping) and isinstance(own.get(key), Mapping):
            merged[key] = _merged(own[key], value)
    return merged
