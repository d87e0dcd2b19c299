"""What reaches outside the house: programs that are run, and requests over HTTP.

``command_line``, ``rest``, ``rest_command`` and ``shell_command`` are the keys of the configuration that bear their
names, by the doors that any plugin has; the other modules hold what they share.
"""
