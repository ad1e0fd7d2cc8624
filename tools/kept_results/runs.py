"""The runs that are kept, in the order of the trust figures: what each must reach, and how it is run."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One run. `tests` go to pytest; `module` is run as it is and its output kept whole. `about` is the folder its text
    is kept in."""

    name: str
    about: str
    title: str
    reach: str
    tests: Sequence[str] = ()
    module: str = ""

    @property
    def text(self) -> str:
        """The path of the run's text, from the folder of all of them."""
        return f"{self.about}/{self.name}.txt"


RUNS = (
    Run(
        "payloads",
        "attacks",
        "25 payloads in every field of every form as every role, in a real browser",
        "0 dialogs, 0 reports of the content policy; none of it in logs, metrics, addresses, subjects, temporary files",
        tests=["tests/soak/payloads"],
    ),
    Run(
        "sqlmap",
        "attacks",
        "sqlmap at every list, search, door and record's address",
        "nothing is open; in a page made to be open it finds the way",
        tests=["tests/soak/test_sqlmap.py"],
    ),
    Run(
        "schemathesis",
        "attacks",
        "schemathesis over the HTTP API, right and wrong requests made from its description",
        "every answer is as the description says, none an error of ours",
        tests=["tests/soak/test_api_description.py"],
    ),
    Run(
        "bandit",
        "attacks",
        "bandit over all that is shipped",
        "no finding without a reason",
        tests=["tests/soak/test_bandit.py"],
    ),
    Run(
        "kills",
        "keeping",
        "500 answers sent while the web process is killed 20 times, on both databases",
        "0 acknowledged answers lost or doubled",
        tests=["tests/soak/test_answers_kills.py"],
    ),
    Run(
        "power-cuts",
        "keeping",
        "answers saved while the power goes 50 times",
        "0 acknowledged answers lost or doubled",
        tests=["tests/soak/test_answers_power_cuts.py"],
    ),
    Run(
        "access",
        "attacks",
        "the access matrix: every route, every event, every role, this service and another",
        "0 cells undecided, 0 leaking, 0 refusals without a row in the audit log",
        tests=["tests/access"],
    ),
    Run(
        "words-outside",
        "attacks",
        "personal and clinical words outside the database, failures included",
        "0 in logs, metrics, subjects and what other processes are given; the run named payloads looks there too",
        tests=[
            "tests/edge/test_logs.py",
            "tests/edge/test_edge.py",
            "tests/processes/test_child_env.py",
            "tests/outcomes/safety/test_task_messages.py",
            "tests/web/blocked",
            "tests/database/test_closed.py",
        ],
    ),
    Run(
        "restore-drill",
        "keeping",
        "the restore drill, on both databases",
        "at most 5 minutes lost, back within 30, the audit chain whole",
        tests=["tests/soak/test_restore_drill.py", "tests/keeping/test_drill.py"],
    ),
    Run(
        "units",
        "keeping",
        "systemd's own checks of the units",
        "verify finds nothing, exposure at most 3.0",
        tests=["tests/deploy/test_units.py"],
    ),
    Run(
        "image",
        "keeping",
        "the container image: built, its three processes started and walked through",
        "serves",
        tests=["tests/soak/operating/test_image.py"],
    ),
    Run(
        "switched-off",
        "keeping",
        "each hazard's control switched off once",
        "its test passes with the control and fails without",
        module="tools.switch_off",
    ),
    Run(
        "known-address",
        "attacks",
        "the time of one answer at every door that takes an address",
        "one look tells at most 55 of 100",
        module="benchmarks.security.known_address",
    ),
    Run(
        "saves-beside-passwords",
        "attacks",
        "patients' answers while 90 passwords are tried",
        "p95 at most twice the quiet one, 0 refused",
        module="benchmarks.security.saves_beside_passwords",
    ),
    Run(
        "crowded-proxy",
        "attacks",
        "a seated patient and a newcomer beside 700 idle and half-open connections",
        "both are served",
        module="benchmarks.security.crowded_proxy",
    ),
    Run(
        "large-bodies",
        "attacks",
        "bodies past 1 MB at public doors",
        "refused unread, memory at most + 20 MB",
        module="benchmarks.security.large_bodies",
    ),
    Run(
        "cut-off",
        "attacks",
        "how soon somebody is out of pages, sockets, media and the API",
        "at most 5 seconds",
        module="benchmarks.security.cut_off",
    ),
)
