"""The functions of the dialect, a module a subject; each offers its own to the library."""
