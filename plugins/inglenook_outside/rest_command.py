"""``rest_command:``: services that send a request."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import voluptuous as vol

from inglenook import Home, PluginScope, ServiceCall, ServiceError, Templates, hookimpl
from inglenook.values import boolean, one_of, slug, string
from inglenook_outside.answers import json_in
from inglenook_outside.fetching import Answer, Fetcher, Request, Trust
from inglenook_outside.resource import login_keys, login_of, texts
from inglenook_outside.schemas import Config, Keys, Validator, template_of

DOMAIN: Final = "rest_command"
METHODS: Final = ("get", "patch", "post", "put", "delete")
_BAD: Final = 400


def keys(template: Validator) -> Keys:
    """Return the keys of one command."""
    return {
        vol.Required("url"): template,
        vol.Optional("method", default="get"): lambda value: one_of(*METHODS)(string(value).lower()),
        "headers": {string: template},
        "payload": template,
        "content_type": string,
        **login_keys(),
        vol.Optional("insecure_cipher", default=False): boolean,
        vol.Optional("skip_url_encoding", default=False): boolean,
    }


@hookimpl
def config_schema(home: Home) -> Any:
    """Return the settings: a request by the name of its service."""
    return vol.Schema({slug: vol.Schema(keys(template_of(home)))})


@hookimpl
def service_names(config: Mapping[str, Config]) -> Iterable[str]:
    """Return a service for each name."""
    return (f"{DOMAIN}.{name}" for name in config)


@hookimpl
def setup(home: Home, config: Mapping[str, Config], scope: PluginScope) -> None:
    """Offer the services."""
    fetcher, templates = Fetcher(scope), Templates(home)
    offered: set[str] = set()

    def bring(config: Mapping[str, Config]) -> None:
        for name in offered - config.keys():
            home.services.remove(DOMAIN, name)
        offered.clear()
        for name, settings in config.items():
            command = RestCommand(fetcher, templates, scope, settings)
            scope.register_service(DOMAIN, name, command, supports_response="optional", has_target=False)
            offered.add(name)

    bring(config)
    scope.on_reload(bring)


class RestCommand:
    """Sends one kind of request, with its templates filled in from the call.

    Args:
        fetcher: sends it.
        templates: compiles them.
        scope: of the plugin.
        config: validated, as of :func:`keys`.
    """

    def __init__(self, fetcher: Fetcher, templates: Templates, scope: PluginScope, config: Config) -> None:
        self._fetcher = fetcher
        self._scope = scope
        self._config = config
        self._url = templates.compile(config["url"])
        self._headers = templates.compile_tree(config.get("headers", {}))
        self._payload = templates.compile(config["payload"]) if "payload" in config else None
        self._login = login_of(config)
        self._trust = Trust(config["verify_ssl"], config["insecure_cipher"])

    async def __call__(self, call: ServiceCall) -> Mapping[str, Any] | None:
        """Send it; return content, status and headers of the answer if the caller wants them.

        Raises:
            ServiceError: no answer came, or one that is not what it says it is.
            TemplateError: a template fails.
        """
        answer = await self._fetcher.fetch(self._filled_in(call.data))
        if answer.status >= _BAD:
            name = f"{DOMAIN}.{call.service}"
            self._scope.log.warning("%s: %s answered with status %d", name, answer.place, answer.status)
        if not call.return_response:
            return None
        return {"content": _content(answer), "status": answer.status, "headers": dict(answer.headers)}

    def _filled_in(self, variables: Mapping[str, Any]) -> Request:
        headers = texts(self._headers(variables))
        if "content_type" in self._config:
            headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
            headers["Content-Type"] = self._config["content_type"]
        return Request(
            self._config["method"].upper(),
            self._url.render_text(variables),
            headers,
            body=self._payload.render_text(variables).encode() if self._payload is not None else None,
            login=self._login,
            trust=self._trust,
            timeout_s=self._config["timeout"],
            is_encoded=self._config["skip_url_encoding"],
        )


def _content(answer: Answer) -> Any:
    """Return JSON as what it says, anything else as text."""
    text = answer.text()
    if answer.content_type != "application/json":
        return text
    try:
        return json_in(text)
    except ValueError as error:
        raise ServiceError(f"{answer.place} answered as JSON what {error}") from error
