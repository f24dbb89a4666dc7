"""Each department answers for its own part: accept it, or send an item back with a reason."""
