# Made from client/_async by tools/generate_sync.py: change it there.
"""The synchronous shell, made from the asynchronous one."""
