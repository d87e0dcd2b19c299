"""The aiohttp application: the devices' socket and what else is spoken over HTTP."""
