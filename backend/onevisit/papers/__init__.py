"""Documents on paper: rendering, sealing, and the register of what was issued."""
