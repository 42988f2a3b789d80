"""The clients that ``benchmarks.sdk`` measures, one module each, and what runs them.

A ``client_*`` module is loaded by the interpreter of its client's own environment, where nothing else is installed: it needs the standard
library alone until one of its functions is called. The module says

``NAME``, ``REQUIREMENTS``
    how the table calls it, and what is installed for it;
``PACKAGES``
    its import packages, the typed one first;
``MAKE``
    statements that import it and make a client of ``{url}``;
``COLD``
    a whole script that fetches one record from ``{url}`` and reads it;
``ANSWERS``
    what the server answers to its requests, by path.

Its functions ``calls(url)`` and ``async_calls(url)`` make a call of one GET, ``page(count)`` an answer with so many records and
``page_reader(body)`` a call that reads it; each is None where the client has no such thing.
"""
