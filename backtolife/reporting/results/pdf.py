"""A report's page as PDF, made in a process of its own: laying pages out takes seconds, and rooms must not wait for it.

`python -m backtolife.reporting.results.pdf` reads the page and writes the file.
"""

import os
import subprocess
import sys
import threading

import structlog

from backtolife.errors import BacktolifeError
from backtolife.processes.child_env import child_env
from backtolife.reporting.analysis.basics.refusals import NotInstalled

log = structlog.get_logger(__name__)
NO_PDF = (
    "This computer cannot write PDF files yet. Ask whoever runs it to install the extra “pdf” "
    "(pip install 'backtolife[pdf]') and Pango (apt-get install libpango-1.0-0 libpangoft2-1.0-0). "
    "Until then, open the report and print it."
)
COMMAND = (sys.executable, "-m", "backtolife.reporting.results.pdf")
GIVES_WAY = 10
"""By how much the process is nicer than the site's own."""
NOT_INSTALLED = 3
LONGEST_SECONDS = 120.0
WAIT_SECONDS = 30.0
_one_at_a_time = threading.Lock()


class PdfBusy(BacktolifeError):
    """The file cannot be made at this moment: others have theirs made, or making it failed."""

    status = 503


def printed(page: str) -> bytes:
    """The page as PDF. One is made at a time.

    Raises NotInstalled without the extra or its libraries, PdfBusy when too many wait, it takes too long or fails.
    """
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise PdfBusy("Other reports are being made just now. Please wait a minute, then try again.")
    try:
        made = subprocess.run(
            COMMAND, input=page.encode(), capture_output=True, env=child_env(), timeout=LONGEST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise PdfBusy("This report took too long to make. Please try again, or open it and print it.") from None
    finally:
        _one_at_a_time.release()
    if made.returncode == NOT_INSTALLED:
        raise NotInstalled(NO_PDF)
    if made.returncode:
        log.error("pdf_not_made", code=made.returncode)
        raise PdfBusy("This report could not be made. Please try again, or open it and print it.")
    return made.stdout


def pdf_of(page: str) -> bytes:
    """The page as PDF, tagged so that a screen reader finds headings and tables (PDF/UA), in this process.

    Raises NotInstalled without the extra or its libraries.
    """
    try:
        import weasyprint  # noqa: PLC0415 - heavy, and in an extra
    except (ImportError, OSError) as missing:
        raise NotInstalled(NO_PDF) from missing
    # What a page shows is in it: nothing is fetched from anywhere.
    inside = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
    return bytes(weasyprint.HTML(string=page, url_fetcher=inside).write_pdf(pdf_variant="pdf/ua-1"))


def main() -> int:
    """0 when the file was written, 3 without the extra."""
    os.nice(GIVES_WAY)
    try:
        sys.stdout.buffer.write(pdf_of(sys.stdin.buffer.read().decode()))
    except NotInstalled:
        return NOT_INSTALLED
    return 0


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    # At once: while Python takes itself down, a thread of the libraries below now and then runs code that is gone (a
    # segfault), and a file that was whole would be refused.
    os._exit(ended)
