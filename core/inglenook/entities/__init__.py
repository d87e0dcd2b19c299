"""Entity domains: what their services accept and what their entities show."""
