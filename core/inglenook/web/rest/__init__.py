"""The client API over HTTP: one module a family of routes, each route with its permission beside it."""
