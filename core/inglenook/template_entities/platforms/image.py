"""Template images."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from inglenook.config.values import boolean
from inglenook.entities import Image
from inglenook.model import State
from inglenook.rules.shape import template
from inglenook.template_entities.fields import Field, FieldEntity
from inglenook.template_entities.grammar import Platform
from inglenook.template_entities.results import Results


def _url(result: Any) -> str:
    address = str(result)
    if not address.startswith(("http://", "https://")):
        raise ValueError("expected an address with http:// or https://")
    return address


class TemplateImage(FieldEntity, Image):
    """The picture at an address. Its state is when the address last changed; a client fetches the picture itself.

    Attributes:
        url: the address.
    """

    FIELDS: ClassVar[Mapping[str, Field]] = {"url": Field("url", _url)}
    TEMPLATES = ("url",)
    STATE = "url"
    AS_TEXT = FieldEntity.AS_TEXT | {"url"}

    url: str | None = None

    def apply(self, found: Results) -> None:
        """Take the address, and the moment if it is another one."""
        before = self.url
        super().apply(found)
        if self.url != before:
            self.state = None if self.url is None else self.clock.utc().isoformat()
        if self.url is not None:
            self.extra_attributes = {"entity_picture": self.url, **self.extra_attributes}

    def recall(self, last: State) -> None:
        """Show the picture that it last showed."""
        self.state = last.state
        self.url = last.attributes.get("entity_picture")


IMAGE: Final = Platform(
    TemplateImage, {vol.Required("url"): template, vol.Optional("verify_ssl", default=True): boolean}
)
