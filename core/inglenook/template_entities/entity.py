"""TemplateEntity: what the template entities of every platform have in common."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Final

from inglenook.config.trees import position_of
from inglenook.entities import DomainEntity
from inglenook.errors import ServiceValidationError, TemplateError
from inglenook.model import NO_DATA, STATE_UNAVAILABLE, STATE_UNKNOWN, Context, State, new_context
from inglenook.rules.faults import located
from inglenook.rules.kinds import Condition
from inglenook.rules.run import Outcome, Run
from inglenook.rules.shape import Shaped
from inglenook.rules.tracking import Change, TemplateWatch
from inglenook.rules.workshop import Routine, Workshop
from inglenook.services import Stoppable
from inglenook.template_entities.results import Joint, Keyed, Results, compiled, rendered
from inglenook.templates import truthy

_log = logging.getLogger(__name__)

PLATFORM: Final = "template"
_ATTRIBUTE: Final = "attributes."
_SHOWN: Final = {"icon": "icon", "picture": "entity_picture", "name": "friendly_name"}


@dataclass(slots=True)
class Made:
    """How an entity is made.

    Attributes:
        config: its validated keys.
        workshop: what compiles its templates and actions.
        variables: those of its block.
        is_triggered: it changes when its block's triggers fire, not when what its templates look at changes.
        block_id: ``unique_id`` of its block.
    """

    config: Shaped
    workshop: Workshop
    variables: Mapping[str, Any] = field(default_factory=dict)
    is_triggered: bool = False
    block_id: str | None = None


class TemplateEntity(DomainEntity):
    """An entity whose fields come from templates, and whose services run actions.

    A platform's class puts it before the class of its domain and says what there is:

    Attributes:
        TEMPLATES: keys whose results :meth:`apply` gets.
        STATE: the key of the template that says what it is.
        AS_TEXT: keys whose results are the rendered text: ``1.10`` is no number there.
        ACTIONS: for each key that holds actions, the bit of the feature that these make possible.
        SHORT: for the name of one that has none.
    """

    TEMPLATES: ClassVar[tuple[str, ...]] = ("state",)
    STATE: ClassVar[str] = "state"
    AS_TEXT: ClassVar[frozenset[str]] = frozenset(_SHOWN)
    ACTIONS: ClassVar[Mapping[str, int]] = {}
    SHORT: ClassVar[str] = ""

    def __init__(self, made: Made) -> None:
        self.config = config = made.config
        self.workshop = made.workshop
        self.is_triggered = made.is_triggered
        self._block_variables = made.variables
        self._variables: Mapping[str, Any] = NO_DATA
        self._watch: TemplateWatch | None = None
        self._own_changes = 0
        self._known_capabilities: dict[str, Any] = {}
        self._routines: dict[str, Routine] = {}
        own_id = config.get("unique_id")
        self.unique_id = f"{made.block_id}-{own_id}" if made.block_id and own_id else own_id
        self._templates: Keyed = compiled(dict(self._texts()), made.workshop.templates)
        self.name = self._first_name()
        self.device_class = config.get("device_class")
        self.unit_of_measurement = config.get("unit_of_measurement")
        self._conditions: Condition | None = None

    # -- what a platform writes -----------------------------------------------------------------------------------

    def apply(self, found: Results) -> None:
        """Set the domain's fields from what the templates of :attr:`TEMPLATES` gave."""
        raise NotImplementedError

    def recall(self, last: State) -> None:
        """Set the domain's fields from what the entity last was; for those that remember."""

    # -- entity ---------------------------------------------------------------------------------------------------

    @property
    def object_id(self) -> str:
        """What the first entity id is made of."""
        wanted: str | None = self.config.get("default_entity_id")
        return wanted.partition(".")[2] if wanted else self.name or ""

    @property
    def is_optimistic(self) -> bool:
        """True when it takes its actions to have worked: no template says what it is, or it was told so."""
        return self.STATE not in self.config or self.config.get("optimistic", False)

    @property
    def remembers(self) -> bool:
        """True when it begins with what it last was: nothing else says so, or not before its block is triggered."""
        return self.is_triggered or self.is_optimistic

    def describe(self) -> None:
        """Say what it can do: what it was given actions for."""
        self.capabilities = self._known_capabilities = self._capability_attributes()
        self.supported_features = reduce(or_, (bits for key, bits in self.ACTIONS.items() if key in self.config), 0)

    def added(self) -> None:
        """Take up what it last was, if it has no way to know better."""
        last = self.last_state
        if last is None or last.state in (STATE_UNKNOWN, STATE_UNAVAILABLE):
            return
        if self.remembers:
            self.recall(last)
            self.extra_attributes = {
                name: last.attributes[name] for name in self._attribute_names() if name in last.attributes
            }
            self._describe_again()

    def removed(self) -> None:
        """Watch nothing any more and end its actions."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        for routine in self._routines.values():
            routine.stop()

    def enabled(self) -> None:
        """Render again."""
        self.follow()

    # -- results --------------------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Render for the first time, and from now on whenever something changes that the templates look at."""
        if self.is_triggered or self._watch is not None or not self.is_there:
            return
        self._variables = self._rendered_variables({"this": self._this()})
        joint = Joint(self._templates, self.entity_id, self._this, self.AS_TEXT)
        self._watch = TemplateWatch(
            self.workshop.states, self.workshop.home.clock, joint, self._variables, self._changed
        )
        self._take(self._watch.result, None)

    def update(self) -> None:
        """Render again, because somebody asks; one that is rendered when its block is triggered stays as it is."""
        if self._watch is not None:
            self._watch.refresh()

    def render(self, variables: Mapping[str, Any], context: Context) -> None:
        """Render with what a trigger of the block gave."""
        known = self._rendered_variables({**variables, "this": self._this()})
        if self._conditions is not None and not self._conditions(known):
            return
        self._variables = known
        self._take(rendered(self._templates, known, self.AS_TEXT), context)

    def place(self, key: str) -> str:
        """Return where ``key`` of it stands, as logs show it."""
        return located(key, position_of(self.config.raw, (key,)))

    def when(self, conditions: Condition) -> None:
        """Update only if ``conditions`` hold, too."""
        self._conditions = conditions

    def _changed(self, results: Any, _error: TemplateError | None, change: Change | None) -> None:
        if change is not None and change.entity_id == self.entity_id:
            self._own_changes += 1
            if self._own_changes > len(self._templates):
                _log.warning("template entity %s looks at itself and never settles; it stays as it is", self.entity_id)
                return
        else:
            self._own_changes = 0
        self._take(results, None if change is None else change.context)

    def _take(self, found: Results, context: Context | None) -> None:
        for name, error in found.errors.items():
            _log.error("template entity %s, %s: %s", self.entity_id, self.place(name), error)
        self.is_available = self._available(found)
        if self.is_available:
            shown = {attribute: str(found.get(key)) for key, attribute in _SHOWN.items() if key in found}
            self.extra_attributes = {**self._attributes(found), **shown}
            if self.STATE not in found.errors:
                self.apply(found)
                self._describe_again()
        self.write(context)

    def _describe_again(self) -> None:
        """Let the services know what a template has changed of what the entity can do: its limits, its options."""
        if self._capability_attributes() != self._known_capabilities:
            self.redescribe()

    def _available(self, found: Results) -> bool:
        if "availability" in self.config:
            return "availability" in found.errors or truthy(found.get("availability"))
        return not (found.errors if self.is_triggered else found.errors.keys() & {self.STATE})

    def _attributes(self, found: Results) -> dict[str, Any]:
        every = found.get("attributes")
        if isinstance(every, Mapping):
            return dict(every)
        return {  # one that failed is none
            key.removeprefix(_ATTRIBUTE): found.get(key)
            for key in (*found.values, *found.errors)
            if key.startswith(_ATTRIBUTE)
        }

    def _attribute_names(self) -> list[str]:
        attributes = self.config.get("attributes")
        return [*(attributes if isinstance(attributes, Mapping) else ()), *_SHOWN.values()]

    # -- templates ------------------------------------------------------------------------------------------------

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Yield every template that is rendered again and again, with its name."""
        config, dynamic_name = self.config, "{" in self.config.get("name", "")
        for key in ("availability", "icon", "picture", *(("name",) if dynamic_name else ()), *self.TEMPLATES):
            if key in config:
                yield key, config[key]
        attributes = config.get("attributes", NO_DATA)
        if isinstance(attributes, Mapping):
            yield from ((f"{_ATTRIBUTE}{name}", text) for name, text in attributes.items())
        else:
            yield "attributes", attributes

    def _first_name(self) -> str:
        """Return the name as it is now, which also makes the entity id."""
        text = self.config.get("name")
        if text is not None:
            try:
                return self.workshop.templates.compile(text).render_text()
            except TemplateError as error:
                _log.error("template entity %s: name: %s", text, error)
        return f"Template {self.SHORT or self.domain.replace('_', ' ').title()}"

    def _this(self) -> State:
        """Return its state, an unknown one before it has any."""
        state = self.workshop.home.states.get(self.entity_id)
        if state is not None:
            return state
        now = self.workshop.home.clock.now()
        return State(self.entity_id, STATE_UNKNOWN, NO_DATA, new_context(now), now, now, now)

    def _rendered_variables(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``given`` with the variables of the block and its own, each of which sees those before it."""
        known = dict(given)
        for name, value in {**self._block_variables, **self.config.get("variables", NO_DATA)}.items():
            try:
                known[name] = self.workshop.templates.compile_tree(value)(known)
            except TemplateError as error:
                where = located(f"variable {name}", position_of(self.config.raw, ("variables", name)))
                _log.error("template entity %s, %s: %s", self.entity_id or self.name, where, error)
        return known

    # -- actions --------------------------------------------------------------------------------------------------

    def told(self, template: str, **fields: Any) -> None:
        """Take ``fields`` for what they are now, unless the entity has ``template``, which says so itself."""
        if template not in self.config or self.config.get("optimistic", False):
            for name, value in fields.items():
                setattr(self, name, value)

    def act(
        self, key: str, variables: Mapping[str, Any] = NO_DATA, then: Callable[[], object] | None = None
    ) -> Awaitable[None] | None:
        """Run the actions under ``key``; return what ends with them if they have to wait.

        Args:
            key: of the configuration.
            variables: what the call said, for their templates.
            then: called when they have ended, to take what they were to lead to for what it is now; with it there need
                not be any actions.

        Raises:
            ServiceValidationError: there are no such actions.
        """
        if key not in self.config:
            if then is None:
                raise ServiceValidationError(f"{self.entity_id} has no actions under {key}")
            self._settle(then)
            return None
        context = self._cause or new_context(self.workshop.home.clock.now())
        known = self._rendered_variables({"this": self._this(), "context": context, **variables})
        run = self._routine(key).start(context, known)
        if run is not None and run.outcome is Outcome.RUNNING:
            return Stoppable(self._until_ended(run, then), run.stop)
        self._settle(then)
        return None

    async def _until_ended(self, run: Run, then: Callable[[], object] | None) -> None:
        await run.ended()
        self._settle(then)

    def _settle(self, then: Callable[[], object] | None) -> None:
        if then is not None:
            then()
            self.write()

    def _routine(self, key: str) -> Routine:
        routine = self._routines.get(key)
        if routine is None:
            routine = self._routines[key] = self.workshop.routine(
                f"{self.entity_id} ({key})", self.entity_id, self.config[key], key
            )
        return routine
