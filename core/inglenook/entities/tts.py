"""Text to speech: entities that speak through a media player."""

from typing import Final

from inglenook.entities.domain import Domain, DomainService
from inglenook.entities.domain_entity import DomainEntity
from inglenook.entities.fields import entity_of, flag, mapping, word


class TextToSpeech(DomainEntity):
    """A voice. An author writes ``speak(media_player_entity_id, message, **rest)``; the state is when it last spoke."""

    domain = "tts"


TTS: Final = Domain(
    "tts",
    TextToSpeech,
    (
        DomainService(
            "speak",
            "Say something through media players.",
            (
                entity_of("media_player_entity_id", "media_player", "Where.", required=True),
                word("message", "What to say.", required=True),
                flag("cache", "Whether to keep what was spoken.", default=True),
                word("language", "The language, like en or en-GB."),
                mapping("options", "What else the voice understands."),
            ),
            is_stamped=True,
        ),
    ),
)
