"""Exports: all tables as SQL and all files, in a ZIP (reversibility, SEKUR terms art. 21)."""
