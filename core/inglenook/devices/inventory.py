"""What one device consists of: its entry in the registry and its entities."""

from collections.abc import Mapping
from typing import Final

from inglenook.devices.entity import PLATFORM, DeviceEntity, GapSensor, SendCommand, make_entity
from inglenook.devices.surroundings import Surroundings
from inglenook.errors import ProtocolError, ServiceValidationError
from inglenook.model import Context
from inglenook.protocol import Describe, DeviceInfo, EntityDescription, Hello, Reading

MAX_NEW_ENTITIES: Final = 512  # of one device while the hub runs: each stays in the registry for good


class Inventory:
    """The entities of one device by the device's key.

    Attributes:
        info: what the device says of itself.
    """

    __slots__ = ("_around", "_device_id", "_gap_sensor", "_new_entries", "_registry_id", "_send", "entities", "info")

    def __init__(self, device_id: str, around: Surroundings, send: SendCommand) -> None:
        self.entities: dict[str, DeviceEntity] = {}
        self.info = DeviceInfo()
        self._device_id = device_id
        self._around = around
        self._send = send
        self._registry_id = ""
        self._gap_sensor: GapSensor | None = None
        self._new_entries = 0

    @property
    def name(self) -> str:
        """What the device is called."""
        return self.info.name or self._device_id

    def introduce(self, hello: Hello) -> None:
        """Note what a hello says of the device, and enter the device into the registry."""
        said = DeviceInfo(
            name=hello.name, manufacturer=hello.manufacturer, model=hello.model, firmware=hello.firmware,
            queue=self.info.queue,
        )  # fmt: skip
        self._enter(_merged(self.info, said))

    def restore(
        self, info: DeviceInfo, entities: Mapping[str, EntityDescription], values: Mapping[str, Reading]
    ) -> None:
        """Take up what a former run of the hub knew; states that were restored stand until the device reports."""
        self._enter(info)
        for key, description in entities.items():
            self._add(key, description, values.get(key), is_restored=True)

    def describe(self, frame: Describe) -> None:
        """Make the entities what ``frame`` says: what is new is added, what changed replaced, what is gone removed.

        Raises:
            ProtocolError: a description is wrong; nothing has changed then.
        """
        wanted = {key: EntityDescription.parse(key, raw) for key, raw in frame.entities.items()}
        if frame.device is not None:
            self._enter(_merged(self.info, frame.device))
        for key, entity in tuple(self.entities.items()):
            if wanted.get(key) != entity.description:
                del self.entities[key]
                self._around.entities.remove(entity.entity_id)
        for key, description in wanted.items():
            if key not in self.entities:
                self._add(key, description)

    def set_available(self, is_available: bool, entities: list[DeviceEntity], context: Context) -> None:
        """Show ``entities`` as available or not."""
        for entity in entities:
            if entity.is_available != is_available or (entity.is_restored and not is_available):
                entity.is_available = is_available
                entity.is_restored = False
                entity.write(context)

    def values(self) -> dict[str, Reading]:
        """Return what each entity last was, available or not."""
        return {
            key: Reading(entity.state, dict(entity.attributes))
            for key, entity in self.entities.items()
            if entity.state is not None
        }

    def show_gaps(self, lost: int) -> None:
        """Show how many messages the device dropped; the sensor appears with the first."""
        if self._gap_sensor is None:
            self._gap_sensor = GapSensor(self._device_id, self.name, self._registry_id, lost)
            self._around.entities.add(self._gap_sensor, PLATFORM, f"{self._device_id}_gaps")
        else:
            self._gap_sensor.state = lost
            self._gap_sensor.write()

    def _enter(self, info: DeviceInfo) -> None:
        if info == self.info and self._registry_id:
            return
        is_new_area = info.area != self.info.area
        self.info = info
        registry = self._around.registry
        entry = registry.ensure_device(
            PLATFORM, self._device_id,
            name=self.name, manufacturer=info.manufacturer, model=info.model, sw_version=info.firmware,
        )  # fmt: skip
        self._registry_id = entry.id
        if info.area and is_new_area and entry.area_id is None:  # a suggestion: a person's choice stays
            registry.devices.update(entry.id, area_id=registry.ensure_area(info.area).id)

    def _add(
        self, key: str, description: EntityDescription, value: Reading | None = None, *, is_restored: bool = False
    ) -> None:
        entity = make_entity(
            self._device_id, self.name, self._registry_id, key, description, self._send, self._around.states.set
        )
        entry = self._around.registry.entity_of(description.domain, PLATFORM, entity.unique_id or "")
        if entry is None:
            self._new_entries += 1
            if self._new_entries > MAX_NEW_ENTITIES:
                message = f"{MAX_NEW_ENTITIES} new entities came from this device already; is its description made up?"
                raise ProtocolError("too_many", message, f"entities.{key}")
        if is_restored:
            entity.restore(self._around.states.get(entry.entity_id) if entry else None, value)
        try:
            self._around.entities.add(entity, PLATFORM, f"{self._device_id}_{key}")
        except ServiceValidationError as error:
            raise ProtocolError("taken", str(error), f"entities.{key}") from error
        self.entities[key] = entity


def _merged(before: DeviceInfo, said: DeviceInfo) -> DeviceInfo:
    """Return what is known of a device after it has ``said`` something: what it left out stays."""
    return DeviceInfo(
        name=said.name or before.name,
        manufacturer=said.manufacturer or before.manufacturer,
        model=said.model or before.model,
        firmware=said.firmware or before.firmware,
        area=said.area or before.area,
        queue=said.queue,
    )
