"""Docstring examples are true, and everything public is documented."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import tenure as tn

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(tn.__path__, "tenure.")
    if not module.name.endswith(("_core", "__main__"))
)


@pytest.mark.parametrize("name", ["tenure", *MODULES])
def test_examples_print_what_they_say(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_every_question_to_a_book_has_an_example():
    questions = [
        name for name, _ in inspect.getmembers(tn.Book, inspect.isfunction) if not name.startswith("_")
    ]
    assert len(questions) >= 8
    assert [name for name in questions if ">>>" not in (getattr(tn.Book, name).__doc__ or "")] == []


def test_public_names_exist_and_are_documented():
    assert dir(tn) == sorted(tn.__all__)
    for name in tn.__all__:
        value = getattr(tn, name)
        assert name == "__version__" or value.__doc__


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'Boook'"):
        tn.Boook  # noqa: B018
