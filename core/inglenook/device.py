"""The device's side of the socket: an asyncio client with reconnect, resume and a queue."""
