"""Home Assistant's web frontend on this home: which versions are installed, their files, the pages that load them."""
