"""Put the parts of a home together, run it until told to stop, and take it down in reverse."""
