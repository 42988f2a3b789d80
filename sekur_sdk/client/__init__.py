"""The client of the contract over HTTP: operations without I/O, one transport, an asynchronous shell and the synchronous one made from it."""
