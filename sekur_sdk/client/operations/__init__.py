"""The calls of the contract as pure functions, one module a domain: arguments in, an `Operation` out."""
