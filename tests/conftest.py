"""What all tests share."""

from hypothesis import settings

settings.register_profile("house", deadline=None)  # timings are never asserted
settings.load_profile("house")
