"""A frontend small enough for tests: its files, and the wheel that pip would fetch."""

import base64
import gzip
import hashlib
import zipfile
from pathlib import Path
from typing import Final

INDEX: Final = """<!DOCTYPE html><html><head><meta name="theme-color" content="{{ theme_color }}"></head><body>
<script>import("/frontend_latest/core.1a2b.js")</script>
<script src="/static/boot.js"></script>
<script>
{%- for extra_module in extra_modules -%}
import("{{ extra_module }}");
{%- endfor -%}
{%- for extra_script in extra_js_es5 -%}
load("{{ extra_script }}");
{%- endfor -%}
</script></body></html>"""
CODE: Final = b"export const answer = 42;\n" * 100
FILES: Final[dict[str, bytes]] = {
    "__init__.py": b"",
    "index.html": INDEX.encode(),
    "authorize.html": b"<script>login()</script>the frontend's log-in",
    "onboarding.html": b"not wanted",
    "service_worker.js": b"self.addEventListener('fetch', () => {});",
    "frontend_latest/core.1a2b.js": CODE,
    "frontend_latest/core.1a2b.js.gz": gzip.compress(CODE),
    "frontend_latest/core.1a2b.js.map": b"not wanted",
    "frontend_es5/core.9f.js": b"not wanted",
    "static/icons/favicon-192x192.png": b"PNG",
    "static/translations/en.json": b"{}",
    "static/fonts/roboto.woff2": b"font",
}


def make_wheel(
    folder: Path, version: str, files: dict[str, bytes] | None = None, *, listed: dict[str, str] | None = None
) -> Path:
    """Write a wheel of the frontend; ``listed`` are hashes to list in place of the right ones."""
    changed = listed or {}
    given = {f"hass_frontend/{name}": content for name, content in (FILES if files is None else files).items()}
    info = f"home_assistant_frontend-{version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: home-assistant-frontend\nVersion: {version}\nRequires-Python: >=9.9\n"
    given[f"{info}/METADATA"] = about.encode()
    given[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    rows = [f"{name},sha256={changed.get(name, _hash(content))},{len(content)}" for name, content in given.items()]
    given[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]).encode()
    wheel = folder / f"home_assistant_frontend-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in given.items():
            archive.writestr(name, content)
    return wheel


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
