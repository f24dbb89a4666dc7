"""Deterministic simulation of the shipped phone and server under faults (sync.md 9)."""
