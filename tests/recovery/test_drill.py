"""Lost at any moment, is the server the same again, with every verdict that was shown? (sync.md 9: R1)"""

import random

from tests.recovery.conftest import Place
from tests.recovery.drilled import Watcher, brought_back, walked, watching


def test_lost_at_random_points_the_server_comes_back_the_same(place: Place) -> None:
    backup = place.backup()
    watcher = Watcher(place.journal, random.Random(6), share=0.04)
    with watching(watcher):
        walked(place.clients, journeys=1)
    assert len(watcher.points) >= 2
    for at, point in enumerate(watcher.points[-3:]):
        lost = place.folder / "lost"
        state, shown, _ = brought_back(point, place.journal, backup.folder, place.fresh(f"drill{at}"), lost)
        assert state == point.state
        assert shown == point.shown
