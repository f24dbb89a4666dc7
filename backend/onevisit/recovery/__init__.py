"""Backup, restore, check: what the journal rests on, above every step because it looks at all of them."""
