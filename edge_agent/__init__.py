"""The program on the wearable: detects falls, raises alarms, and gets them through."""
