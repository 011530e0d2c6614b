"""Every choice behind a number, by name."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import _core
from .errors import OptionError

_PRESET = "preset"


class Choice(NamedTuple):
    """One option of a policy in words: what it decides, what its value does, whether standard has it too."""

    option: str
    value: str
    about: str
    words: str
    standard: bool


class Policy:
    """A definition: a preset by name, and options changed by keyword.

    Parameters
    ----------
    preset
        Whose definition: ``standard``, ``chartmogul``, ``stripe``, ...; `presets` lists them.
    **options
        Any of `options`, as text or number, such as ``past_due="churn_after_30_days"`` or ``gap_days=30``;
        `known_values` lists the values that are met in the wild, `explain` says what each does. Interval
        factors are intervals in a month: ``"52/12"``, ``4`` or ``4.33``.

    Raises
    ------
    OptionError
        ``E_POLICY``, ``E_POLICY_OPTION`` or ``E_POLICY_VALUE``, with the nearest known name;
        ``E_POLICY_PAIR`` for two values that exclude each other, with the reason.

    Notes
    -----
    Presets follow what the vendors publish about themselves; docs/policies.md names the pages.

    Examples
    --------
    >>> policy = Policy("standard", gap_days=30)
    >>> policy.name
    'standard, gap_days=30'
    >>> policy.options()["gap_days"]
    '30'
    >>> policy == Policy(gap_days="30")
    True
    >>> Policy("stripe").differences("standard")["churn_at"]
    ('request', 'effective_end')
    """

    __slots__ = ("_core", "_preset")

    def __init__(self, preset: str = "standard", **options: str | float) -> None:
        if not isinstance(preset, str):
            hint = 'Give a preset by name, Policy("stripe"), or use the policy as it is.'
            message = f"a policy is made of the name of a preset, not of {type(preset).__name__}"
            raise OptionError(message, code="E_POLICY", value=str(preset), hint=hint)
        self._core = _core.Policy(preset)
        self._preset = preset
        for option, value in options.items():
            self._core.set(option, str(value))
        self._core.check()

    @staticmethod
    def of(policy: str | Policy) -> Policy:
        """Return a policy as it is, and a preset for its name."""
        return policy if isinstance(policy, Policy) else Policy(policy)

    @staticmethod
    def presets() -> list[str]:
        """Names of the presets."""
        return _core.Policy.presets()

    @staticmethod
    def known_values(option: str) -> list[str]:
        """Values of an option that are met in the wild, the default first; numbers may be others too.

        Raises
        ------
        OptionError
            ``E_POLICY_OPTION``.

        Examples
        --------
        >>> Policy.known_values("tax")
        ['excluded', 'included']
        """
        return _core.Policy.known_values(option)

    @property
    def name(self) -> str:
        """The preset and what differs from it."""
        preset = _core.Policy(self._preset).options()
        changed = [f"{option}={value}" for option, value in self.options().items() if preset[option] != value]
        return ", ".join([self._preset, *changed])

    @property
    def digest(self) -> str:
        """16 hexadecimal digits: equal for equal options, on every machine."""
        return self._core.digest

    def options(self) -> dict[str, str]:
        """All options and their values as text, in a fixed order."""
        return dict(self._core.options())

    def choices(self) -> list[Choice]:
        """Every option in words.

        Examples
        --------
        >>> Policy().choices()[0].words
        'MRR comes from the prices agreed on'
        """
        return [Choice(*words) for words in self._core.explain()]

    def explain(self) -> str:
        r"""Say in plain words what the policy does, first where it differs from standard.

        Examples
        --------
        >>> print("\n".join(Policy(gap_days=30).explain().splitlines()[1:3]))
        Differs from standard:
          gap_days=30: a gap of up to 30 days is no churn (standard: every gap is churn)
        """
        usual = {choice.option: choice.words for choice in Policy().choices()}
        own = [
            f"  {option}={value}: {words} (standard: {usual[option]})"
            for option, value, _, words, standard in self.choices()
            if not standard
        ]
        shared = [
            f"  {option}={value}: {words}" for option, value, _, words, standard in self.choices() if standard
        ]
        parts = [f"{self.name} ({self.digest})"]
        parts += ["Differs from standard:", *own] if own else []
        parts += ["As in standard:", *shared] if shared else []
        return "\n".join(parts)

    def differences(self, other: str | Policy = "standard") -> dict[str, tuple[str, str]]:
        """Options that differ from another policy: the value here, the value there.

        Examples
        --------
        >>> Policy(tax="included").differences()
        {'tax': ('included', 'excluded')}
        """
        theirs = Policy.of(other).options()
        return {
            option: (value, theirs[option])
            for option, value in self.options().items()
            if value != theirs[option]
        }

    def _changed(self, **options: str) -> Policy:
        """Return the policy with some options changed."""
        return Policy(self._preset, **{**self.options(), **options})

    def to_json(self) -> str:
        """Write preset and options as a JSON object; all options, so that the text pins the definition.

        Examples
        --------
        >>> Policy.from_json(Policy("stripe").to_json()) == Policy("stripe")
        True
        """
        return json.dumps({_PRESET: self._preset, **self.options()}, indent=2)

    @staticmethod
    def from_json(text: str) -> Policy:
        """Read what `to_json` wrote, or fewer options: what is not named is as in the preset.

        Raises
        ------
        OptionError
            ``E_POLICY_TEXT`` if it is no JSON object; else as the constructor.

        Examples
        --------
        >>> Policy.from_json('{"preset": "stripe", "gap_days": 30}').name
        'stripe, gap_days=30'
        """
        try:
            return _from_mapping(json.loads(text))
        except json.JSONDecodeError as fault:
            raise _unreadable("JSON", fault) from fault

    def to_toml(self) -> str:
        """Write preset and options as TOML, one a line.

        Examples
        --------
        >>> Policy().to_toml().splitlines()[:2]
        ['preset = "standard"', 'mrr_source = "contract"']
        """
        lines = {_PRESET: self._preset, **self.options()}.items()
        # A JSON text is a TOML text too, as long as it holds no character that JSON leaves as it is and TOML
        # does not: names of options and their values are plain ASCII.
        return "".join(f"{option} = {json.dumps(value)}\n" for option, value in lines)

    @staticmethod
    def from_toml(text: str) -> Policy:
        """Read what `to_toml` wrote, or fewer options: what is not named is as in the preset.

        Raises
        ------
        OptionError
            ``E_POLICY_TEXT`` if it is no TOML; else as the constructor.

        Examples
        --------
        >>> Policy.from_toml('preset = "maxio"').name
        'maxio'
        """
        try:
            return _from_mapping(tomllib.loads(text))
        except tomllib.TOMLDecodeError as fault:
            raise _unreadable("TOML", fault) from fault

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Policy({self.name})"

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self._preset, self.options())


def _restored(preset: str, options: dict[str, str]) -> Policy:
    return Policy(preset, **options)


def _from_mapping(held: Any) -> Policy:
    if not isinstance(held, Mapping):
        hint = 'Write {"preset": "stripe", "gap_days": 30}.'
        message = f"a policy is an object of names and values, not {type(held).__name__}"
        raise OptionError(message, code="E_POLICY_TEXT", value=str(held)[:80], hint=hint)
    for option, value in held.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            message = f"{option}={value!r} is not a value of an option"
            hint = "Give a text or a number."
            raise OptionError(message, code="E_POLICY_VALUE", value=str(value)[:80], hint=hint)
    options = {option: value for option, value in held.items() if option != _PRESET}
    return Policy(str(held.get(_PRESET, "standard")), **options)


def _unreadable(kind: str, fault: ValueError) -> OptionError:
    hint = "Compare it with what Policy.to_json() and Policy.to_toml() write."
    return OptionError(f"the text is no {kind}: {fault}", code="E_POLICY_TEXT", hint=hint)
