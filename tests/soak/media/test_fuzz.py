"""The readers of the media engine under atheris, which looks for bytes that take new ways through the code.

atheris is for this alone and large: it is installed into a folder of the cache, not with the other packages.
"""

import os
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from backtolife.sessions.media.datapath.compiler import cache_dir
from tests.sessions.media.datapath.test_fuzz import CHECK, RTCP_PACKET, RTP_PACKET
from tests.sessions.media.sdp.test_apple_offers import NEW_SAFARI, OLD_IOS
from tests.sessions.media.sdp.test_offer import FIREFOX, OFFER
from tests.support.media.engine import KEY, SECRET
from tests.support.media.signals import join_request

ATHERIS = "atheris==3.0.0"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
"""For each reader."""
ROOT = Path(__file__).resolve().parents[2]
SEEDS = {
    "offer": [text.encode() for text in (OFFER, FIREFOX, NEW_SAFARI, OLD_IOS)],
    "rtp": [RTP_PACKET],
    "rtcp": [RTCP_PACKET],
    "stun": [CHECK],
    "join": [join_request().encode()],
    "token": [jwt.encode({"sub": "ana", "iss": KEY, "video": {"roomJoin": True, "room": "r"}}, SECRET).encode()],
}


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    folder = cache_dir() / ATHERIS.replace("==", "-")
    if not folder.exists():
        command = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder), ATHERIS)
        subprocess.run(command, check=True)
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder)))}


@pytest.mark.timeout(SECONDS * 3 + 120)
@pytest.mark.parametrize("reader", SEEDS)
def test_no_bytes_are_answered_with_anything_but_a_named_refusal(
    reader: str, environment: dict[str, str], tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number, data in enumerate(SEEDS[reader]):
        (seeds / str(number)).write_bytes(data)
    command = [sys.executable, str(Path(__file__).with_name("fuzz_media.py")), reader, str(seeds)]
    command += [f"-max_total_time={SECONDS}", "-max_len=20000", "-print_final_stats=1"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    print(done.stderr[-600:])  # noqa: T201 - how many it tried is what a soak is for
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.mark.timeout(SECONDS * 3 + 120)
def test_no_datagram_makes_the_compiled_loop_touch_what_is_not_its_own(tmp_path: Path) -> None:
    program, media = tmp_path / "hostile", ROOT / "backtolife/sessions/media/datapath"
    sources = [str(media / "hot.c"), str(media / "hot_intake.c"), str(Path(__file__).with_name("hostile.c"))]
    sanitizers = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    subprocess.run(("cc", "-O1", "-g", *sanitizers, f"-I{media}", "-o", str(program), *sources), check=True)
    seed = str(int.from_bytes(os.urandom(2), "big"))
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run((program, seed, str(SECONDS)), env=environment, capture_output=True, text=True, check=False)
    print(f"seed {seed}: {done.stdout}")  # noqa: T201 - how many it tried is what a soak is for
    assert done.returncode == 0, done.stderr[-4000:]
