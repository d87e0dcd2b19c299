"""The commands of clients: one module a family; each command's schema and permission stand beside it."""
