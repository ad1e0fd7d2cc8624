"""Take the pictures of every page into docs/pictures, named as the mock-ups are.

    python -m tools.take_pictures [NAME …]

Starts the demo on ports of its own, with data of its own, and walks it in Chromium as the people of the demo.
"""

import sys

from tests.journeys.pictures import take

if __name__ == "__main__":
    take(sys.argv[1:])
