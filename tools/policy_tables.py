"""Write the tables of docs/policies.md anew, from the policies; `--check` only says if one is stale."""

import re
import sys
from pathlib import Path

from tenure import Error, Policy

PAGE = Path(__file__).resolve().parent.parent / "docs" / "policies.md"
TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def presets() -> list[str]:
    """Every preset with what it changes."""
    lines = ["| preset | changes |", "|---|---|"]
    for name in Policy.presets():
        changed = Policy(name).differences()
        shown = ", ".join(f"`{option}={value}`" for option, (value, _) in changed.items())
        lines.append(f"| `{name}` | {shown or 'nothing'} |")
    return lines


def values(option: str) -> list[str]:
    """The values of an option in words, with the presets that have them."""
    users: dict[str, list[str]] = {}
    for preset in Policy.presets():
        users.setdefault(Policy(preset).options()[option], []).append(f"`{preset}`")
    known = Policy.known_values(option)
    lines = ["| value | what it does | presets |", "|---|---|---|"]
    for value in [*known, *(other for other in users if other not in known)]:
        usual = value == known[0]
        who = "all others" if usual else ", ".join(users.get(value, []))
        lines.append(f"| `{value}`{' (default)' if usual else ''} | {words(option, value)} | {who} |")
    return lines


def words(option: str, value: str) -> str:
    """What a value does."""
    # A value may exclude the default of another option: the first policy that takes it says what it does.
    for preset in Policy.presets():
        try:
            policy = Policy(preset, **{option: value})
        except Error:
            continue
        return next(choice.words for choice in policy.choices() if choice.option == option)
    raise SystemExit(f"{option}={value}: no preset takes it")


def renewed(page: str) -> str:
    """The page with its tables written anew; every option must have one."""
    options = list(Policy().options())
    missing = sorted({"presets", *options} ^ {match[2] for match in TABLE.finditer(page)})
    if missing:
        raise SystemExit(f"{PAGE.name}: tables and options do not match: {', '.join(missing)}")

    def table(match: re.Match[str]) -> str:
        lines = presets() if match[2] == "presets" else values(match[2])
        return "\n".join([match[1] + lines[0], *lines[1:], match[3]])

    return TABLE.sub(table, page)


def main() -> int:
    """Write the tables, or say whether one is stale."""
    held = PAGE.read_text("utf-8")
    made = renewed(held)
    if made == held:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.name} is stale: run tools/policy_tables.py")
        return 1
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
