"""The shape of ``template:``: blocks of entities, with what all of them may say and what each platform adds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import voluptuous as vol

from inglenook.config.values import Validator, entity_id, shown, string
from inglenook.rules.grammar import RuleGrammar
from inglenook.rules.shape import Check, Shape, Shaped, each, named, template
from inglenook.template_entities.entity import TemplateEntity


def _attributes(value: Any) -> Any:
    """Return attributes: templates by name, or one template that gives them all."""
    if isinstance(value, Mapping):
        return {name: template(one) for name, one in named(value).items()}
    return template(value)


@dataclass(frozen=True, slots=True)
class Platform:
    """One kind of template entity.

    Attributes:
        entity: its class.
        keys: what it may say beside the keys of all.
        actions: keys that hold actions; a ``vol.Required`` must be there.
        may_be_triggered: whether it may stand in a block with triggers.
        spelled: other spellings of keys, to those in ``keys``.
        checks: what spans keys.
    """

    entity: type[TemplateEntity]
    keys: Mapping[Any, Validator]
    actions: tuple[Any, ...] = ()
    may_be_triggered: bool = True
    spelled: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()


class BlockGrammar:
    """Validates blocks.

    Args:
        rules: validates triggers, conditions and actions.
        platforms: by name.
    """

    def __init__(self, rules: RuleGrammar, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms
        common: Mapping[Any, Validator] = {
            "name": template,
            "icon": template,
            "picture": template,
            "availability": template,
            "attributes": _attributes,
            "unique_id": string,
            "default_entity_id": entity_id,
            "variables": named,
            "conditions": rules.conditions,
        }
        entities = {
            name: each(
                Shape(
                    {**common, **platform.keys, **dict.fromkeys(platform.actions, rules.actions)},
                    spelled=platform.spelled,
                    checks=platform.checks,
                )
            )
            for name, platform in platforms.items()
        }
        self._block = Shape(
            {
                "unique_id": string,
                "variables": named,
                "triggers": rules.triggers,
                "trigger_variables": named,
                "conditions": rules.conditions,
                "actions": rules.actions,
                **entities,
            },
            spelled={"trigger": "triggers", "condition": "conditions", "action": "actions"},
            checks=[self._holds_together],
        )

    def __call__(self, value: Any) -> Shaped:
        """Validate one block."""
        if not isinstance(value, Mapping):
            raise vol.Invalid(f"expected a block of template entities, got {shown(value)}")
        return self._block(value)

    def _holds_together(self, block: Shaped) -> None:
        given = [name for name in self._platforms if name in block]
        if not given:
            raise vol.Invalid(f"expected at least one of {', '.join(self._platforms)}")
        is_triggered = "triggers" in block
        if not is_triggered and (lost := [key for key in ("actions", "conditions") if key in block]):
            raise vol.Invalid("this needs triggers in the same block", [lost[0]])
        for name in given:
            if is_triggered and not self._platforms[name].may_be_triggered:
                raise vol.Invalid(f"a {name} cannot stand in a block with triggers", [name])


REQUIRED_STATE: Final[Mapping[Any, Validator]] = {vol.Required("state"): template}
STATE: Final[Mapping[Any, Validator]] = {"state": template}
