"""Webhooks on their way: signed, sent to where they may go, tried again."""
