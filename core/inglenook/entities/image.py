"""Images: a picture that something shows, like the last one of a doorbell."""

from typing import Final

from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import DomainEntity
from inglenook.entities.fields import word


class Image(DomainEntity):
    """A picture. The state is the ISO time when it last changed. An author writes ``snapshot(filename)``."""

    domain = "image"

    def changed(self) -> None:
        """Say that the picture is another one from now on."""
        self.state = self.clock.utc().isoformat()
        self.write()


IMAGE: Final = Domain(
    "image",
    Image,
    (DomainService("snapshot", "Write the picture to a file.", (word("filename", "The file.", required=True),)),),
)
