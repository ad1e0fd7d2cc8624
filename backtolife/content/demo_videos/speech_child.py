"""Speaks sentences with the espeak-ng library of the espeakng-loader wheel, in a process of its own.

The library ends the whole process when it cannot find its data, so it is kept away from ours. Run as
`python -m backtolife.content.demo_videos.speech_child FOLDER WORDS_A_MINUTE` with a JSON list of sentences on standard
input; it writes FOLDER/00000.wav and so on.
"""

import ctypes
import json
import sys
import wave
from pathlib import Path
from typing import Any

SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples only reach our callback
RATE = 1  # espeakRATE
CHARACTERS = 1  # POS_CHARACTER
UTF8 = 1  # espeakCHARS_UTF8
VOICES = (b"en-gb", b"en")

CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def open_library() -> tuple[Any, int]:
    """The library, ready to speak, and its samples a second."""
    import espeakng_loader  # noqa: PLC0415 - in the optional extra

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_SetParameter.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int]
    library.espeak_SetSynthCallback.argtypes = [CALLBACK]
    library.espeak_SetSynthCallback.restype = None
    library.espeak_Synth.argtypes = [
        *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int),
        *(ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p),
    ]
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0:
        sys.exit("espeak-ng did not start")
    return library, rate


def speak(sentences: list[str], folder: Path, words_a_minute: int) -> None:
    """Write one WAV file (mono, 16 bits) for each sentence."""
    library, rate = open_library()
    heard = bytearray()

    def listen(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            heard.extend(ctypes.string_at(samples, count * 2))
        return 0

    callback = CALLBACK(listen)
    library.espeak_SetSynthCallback(callback)
    if all(library.espeak_SetVoiceByName(voice) for voice in VOICES):
        sys.exit("espeak-ng has no English voice")
    library.espeak_SetParameter(RATE, words_a_minute, 0)
    for number, sentence in enumerate(sentences):
        heard.clear()
        text = sentence.encode() + b"\0"
        if library.espeak_Synth(text, len(text), 0, CHARACTERS, 0, UTF8, None, None):
            sys.exit("espeak-ng could not speak")
        library.espeak_Synchronize()
        with wave.open(str(folder / f"{number:05d}.wav"), "wb") as out:
            out.setparams((1, 2, rate, 0, "NONE", ""))
            out.writeframes(bytes(heard))
    library.espeak_Terminate()


if __name__ == "__main__":
    speak(json.load(sys.stdin), Path(sys.argv[1]), int(sys.argv[2]))
