"""What somebody hostile writes, and how much of it one field takes."""

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><script>alert(2)</script>',
    "'><script>alert(3)</script>",
    "<img src=x onerror=alert(4)>",
    '"><img src=x onerror=alert(5)>',
    "<svg onload=alert(6)>",
    "<svg/onload=alert(7)//",
    "</title><script>alert(8)</script>",
    "</textarea><svg onload=alert(9)>",
    "</script><svg onload=alert(10)>",
    "<body onload=alert(11)>",
    "<iframe src=javascript:alert(12)>",
    "<a href=javascript:alert(13)>x</a>",
    "javascript:alert(14)",
    '" autofocus onfocus=alert(15) x="',
    "' autofocus onfocus=alert(16) x='",
    "<details open ontoggle=alert(17)>",
    "<input autofocus onfocus=alert(18)>",
    "<math><mi xlink:href=javascript:alert(19)>",
    "{{ 7*7 }}{% raw %}<b onclick=alert(20)>",
    "${alert(21)}`${alert(21)}`",
    "<style>@import 'javascript:alert(22)';</style>",
    "\\u003cscript\\u003ealert(23)\\u003c/script\\u003e",
    "&lt;script&gt;alert(24)&lt;/script&gt;",
    "<object data=data:text/html,<script>alert(25)</script>>",
)
FIRST = "javascript:"
"""What begins so does its harm only as the first of what a field holds."""
EVERYTHING = "".join(PAYLOADS)


def pack(most: int, had: int) -> tuple[str, int]:
    """The payloads from number `had` on that a field of `most` characters takes together, and up to which they go.

    One that is too long for the field is passed over: it is sent with everything else, which is refused in words.
    """
    words = ""
    for number, payload in enumerate(PAYLOADS[had:], had):
        if len(payload) > most:
            continue
        if words and (len(words) + len(payload) > most or payload.startswith(FIRST)):
            return words, number
        words += payload
    return words, len(PAYLOADS)
