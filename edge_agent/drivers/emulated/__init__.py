"""Emulated chips: registers, FIFO and timing of the silicon, fed by a recording or a simulated wearer."""
