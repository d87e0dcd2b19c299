"""The aiohttp application: the devices' socket and what else is spoken over HTTP."""

from inglenook.web.app import Server, make_app, serve

__all__ = ["Server", "make_app", "serve"]
