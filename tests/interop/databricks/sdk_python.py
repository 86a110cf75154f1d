"""Does as the Python SDK does (credentials_provider.py of v0.133.0), and tells what it concludes.

The only argument is an SdkSetup, of sdk_caller.ts, as JSON; the answer is an SdkOutcome.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
from datetime import datetime

LEAST_SIZE = 1024 * 1024


class NotConfigured(Exception):
    """The SDK tries other ways of authentication."""


def find(setup):
    """A configured path is used unchanged. A link on PATH is resolved."""
    name = setup.get("cliPath") or "databricks"
    if "/" in name:
        return name
    why = "Most likely the Databricks CLI is not installed"
    for directory in os.environ.get("PATH", "").split(os.pathsep):
        path = pathlib.Path(directory, name).resolve()
        if not path.is_file():
            continue
        if path.stat().st_size >= LEAST_SIZE:
            return str(path)
        why = "Databricks CLI version <0.100.0 detected"
    raise NotConfigured(why)


def probe(cli, setup):
    """The version, or zeros if it is not printed in time."""
    command = [cli, "version", "--output", "json"]
    try:
        limit = setup.get("probeLimit", 5000) / 1000
        done = subprocess.run(command, capture_output=True, timeout=limit, check=True)
        told = json.loads(done.stdout)
        parts = [told[key] for key in ("Major", "Minor", "Patch")]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return (0, 0, 0)
    if not all(isinstance(part, int) and not isinstance(part, bool) for part in parts):
        return (0, 0, 0)
    return tuple(parts)


def words(setup, version):
    if setup.get("profile") and version >= (0, 207, 1):
        asked = ["auth", "token", "--profile", setup["profile"]]
    elif setup.get("host"):
        asked = ["auth", "token", "--host", setup["host"]]
        if setup.get("accountId"):
            asked += ["--account-id", setup["accountId"]]
    else:
        raise ValueError("neither profile nor host is set")
    return asked + (["--force-refresh"] if version >= (0, 296, 0) else [])


def expiry(text):
    """In the time zone of the program, even if the text has an offset."""
    text = text.rstrip("Z").split(".")[0]
    last = None
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, form)
        except ValueError as error:
            last = error
    raise ValueError(f"cannot unmarshal CLI result: {last}")


def check_scopes(token, setup):
    """If scopes are configured, a token with a scope claim must have the same scopes."""
    parts = token.split(".")
    if not setup.get("scopes") or len(parts) != 3:
        return
    padded = parts[1] + "=" * (-len(parts[1]) % 4)
    told = json.loads(base64.urlsafe_b64decode(padded)).get("scope")
    ignored = {"offline_access"}
    if not isinstance(told, str):
        return
    if set(told.split()) - ignored != set(setup["scopes"]["names"]) - ignored:
        why = f"Token issued by Databricks CLI has scopes {told}"
        raise ValueError(why) if setup.get("isForced") else NotConfigured(why)


def ask(setup):
    cli = find(setup)
    command = [cli, *words(setup, probe(cli, setup))]
    limit = setup.get("patience", 60000) / 1000
    done = subprocess.run(command, capture_output=True, timeout=limit, check=False)
    stdout, stderr = done.stdout.decode(), done.stderr.decode()
    if done.returncode != 0:
        why = f"cannot get access token: {stdout}\n{stderr}".strip()
        raise NotConfigured(why) if "databricks OAuth is not" in why else OSError(why)
    try:
        answer = json.loads(stdout)
    except ValueError as error:
        raise ValueError(f"cannot unmarshal CLI result: {error}") from error
    token, _, end = (answer[key] for key in ("access_token", "token_type", "expiry"))
    ends = expiry(end)
    check_scopes(token, setup)
    seconds = ends.timestamp()
    return {"kind": "token", "token": token, "expiresAt": seconds * 1000, "argv": command}


def conclude(setup):
    try:
        return ask(setup)
    except subprocess.TimeoutExpired:
        return {"kind": "hung"}
    except NotConfigured as error:
        return {"kind": "next", "why": str(error)}
    except (OSError, ValueError, KeyError) as error:
        return {"kind": "error", "why": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    print(json.dumps(conclude(json.loads(sys.argv[1]))))
