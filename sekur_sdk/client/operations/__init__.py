"""Calls that no resource states: the service's own, files and the event stream. Arguments in, an `Operation` out."""
