"""A template that somebody tries out: what it gives in this home, or what is wrong with it and where."""

import re
from typing import Any, Final

from inglenook.errors import TemplateError
from inglenook.templates import Templates

_QUOTED: Final = re.compile(r"'([^']+)'")
_BEGIN: Final = re.compile(r"\{[{%#]")


def try_template(templates: Templates, text: str) -> dict[str, Any]:
    """Return ``result`` (its text, None when it fails), ``warnings`` and ``error``.

    ``error`` is None, or has ``line`` and ``column``, both from 1, and ``message``.
    """
    found: dict[str, Any] = {"result": None, "warnings": [], "error": None}
    with templates.listening() as problems:
        try:
            found["result"] = templates.compile(text).render_text()
        except TemplateError as error:
            line = error.line or 1
            message = error.problem or str(error)
            found["error"] = {"line": line, "column": _column(text, line, message), "message": message}
    found["warnings"] = list(dict.fromkeys(problems))
    return found


def _column(text: str, line: int, message: str) -> int:
    """Return where a fault stands in its line: at a name that the message quotes, else where a template begins."""
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    for name in _QUOTED.findall(message):
        if found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", written):
            return found.start() + 1
    begin = _BEGIN.search(written)
    return begin.start() + 1 if begin else len(written) - len(written.lstrip()) + 1
