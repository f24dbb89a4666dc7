"""Who signs in, on which device."""
