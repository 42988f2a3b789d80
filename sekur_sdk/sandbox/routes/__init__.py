"""The contract's routes, one module a domain."""
