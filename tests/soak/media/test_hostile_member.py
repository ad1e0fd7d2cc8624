"""One admitted member attacks: the others hear and see on, and the engine does not work for the attacker."""

import pytest

from benchmarks.media.hostile import ATTACKS, LOOPS, Attack, tried


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_others_do_not_notice_a_hostile_member(loop: str, attack: Attack) -> None:
    assert tried(loop, attack) == []
