"""What wearables send: read, taken once, committed, receipted."""
