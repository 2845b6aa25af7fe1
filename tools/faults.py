"""What the tests of faults share: the command, and results directories compared."""
import filecmp
import json
import os
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
binary = os.environ.get("SNNSIM_BINARY", str(root / ".build/release/snnsim"))


def results(directory):
    """The names of all results files."""
    files = [f for f in directory.rglob("*") if f.is_file() and f.name not in ("manifest.json", "net.json")]
    return {str(f.relative_to(directory)) for f in files if f.relative_to(directory).parts[0] not in ("checkpoints", "unfinished")}


def is_same(a, b):
    """Whether two files hold the same; of metrics, all but the seconds that epochs took."""
    if a.name != "metrics.jsonl":
        return filecmp.cmp(a, b, shallow=False)
    return re.sub(r', "seconds": [^,}]+', "", a.read_text()) == re.sub(r', "seconds": [^,}]+', "", b.read_text())


def difference(directory, whole):
    """In what the results differ from those of the undisturbed run; empty when in nothing."""
    if results(directory) != results(whole):
        return f"other files: {results(directory) ^ results(whole)}"
    return ", ".join(name for name in sorted(results(whole)) if not is_same(directory / name, whole / name))


def undisturbed(network, directory, more):
    """Runs a network into a directory; what `--json` says."""
    done = subprocess.run(
        [binary, "run", network, "--json", "--output", str(directory), *more], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)
