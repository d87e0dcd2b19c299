"""The step that turns a scene on: ``scene: scene.evening``."""

from collections.abc import Awaitable
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import entity_domain
from inglenook.model import Target
from inglenook.rules.kinds import Action, ActionKind, Compiler, Config
from inglenook.rules.run import Run
from inglenook.rules.shape import Shape, anything

SHAPE: Final = Shape({vol.Required("scene"): entity_domain("scene"), "metadata": anything})


def compile_scene(config: Config, compiler: Compiler, path: str) -> Action:
    """Return the step: a call of ``scene.turn_on``."""
    services, target = compiler.home.services, Target((config["scene"],))

    def turn_on(run: Run) -> Awaitable[None] | None:
        result: Any = services.start("scene", "turn_on", target=target, context=run.context)
        return _whole(result) if isinstance(result, Awaitable) else None

    return turn_on


async def _whole(result: Awaitable[Any]) -> None:
    await result


KIND: Final = ActionKind(lambda _: SHAPE, compile_scene)
