"""Rules: automations in Home Assistant's dialect, validated, compiled and indexed."""
