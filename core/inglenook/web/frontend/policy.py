"""What the pages of the frontend may load and run: a content security policy made for each page.

The scripts that stand in a page are named by their hashes, so that no other can be put into it. Styles in elements,
which the frontend makes by the thousand, are let through. Code made of text (``eval``) is for the cards that people
add: it is allowed once the home has resources or modules of its own, and not before.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_SCRIPT: Final = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_PAGE: Final = (
    "default-src 'self'; {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-src 'self' http: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
# Of scripts that become workers, and of pictures that are looked at alone.
FILE_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Of what people put into www: their pages may use what lies beside them.
LOCAL_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def page_policy(html: str, modules: Iterable[str] = ()) -> str:
    """Return the policy of the page ``html``; ``modules`` are the addresses of code that people added to it."""
    added = list(modules)
    sources = ["'self'", "'wasm-unsafe-eval'", *_hashes(html), *sorted({*map(_origin, added)} - {""})]
    if added:
        sources.append("'unsafe-eval'")
    return _PAGE.format(scripts=f"script-src {' '.join(sources)}")


def _hashes(html: str) -> list[str]:
    found = [match["code"] for match in _SCRIPT.finditer(html) if not re.search(r"\bsrc\s*=", match["attributes"])]
    digests = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in found]
    return [f"'sha256-{digest}'" for digest in dict.fromkeys(digests)]


def _origin(address: str) -> str:
    """Return the origin of an address on another host; nothing for a path on this one."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s;,']", parts.netloc):
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
