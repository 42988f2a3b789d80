"""Drivers of what the wearable is made of; one module a chip or service."""
