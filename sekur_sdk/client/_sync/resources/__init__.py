# Made from client/_async by tools/generate_sync.py: change it there.
"""The client's namespaces, one module a domain: a method builds an operation and returns its typed answer."""
