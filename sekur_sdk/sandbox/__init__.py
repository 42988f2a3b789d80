"""A local SEKUR server that implements the contract for real: HTTP, server-sent events and MQTT over one SQLite store.

Needs the extra `sandbox` (`pip install 'sekur-sdk[sandbox]'`).
"""
