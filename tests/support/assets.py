"""What a page asks the site for beside itself: its sheets, scripts and pictures."""

import re

from backtolife.web.static_files import STATIC, unmarked

NAMED = re.compile(r'(?:href|src)="/static/([^"?#]+)')


def missing_files(page: str) -> list[str]:
    """The files of ours that `page` names and that are not there."""
    return [name for name in NAMED.findall(page) if not (STATIC / unmarked(name)).is_file()]
