"""Real daemons for the tests: mosquitto, gpsd and the receiver that feeds it.

Nothing here stands for a daemon; each class starts the program that a site or a wearable runs, on a free port of 127.0.0.1,
and can end, freeze and restart it. Tests reach them through the fixtures of ``tests/conftest.py``.
"""
