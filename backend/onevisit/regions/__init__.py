"""Where: regions, the rules of their notices, the calendar."""
