"""An entity that writes down what it is told, whatever its domain."""

from collections.abc import Mapping
from typing import Any

from inglenook.entities import register_domains
from inglenook.entity import Entity
from inglenook.home import Home
from inglenook.model import Context

Told = list[tuple[str, dict[str, Any]]]


class Recorder(Entity):
    """Stands for a device: of any domain, writes down what it is told."""

    def __init__(self, domain: str, features: int, state: str, capabilities: Mapping[str, Any]) -> None:
        self.domain = domain  # type: ignore[misc]  # a device's entity has its domain from the description
        self.name = "it"
        self.supported_features = features
        self.state = state
        self.capabilities = {k: v for k, v in capabilities.items() if k not in ("brightness", "percentage")}
        self.attributes = {k: v for k, v in capabilities.items() if k in ("brightness", "percentage")}
        self.told: Told = []

    def perform(self, service: str, data: Mapping[str, Any], context: Context) -> None:
        self.told.append((service, dict(data)))


async def tell(
    home: Home, call: str, data: dict[str, Any], features: int, state: str, known: Mapping[str, Any]
) -> Told:
    register_domains(home)
    domain, _, service = call.partition(".")
    recorder = Recorder(domain, features, state, known)
    home.entities.add(recorder, "test")
    await home.services.call(domain, service, {"entity_id": f"{domain}.it", **data})
    return recorder.told
