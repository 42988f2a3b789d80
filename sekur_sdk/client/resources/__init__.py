"""The calls of each domain, stated once for both shells."""
