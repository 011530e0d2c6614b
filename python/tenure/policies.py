"""Policies as the command line writes them: ``stripe``, ``stripe,past_due=excluded`` or a file."""

from __future__ import annotations

from pathlib import Path

from .errors import OptionError
from .policy import Policy
from .settings import present


def policy_of(text: str) -> Policy:
    """Return one policy.

    Raises
    ------
    tenure.Error
        ``E_POLICY``, ``E_POLICY_OPTION``, ``E_POLICY_VALUE`` with the nearest known name, ``E_USAGE`` for
        more than one policy, ``E_IO_OPEN`` for a file that is not there.
    """
    found = policies_of(text)
    if len(found) != 1:
        raise OptionError(
            f"policy: {text!r} names {len(found)} policies; give one", code="E_USAGE", value=text
        )
    return found[0]


def pair_of(text: str) -> tuple[Policy, Policy]:
    """Return the two policies of a comparison; ``E_USAGE`` for any other number."""
    found = policies_of(text)
    if len(found) != 2:
        raise OptionError(
            f"policies: {text!r} names {len(found)}; two are compared, as in --policies stripe,chartmogul",
            code="E_USAGE",
            value=text,
        )
    return found[0], found[1]


def policies_of(text: str) -> list[Policy]:
    """Return the policies of a list; ``option=value`` belongs to the policy before it."""
    named: list[tuple[str, dict[str, str]]] = []
    for part in filter(None, map(str.strip, text.split(","))):
        option, assigned, value = (word.strip() for word in part.partition("="))
        if not assigned:
            named.append((part, {}))
        elif named:
            named[-1][1][option] = value
        else:
            named.append(("standard", {option: value}))
    return [_policy(name, options) for name, options in named]


def _policy(name: str, options: dict[str, str]) -> Policy:
    path = Path(name)
    if path.suffix.lower() not in (".toml", ".json"):
        return Policy(name, **options)
    read = Policy.from_toml if path.suffix.lower() == ".toml" else Policy.from_json
    held = read(present(path).read_text("utf-8"))
    return Policy(**{**held.options(), **options}) if options else held
