"""The device protocol: frames to typed messages and back, without I/O."""
