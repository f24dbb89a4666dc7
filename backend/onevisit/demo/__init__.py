"""What is there to see on a fresh machine? 贵南县 with its real plan of 2023 and made-up subjects and people."""

from onevisit.demo.load import PASSWORD, Loaded, load
from onevisit.demo.tour import say_what_to_try

__all__ = ["PASSWORD", "Loaded", "load", "say_what_to_try"]
