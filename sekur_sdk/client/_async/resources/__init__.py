"""The client's namespaces, one module a domain: a method builds an operation and returns its typed answer."""
