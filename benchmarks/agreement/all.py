"""All figures of docs/agreement.md with one command:

    python benchmarks/agreement/all.py EXAM_FOLDER SHORT.jsonl[,SHORT.jsonl…] CALIBRATED.jsonl [OBVIOUS.py]

See exam_answers.py, short_answers.py and science.py for what each of them reads and prints.
"""

import subprocess
import sys
from pathlib import Path


def main(exam: str, short: str, calibrated: str, *obvious: str) -> None:
    runs = {"exam_answers": [exam, *obvious], "short_answers": short.split(","), "science": [calibrated]}
    for name, arguments in runs.items():
        print(f"\n{name}", flush=True)
        subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py")), *arguments], check=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        raise SystemExit((__doc__ or "").strip())
    main(*sys.argv[1:])
