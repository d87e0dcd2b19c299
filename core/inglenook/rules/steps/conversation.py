"""The step that answers whoever said something: ``set_conversation_response:``."""

from typing import Any, Final

import voluptuous as vol

from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, template


def _answer(value: Any) -> str | None:
    return None if value is None else template(value)


SHAPE: Final = Shape({vol.Required("set_conversation_response"): _answer})


def compile_conversation(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step: the run's answer becomes the rendered text, or none for null."""
    text = config["set_conversation_response"]
    answer = None if text is None else compiler.template(text)

    def respond(run: Run) -> None:
        run.root.conversation_response = None if answer is None else answer.render_text(run.variables)

    return respond


KIND: Final = ActionKind(lambda _: SHAPE, compile_conversation)
